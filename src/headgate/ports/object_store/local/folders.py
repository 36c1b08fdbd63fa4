"""Walking to a folder inside the root without ever following a symbolic link.

Each step opens one segment relative to the descriptor of the folder before it and refuses links
(`O_NOFOLLOW`), so nobody who can write into the root can lead the store out of it, not even by
swapping a folder for a link while the walk goes on.
"""

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from headgate.ports.object_store.local.failures import NotAFolder, gone

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# O_NONBLOCK: opening a pipe that somebody dropped must not hang.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@contextmanager
def opened(root: Path, folders: Sequence[str], *, make: bool = False) -> Iterator[int]:
    """Yield a descriptor of `root/folders[0]/folders[1]/...`; with `make`, create what lacks.

    Raises `StoreUnavailable` if the root itself is not there, `FileNotFoundError` if a folder
    below it is not (even with `make`, when another process prunes it meanwhile), `NotAFolder`.
    """
    try:
        here = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise gone(root) from error
    try:
        for depth, name in enumerate(folders):
            try:
                below = _enter(here, name, make=make)
            except NotAFolder as error:
                raise NotAFolder(f"'{'/'.join(folders[: depth + 1])}' is {error}") from None
            os.close(here)
            here = below
        yield here
    finally:
        os.close(here)


def _enter(parent: int, name: str, *, make: bool) -> int:
    try:
        return os.open(name, _FOLDER, dir_fd=parent)
    except FileNotFoundError:
        if not make:
            raise
    except OSError:
        kind = kind_of(parent, name)
        if kind in {"a folder", None}:
            raise
        raise NotAFolder(kind) from None
    try:
        os.mkdir(name, dir_fd=parent)
        os.fsync(parent)
    except FileExistsError:
        pass  # another writer made it first
    return _enter(parent, name, make=False)


def kind_of(parent: int, name: str) -> str | None:
    """Return what has this name, as a phrase for people, or None if nothing has it."""
    try:
        mode = os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(mode):
        return "a folder"
    if stat.S_ISLNK(mode):
        return "a symbolic link, which is never followed"
    return "a file" if stat.S_ISREG(mode) else "no plain file"


def file_stat(parent: int, name: str) -> os.stat_result | None:
    """Return the stat of a plain file; None if there is none (nothing, a folder, a link...)."""
    try:
        found = os.stat(name, dir_fd=parent, follow_symlinks=False)
    except FileNotFoundError:
        return None
    return found if stat.S_ISREG(found.st_mode) else None


@contextmanager
def opened_file(parent: int, name: str) -> Iterator[int]:
    """Yield a descriptor for reading a plain file; `FileNotFoundError` if there is none."""
    if file_stat(parent, name) is None:
        raise FileNotFoundError(name)
    fd = os.open(name, _FILE, dir_fd=parent)
    try:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise FileNotFoundError(name)
        yield fd
    finally:
        os.close(fd)


def read_all(fd: int) -> bytes:
    """Return the bytes of an open file from its start to its end."""
    with open(fd, "rb", closefd=False) as file:
        return file.read()


def names_in(folder: int) -> list[str]:
    """Return the names in an open folder, in no order."""
    with os.scandir(folder) as entries:
        return [entry.name for entry in entries]


def prune(root: Path, folders: Sequence[str], *, leave: int = 0) -> None:
    """Remove the last folder if it is empty, then the one before it, but not the first `leave`."""
    try:
        for depth in range(len(folders), leave, -1):
            with opened(root, folders[: depth - 1]) as parent:
                os.rmdir(folders[depth - 1], dir_fd=parent)
    except (OSError, NotAFolder):
        return  # not empty, or not ours to remove: an empty folder that stays harms nothing
