"""The keys of a store in key order, folder by folder, so that memory holds one branch at a time."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from headgate.ports.object_store.local.failures import NotAFolder
from headgate.ports.object_store.local.folders import opened
from headgate.ports.object_store.naming.keys import is_key

_LOST_AND_FOUND = ("lost+found",)


def keys_in_order(root: Path, prefix: str, after: str) -> Iterator[str]:
    """Yield the keys that start with `prefix` and sort after `after`, by their UTF-8 bytes.

    A key may turn out to be no plain file, or be gone, by the time it is looked at. Files whose
    path is no valid key are left out.
    """
    folders = prefix.split("/")[:-1]
    if not folders or is_key("/".join(folders)):
        yield from _walk(root, folders, prefix, after)


def _walk(root: Path, folders: Sequence[str], prefix: str, after: str) -> Iterator[str]:
    base = "".join(f"{folder}/" for folder in folders)
    for name in _names(root, folders):
        path = base + name
        if not is_key(path.removesuffix("/")):
            continue
        if not name.endswith("/"):
            if path.startswith(prefix) and path > after:
                yield path
        elif (path.startswith(prefix) or prefix.startswith(path)) and (
            path > after or after.startswith(path)
        ):
            yield from _walk(root, [*folders, name[:-1]], prefix, after)


def _names(root: Path, folders: Sequence[str]) -> list[str]:
    """Return the names in a folder in key order, those of folders with a slash at their end.

    The slash is part of the key, so it takes part in the order: `a-b` comes before `a/b`.
    """
    try:
        with opened(root, folders) as folder, os.scandir(folder) as entries:
            return sorted(
                f"{entry.name}/" if entry.is_dir(follow_symlinks=False) else entry.name
                for entry in entries
            )
    except (FileNotFoundError, NotAFolder):
        return []  # removed while we walk
    except PermissionError:
        if tuple(folders) == _LOST_AND_FOUND:
            return []  # every ext4 volume has it, readable for root only
        raise
