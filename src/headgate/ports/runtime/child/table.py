"""Which processes descend from which, and what they use, by /proc; nothing where there is none."""

import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Process:
    """One process. `cpu_seconds` include those of its children that ended and were waited for."""

    pid: int
    parent: int
    zombie: bool
    cpu_seconds: float
    memory_bytes: int


def read_process(pid: int) -> Process | None:
    """Return what the process uses right now, None if there is no such process (any more)."""
    try:
        line = (_PROC / str(pid) / "stat").read_bytes()
    except OSError:
        return None
    # The second field, the name in parentheses, may itself hold spaces and parentheses.
    fields = line.rpartition(b")")[2].split()
    return Process(
        pid=pid,
        parent=int(fields[1]),
        zombie=fields[0] in b"ZX",
        cpu_seconds=sum(map(int, fields[11:15])) / _TICK,
        memory_bytes=int(fields[21]) * _PAGE,
    )


def proportional_memory(pid: int) -> int:
    """Return the bytes of the process, pages shared with others counted by share; 0 if it ended.

    Walks the page tables, so it takes milliseconds where `read_process` takes microseconds.
    """
    try:
        lines = (_PROC / str(pid) / "smaps_rollup").read_bytes().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(b"Pss:"))


class ProcessTable:
    """The trees below some roots.

    A process that descends from no root never will: orphans only move up to a root they descend
    from. So it is looked at once, and a look costs one listing of /proc and the trees themselves.
    A number that is reused within the same look hides the new process until that one ends; the
    keeper of its tree finds it nevertheless when it kills.
    """

    def __init__(self, roots: Iterable[int] = ()) -> None:
        self._roots = set(roots)
        self._strangers: set[int] = set()

    def add(self, root: int) -> None:
        self._roots.add(root)
        self._strangers.clear()

    def remove(self, root: int) -> None:
        self._roots.discard(root)

    def trees(self) -> dict[int, list[Process]]:
        """Return each root's descendants, without the root itself."""
        names = os.listdir(_PROC) if _PROC.is_dir() else []  # noqa: PTH208 - five times as fast
        alive = {int(name) for name in names if name.isdigit()}
        self._strangers &= alive
        unsorted = alive - self._strangers
        found = {pid: process for pid in unsorted if (process := read_process(pid)) is not None}
        children: dict[int, list[Process]] = defaultdict(list)
        for process in found.values():
            children[process.parent].append(process)
        trees = {root: _descendants(root, children) for root in self._roots}
        ours = self._roots.union(*({p.pid for p in tree} for tree in trees.values()))
        # A parent that ended during the look leaves the kinship open until the next one.
        known = found.keys() | self._strangers | {0}
        self._strangers.update(
            pid for pid, process in found.items() if pid not in ours and process.parent in known
        )
        return trees


def _descendants(root: int, children: dict[int, list[Process]]) -> list[Process]:
    found = list(children.get(root, ()))
    for process in found:  # grows as it is walked
        found.extend(children.get(process.pid, ()))
    return found
