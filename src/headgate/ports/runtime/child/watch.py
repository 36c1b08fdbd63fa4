"""The parent's watch over what running works use: exact, for the whole tree of each, on Linux."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from headgate.ports.runtime import LimitHit, Limits
from headgate.ports.runtime.child.table import (
    Process,
    ProcessTable,
    proportional_memory,
    read_process,
)

PERIOD_SECONDS = 0.05
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Watched:
    keeper: int
    limits: Limits
    cpu_before: float
    breach: Callable[[LimitHit], object]


class LimitWatch:
    """Looks at all running works at once, every 50 ms, while any of them has a limit to watch."""

    def __init__(self) -> None:
        self.table = ProcessTable()
        self._watched: list[_Watched] = []
        self._next: asyncio.TimerHandle | None = None

    @contextmanager
    def over(
        self, keeper: int, *, worker: int, limits: Limits, breach: Callable[[LimitHit], object]
    ) -> Iterator[None]:
        """Call `breach` at every look that finds the tree below `keeper` over a limit."""
        if limits.memory_mb is None and limits.cpu_seconds is None:
            yield
            return
        before = sum(p.cpu_seconds for pid in (keeper, worker) if (p := read_process(pid)))
        watched = _Watched(keeper, limits, before, breach)
        self._watched.append(watched)
        if self._next is None:
            self._plan()
        try:
            yield
        finally:
            self._watched.remove(watched)
            if not self._watched and self._next is not None:
                self._next.cancel()
                self._next = None

    def _plan(self) -> None:
        self._next = asyncio.get_running_loop().call_later(PERIOD_SECONDS, self._look)

    def _look(self) -> None:
        self._plan()
        trees = self.table.trees()
        for watched in list(self._watched):
            tree = trees.get(watched.keeper, [])  # empty once its keeper has ended
            hit = _over_memory(watched, tree) or _over_cpu(watched, tree)
            if hit is not None:
                watched.breach(hit)


def cpu_hit(limit_seconds: float) -> LimitHit:
    return LimitHit("cpu", f"The work used more than {limit_seconds:g} seconds of CPU time.")


def _over_memory(watched: _Watched, tree: list[Process]) -> LimitHit | None:
    limit = watched.limits.memory_mb
    if limit is None:
        return None
    used = sum(process.memory_bytes for process in tree)
    if used > limit * MEBIBYTE and len(tree) > 1:
        # The twins of a fork share most pages, which the cheap sum counts once for each of them.
        used = sum(proportional_memory(process.pid) for process in tree)
    if used <= limit * MEBIBYTE:
        return None
    return LimitHit("memory", f"The work used {used // MEBIBYTE} MiB of memory, over {limit} MiB.")


def _over_cpu(watched: _Watched, tree: list[Process]) -> LimitHit | None:
    limit = watched.limits.cpu_seconds
    if limit is None:
        return None
    keeper = read_process(watched.keeper)  # holds the time of adopted processes that have ended
    used = sum(process.cpu_seconds for process in tree) + (keeper.cpu_seconds if keeper else 0.0)
    return cpu_hit(limit) if used - watched.cpu_before > limit else None
