"""Where files live: named byte strings under slash-separated keys.

A key is relative, uses `/`, has no empty, `.` or `..` segment, is at most 900 bytes of UTF-8 and
holds no control character, no segment over 255 bytes, and does not begin with `.headgate`; anything
else is `BadKey`. A put is atomic: a reader sees the whole old
object or the whole new one, also when the writer is killed.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """One stored object.

    `etag` changes whenever the bytes change. `version` names this very put: a later put of the
    same bytes under the same key has another version. Both are opaque.
    """

    key: str
    size: int
    etag: str
    version: str
    modified: datetime
    content_type: str


class ObjectStoreError(Exception):
    """Base of every object store error; `retry` says whether the same call may work later."""

    retry = False


class BadKey(ObjectStoreError):
    """The key breaks the rules of the contract: the caller's fault."""


class ObjectMissing(ObjectStoreError):
    """No object under this key (or no such version)."""


class PutConflict(ObjectStoreError):
    """The condition of a conditional put does not hold: another writer was first."""


class BadSignature(ObjectStoreError):
    """A signed URL was altered, is for another method or key, or has expired."""


class StoreUnavailable(ObjectStoreError):
    """The store cannot be reached, is full, or refuses our credentials; nothing was written."""

    retry = True


class ObjectStore(Protocol):
    """The contract that `tests/contracts/test_object_store.py` holds every adapter to."""

    async def put(
        self,
        key: str,
        data: bytes,
        *,
        content_type: str | None = None,
        if_absent: bool = False,
        if_match: str | None = None,
    ) -> ObjectInfo:
        """Store `data`. `content_type` defaults to a guess from the key's ending.

        With `if_absent` only when there is no such key, with `if_match` only while the current
        etag is that one; else `PutConflict` and nothing changes.
        """
        ...

    async def get(self, key: str, *, version: str | None = None) -> bytes:
        """Return the whole object, by default its newest version; `ObjectMissing` if none."""
        ...

    async def get_range(self, key: str, start: int, end: int) -> bytes:
        """Return bytes `start` to `end`, exclusive, clipped to the object's size."""
        ...

    async def head(self, key: str) -> ObjectInfo:
        """Describe the newest version; `ObjectMissing` if none."""
        ...

    def list(self, prefix: str = "", *, after: str = "") -> AsyncIterator[ObjectInfo]:
        """Yield the objects whose key starts with `prefix` and sorts after `after`, by key."""
        ...

    async def versions(self, key: str) -> Sequence[ObjectInfo]:
        """Return the kept versions of a key, newest first; empty if there are none."""
        ...

    async def delete(self, key: str) -> None:
        """Remove the object from listings and reads; a missing one is no error."""
        ...

    def sign(
        self, method: Literal["GET", "PUT"], key: str, *, now: datetime, lifetime: timedelta
    ) -> str:
        """Return a URL that lets its bearer do this one thing until `now + lifetime`."""
        ...

    async def check(self) -> None:
        """Raise `StoreUnavailable` unless the store can be read and written right now."""
        ...
