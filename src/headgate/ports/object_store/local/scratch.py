"""Temporary files: whole and synced before they get a name that anybody sees."""

import fcntl
import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from headgate.ports.object_store.local.failures import NotAFolder
from headgate.ports.object_store.local.folders import names_in, opened
from headgate.ports.object_store.naming.keys import HIDDEN

_SCRATCH = (HIDDEN, "tmp")
_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_numbers = itertools.count()


@dataclass(slots=True)
class Scratch:
    """An open temporary file: `name` inside the folder that the descriptor `folder` is."""

    folder: int
    name: str
    fd: int
    moved: bool = False

    def link(self, parent: int, name: str) -> None:
        """Give the file this further name; `FileExistsError` if it is taken."""
        os.link(self.name, name, src_dir_fd=self.folder, dst_dir_fd=parent, follow_symlinks=False)

    def move(self, parent: int, name: str) -> None:
        """Give the file this name instead, replacing what has it."""
        os.rename(self.name, name, src_dir_fd=self.folder, dst_dir_fd=parent)
        self.moved = True


@contextmanager
def written(root: Path, data: bytes, *, mtime_ns: int | None = None) -> Iterator[Scratch]:
    """Yield a temporary file that holds `data` on disk; its temporary name is gone at the end.

    The file stays locked until then: that is how `sweep` knows it from one whose writer died.
    """
    with opened(root, _SCRATCH, make=True) as folder:
        scratch = _create(folder)
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(scratch.fd, rest) :]
            if mtime_ns is not None:
                os.utime(scratch.fd, ns=(mtime_ns, mtime_ns))
            os.fsync(scratch.fd)
            yield scratch
        finally:
            # Once moved, the name may already be another process's.
            if not scratch.moved:
                with suppress(FileNotFoundError):
                    os.unlink(scratch.name, dir_fd=folder)
            os.close(scratch.fd)


def _create(folder: int) -> Scratch:
    while True:
        name = f"{os.getpid()}-{next(_numbers)}"
        try:
            fd = os.open(name, _NEW, 0o666, dir_fd=folder)
        except FileExistsError:
            continue
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
            swept = os.fstat(fd).st_nlink == 0
        except OSError:
            os.close(fd)
            raise
        if not swept:
            return Scratch(folder, name, fd)
        os.close(fd)  # a sweep came between its creation and its lock


def sweep(root: Path) -> int:
    """Remove the temporary files whose writers died; return how many."""
    swept = 0
    try:
        with opened(root, _SCRATCH) as folder:
            for name in names_in(folder):
                swept += _removed_if_stray(folder, name)
    except (FileNotFoundError, NotAFolder):
        pass  # no such folder yet: nothing to sweep
    return swept


def _removed_if_stray(folder: int, name: str) -> bool:
    try:
        fd = os.open(name, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    except OSError:
        return False  # just finished, or nothing that we may touch
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.unlink(name, dir_fd=folder)
    except (BlockingIOError, FileNotFoundError):
        return False
    finally:
        os.close(fd)
    return True
