"""Looking at objects: what they are and what they hold."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from headgate.ports.object_store import ObjectInfo, ObjectMissing
from headgate.ports.object_store.local import notes
from headgate.ports.object_store.local.failures import NotAFolder
from headgate.ports.object_store.local.folders import opened, opened_file, read_all
from headgate.ports.object_store.local.history import Kept, folder_of, kept
from headgate.ports.object_store.local.identity import Etags, hashed, modified_of, version_of
from headgate.ports.object_store.naming.content_types import content_type_of


class Reader:
    """Reads objects below one root; every method blocks. No lock: a put never shows half done."""

    def __init__(self, root: Path, etags: Etags) -> None:
        self._root = root
        self._etags = etags

    def head(self, key: str) -> ObjectInfo:
        """Describe the newest version."""
        *folders, name = key.split("/")
        with _present(key), opened(self._root, folders) as parent:
            found, etag = self._etags.of(key, parent, name)
        return self._info(key, found, etag=etag, version=version_of(found))

    def read(self, key: str, version: str | None) -> bytes:
        """Return the bytes of the newest version, or of the one asked for."""
        try:
            with self._newest(key) as fd:
                if version is None or version_of(os.fstat(fd)) == version:
                    return read_all(fd)
        except ObjectMissing:
            if version is None:
                raise
        with _present(key), opened(self._root, folder_of(key)) as folder:
            for each in kept(folder):
                if each.version == version:
                    with opened_file(folder, each.name) as fd:
                        return read_all(fd)
        raise ObjectMissing(f"{key!r} has no version {version!r}, or no longer.")

    def read_range(self, key: str, start: int, end: int) -> bytes:
        """Return the bytes from `start` to `end`, exclusive, as far as the object has them."""
        with self._newest(key) as fd, open(fd, "rb", closefd=False) as file:
            file.seek(max(start, 0))
            return file.read(max(end - max(start, 0), 0))

    def versions(self, key: str) -> list[ObjectInfo]:
        """Describe the newest version and the old ones still kept, newest first."""
        try:
            infos = [self.head(key)]
        except ObjectMissing:
            infos = []
        try:
            with opened(self._root, folder_of(key)) as folder:
                for each in reversed(kept(folder)):
                    # One put that died half way leaves the newest version among the old ones.
                    if all(info.version != each.version for info in infos):
                        infos.append(self._kept_info(key, folder, each))
        except (FileNotFoundError, NotAFolder):
            pass  # nothing was ever replaced
        return infos

    @contextmanager
    def _newest(self, key: str) -> Iterator[int]:
        *folders, name = key.split("/")
        with (
            _present(key),
            opened(self._root, folders) as parent,
            opened_file(parent, name) as fd,
        ):
            yield fd

    def _kept_info(self, key: str, folder: int, each: Kept) -> ObjectInfo:
        found, etag = hashed(folder, each.name)
        return self._info(key, found, etag=etag, version=each.version)

    def _info(self, key: str, found: os.stat_result, *, etag: str, version: str) -> ObjectInfo:
        return ObjectInfo(
            key=key,
            size=found.st_size,
            etag=etag,
            version=version,
            modified=modified_of(found),
            content_type=notes.noted_type(self._root, folder_of(key), version)
            or content_type_of(key),
        )


@contextmanager
def _present(key: str) -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, NotAFolder):
        raise ObjectMissing(f"There is no object {key!r}.") from None
