"""Small files beside the old versions of a key, in the same hidden folder.

<version>.type   the content type that a put gave, where the key's ending says another
etag             signature and etag of the newest version if it is large; only a cache
"""

import os
from contextlib import suppress
from pathlib import Path

from headgate.ports.object_store.local.failures import NotAFolder
from headgate.ports.object_store.local.folders import (
    file_stat,
    names_in,
    opened,
    opened_file,
    read_all,
)
from headgate.ports.object_store.local.scratch import written

_ETAG = "etag"
_TYPE = ".type"


def note_type(root: Path, path: tuple[str, ...], version: str, content_type: str) -> None:
    """Write down the content type of a version, on disk before its object can be seen."""
    _write(root, path, f"{version}{_TYPE}", content_type)


def noted_type(root: Path, path: tuple[str, ...], version: str) -> str | None:
    """Return the content type written down for a version, if any."""
    return _read(root, path, f"{version}{_TYPE}")


def forget_type(folder: int, version: str) -> None:
    """Remove a version's content type from a key's open folder, if it is there."""
    with suppress(FileNotFoundError):
        os.unlink(f"{version}{_TYPE}", dir_fd=folder)


def note_etag(root: Path, path: tuple[str, ...], signature: str, etag: str) -> None:
    """Remember the etag of the file with this signature for other processes."""
    _write(root, path, _ETAG, f"{signature} {etag}")


def noted_etag(root: Path, path: tuple[str, ...], signature: str) -> str | None:
    """Return the etag remembered for exactly this signature, if any."""
    found, _, etag = (_read(root, path, _ETAG) or "").partition(" ")
    return etag if found == signature and etag else None


def trim(folder: int, live: set[str | None], *, current: str | None) -> None:
    """Remove the notes of versions that are not `live` from a key's open folder."""
    for name in names_in(folder):
        if name.endswith(_TYPE) and name.removesuffix(_TYPE) not in live:
            os.unlink(name, dir_fd=folder)
    if current is None and file_stat(folder, _ETAG):
        os.unlink(_ETAG, dir_fd=folder)


def _write(root: Path, path: tuple[str, ...], name: str, text: str) -> None:
    with opened(root, path, make=True) as folder, written(root, text.encode()) as scratch:
        scratch.move(folder, name)
        os.fsync(folder)


def _read(root: Path, path: tuple[str, ...], name: str) -> str | None:
    try:
        with opened(root, path) as folder, opened_file(folder, name) as fd:
            return read_all(fd).decode(errors="replace")
    except (FileNotFoundError, NotAFolder):
        return None
