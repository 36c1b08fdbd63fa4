"""The old versions of a key: what a put replaced or a delete removed.

Each key has a folder `.headgate/keys/<2 hex>/<30 hex of its hash>/` with the files

    00000007.<version>   the bytes of an old version, numbered in the order they were replaced

and those of `notes.py`. It changes only under the key's lock, so something here is half done only
if its writer died, and the next put or delete of the key tidies up.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from headgate.ports.object_store.local import notes
from headgate.ports.object_store.local.failures import NotAFolder
from headgate.ports.object_store.local.folders import (
    file_stat,
    names_in,
    opened,
    opened_file,
    prune,
    read_all,
)
from headgate.ports.object_store.local.locks import locked
from headgate.ports.object_store.local.scratch import written
from headgate.ports.object_store.naming.keys import HIDDEN

_KEYS = (HIDDEN, "keys")


@dataclass(frozen=True, slots=True)
class Kept:
    """An old version and the name of its file in the key's folder."""

    number: int
    version: str
    name: str


def folder_of(key: str) -> tuple[str, ...]:
    """Return the segments of the key's hidden folder."""
    digest = hashlib.blake2b(key.encode(), digest_size=16).hexdigest()
    return (*_KEYS, digest[:2], digest[2:])


@contextmanager
def alone(root: Path, key: str) -> Iterator[None]:
    """Hold the lock of the key, shared with the other keys whose hash begins with the same byte."""
    with locked(root, folder_of(key)[2]):
        yield


def kept(folder: int) -> list[Kept]:
    """Return the old versions in a key's open folder, oldest first."""
    found = []
    for name in names_in(folder):
        number, _, version = name.partition(".")
        if number.isdecimal() and version:
            found.append(Kept(int(number), version, name))
    return sorted(found, key=lambda each: each.number)


def keep(root: Path, key: str, *, parent: int, name: str, version: str) -> None:
    """Give the current file a second name among the old versions, before it loses its own."""
    with opened(root, folder_of(key), make=True) as folder:
        inode = os.stat(name, dir_fd=parent, follow_symlinks=False).st_ino
        old = kept(folder)
        for each in old:
            if each.version == version:
                return  # a put died after this step
            if (found := file_stat(folder, each.name)) and found.st_ino == inode:
                # A put died after this step, and the file was edited in place since.
                os.unlink(each.name, dir_fd=folder)
        target = f"{old[-1].number + 1 if old else 1:08d}.{version}"
        try:
            os.link(name, target, src_dir_fd=parent, dst_dir_fd=folder, follow_symlinks=False)
        except PermissionError:
            # Linux lets nobody link another user's file that he may not write; a copy will do.
            with opened_file(parent, name) as fd:
                mtime_ns = os.fstat(fd).st_mtime_ns
                with written(root, read_all(fd), mtime_ns=mtime_ns) as scratch:
                    scratch.move(folder, target)
        os.fsync(folder)


def trim(root: Path, key: str, *, keep_versions: int, current: str | None) -> None:
    """Forget all but the newest `keep_versions` old versions, and the notes of those forgotten."""
    path = folder_of(key)
    with suppress(FileNotFoundError, NotAFolder), opened(root, path) as folder:
        old = kept(folder)
        dropped = old[: max(0, len(old) - keep_versions)]
        for each in dropped:
            os.unlink(each.name, dir_fd=folder)
        live = {each.version for each in old[len(dropped) :]} | {current}
        notes.trim(folder, live, current=current)
        if not names_in(folder):
            prune(root, path, leave=len(_KEYS))


def expire(root: Path, *, before_ns: int) -> int:
    """Forget the old versions of all keys that were replaced before this time; return how many.

    The time is the file's change time: its last change was to lose the name of its key.
    """
    expired = 0
    try:
        with opened(root, _KEYS) as folder:
            stripes = names_in(folder)
    except (FileNotFoundError, NotAFolder):
        return 0
    for stripe in stripes:
        with locked(root, stripe), suppress(FileNotFoundError, NotAFolder):
            with opened(root, (*_KEYS, stripe)) as folder:
                names = names_in(folder)
            for name in names:
                expired += _expire_key(root, (*_KEYS, stripe, name), before_ns)
    return expired


def _expire_key(root: Path, path: tuple[str, ...], before_ns: int) -> int:
    expired = 0
    with opened(root, path) as folder:
        for each in kept(folder):
            found = file_stat(folder, each.name)
            # A second name means that it is still the current version: its put died half way.
            if found and found.st_nlink == 1 and found.st_ctime_ns < before_ns:
                os.unlink(each.name, dir_fd=folder)
                notes.forget_type(folder, each.version)
                expired += 1
        if not names_in(folder):
            prune(root, path, leave=len(_KEYS))
    return expired
