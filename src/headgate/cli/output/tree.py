"""A tree in lines of text."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import TypeVar

Id = TypeVar("Id", bound=Hashable)


def branches(
    root: Id, *, below: Mapping[Id, Sequence[Id]], text: Callable[[Id], str]
) -> Iterator[str]:
    """Yield a line for `root` and for each one below it; every node has one place in `below`."""
    yield text(root)
    for number, child in enumerate(children := below.get(root, ()), start=1):
        last = number == len(children)
        first, *rest = branches(child, below=below, text=text)
        yield f"{'└─ ' if last else '├─ '}{first}"
        for line in rest:
            yield f"{'   ' if last else '│  '}{line}"
