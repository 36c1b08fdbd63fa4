"""Putting objects in their place and taking them away.

A put writes a temporary file, then, holding the key's lock: checks its condition, gives the old
file a second name among the old versions, and renames the temporary file over it. Each step leaves
the key with a whole object, so a writer may die at any moment. Programs that drop files into the
folder know nothing of the lock: a drop between check and rename is replaced like any old object.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from headgate.ports.object_store import BadKey, ObjectInfo, PutConflict, StoreUnavailable
from headgate.ports.object_store.local import history, notes
from headgate.ports.object_store.local.failures import NotAFolder
from headgate.ports.object_store.local.folders import (
    file_stat,
    kind_of,
    opened,
    prune,
)
from headgate.ports.object_store.local.identity import Etags, etag_of, modified_of, version_of
from headgate.ports.object_store.local.scratch import Scratch, written
from headgate.ports.object_store.naming.content_types import content_type_of

_TRIES = 100


@dataclass(frozen=True, slots=True)
class Condition:
    """When a put may happen: with neither field always."""

    absent: bool = False
    match: str | None = None


class Writer:
    """Writes objects below one root; every method blocks."""

    def __init__(
        self, root: Path, etags: Etags, *, keep_versions: int, now_ns: Callable[[], int]
    ) -> None:
        self._root = root
        self._etags = etags
        self._keep_versions = keep_versions
        self._now_ns = now_ns

    def put(
        self, key: str, data: bytes, *, content_type: str | None, only: Condition
    ) -> ObjectInfo:
        """Store an object, or raise `PutConflict` or `BadKey` and change nothing."""
        guessed = content_type_of(key)
        with (
            written(self._root, data, mtime_ns=self._now_ns()) as scratch,
            history.alone(self._root, key),
        ):
            found = os.fstat(scratch.fd)
            info = ObjectInfo(
                key=key,
                size=len(data),
                etag=etag_of(data),
                version=version_of(found),
                modified=modified_of(found),
                content_type=content_type or guessed,
            )
            self._place(info, scratch, only, noted=info.content_type != guessed)
            self._trim(key, current=info.version)
        return info

    def delete(self, key: str) -> None:
        """Take an object away, and the folders that it leaves empty."""
        *folders, name = key.split("/")
        with history.alone(self._root, key):
            try:
                with opened(self._root, folders) as parent:
                    found = file_stat(parent, name)
                    if found is None:
                        return
                    self._keep(key, parent, name, found)
                    os.unlink(name, dir_fd=parent)
                    os.fsync(parent)
            except (FileNotFoundError, IsADirectoryError, NotAFolder):
                return
            self._trim(key, current=None)
            prune(self._root, folders)

    def _place(self, info: ObjectInfo, scratch: Scratch, only: Condition, *, noted: bool) -> None:
        *folders, _ = info.key.split("/")
        for _ in range(_TRIES):
            try:
                with opened(self._root, folders, make=only.match is None) as parent:
                    return self._replace(info, parent, scratch, only, noted=noted)
            except NotAFolder as error:
                raise BadKey(f"{info.key!r} cannot be stored: {error}.") from None
            except (FileNotFoundError, IsADirectoryError):
                # Between our steps a delete pruned the folder, or a put made one in our place.
                if only.match is not None:
                    raise _conflict(info.key, "is not there") from None
        raise StoreUnavailable(
            f"{info.key!r} was not stored in {self._root}: its folder changed {_TRIES} times in a "
            "row while it was written. Does another program clean up there?"
        )

    def _replace(
        self, info: ObjectInfo, parent: int, scratch: Scratch, only: Condition, *, noted: bool
    ) -> None:
        name = info.key.rpartition("/")[2]
        found = file_stat(parent, name)
        if found is None and (kind := kind_of(parent, name)):
            raise BadKey(f"{info.key!r} cannot be stored: it is {kind}.")
        if only.absent and found:
            raise _conflict(info.key, "is there already")
        if only.match is not None and self._etags.of(info.key, parent, name)[1] != only.match:
            raise _conflict(info.key, "has another etag")
        if noted:
            path = history.folder_of(info.key)
            notes.note_type(self._root, path, info.version, info.content_type)
        if only.absent:
            try:
                scratch.link(parent, name)
            except FileExistsError:
                raise _conflict(info.key, "is there already") from None
        else:
            if found:
                self._keep(info.key, parent, name, found)
            scratch.move(parent, name)
        os.fsync(parent)

    def _keep(self, key: str, parent: int, name: str, found: os.stat_result) -> None:
        if self._keep_versions:
            version = version_of(found)
            history.keep(self._root, key, parent=parent, name=name, version=version)

    def _trim(self, key: str, *, current: str | None) -> None:
        history.trim(self._root, key, keep_versions=self._keep_versions, current=current)


def _conflict(key: str, why: str) -> PutConflict:
    return PutConflict(f"{key!r} {why}: another writer was first. Nothing was written.")
