"""Drawings are kept: the same deployed versions give the same one."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable

from headgate.core.dag.layout.model import Drawing, Sketch

_MOST = 64

Drawn = tuple[Sketch, Drawing]
"""All that there is, and what of it is drawn how."""


class Drawings:
    """The drawings that were asked for last, in this process."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Drawn] = OrderedDict()

    def find(self, key: Hashable) -> Drawn | None:
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    async def add(self, key: Hashable, make: Callable[[], Drawn]) -> Drawn:
        """Make a drawing, beside whatever else this process does, and keep it."""
        made = await asyncio.to_thread(make)
        self._kept[key] = made
        while len(self._kept) > _MOST:
            self._kept.popitem(last=False)
        return made
