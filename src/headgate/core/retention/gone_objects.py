"""Forgets objects that are gone: that they were announced, and the bytes that they had before."""

from datetime import datetime
from typing import Protocol, runtime_checkable

from headgate.core.database import Database
from headgate.core.retention import store
from headgate.core.retention.store import Seen
from headgate.ports.object_store import ObjectMissing, ObjectStore

_PAGE = 2000
_START = (0, "")


@runtime_checkable
class KeepsVersions(Protocol):
    """An object store that keeps replaced bytes in a place of ours; a bucket has its own rules."""

    async def expire_versions(self, *, before: datetime) -> int: ...


class GoneObjects:
    """Walks the announced objects, a page a look, and forgets those that the store has no more.

    One that is still there has to be remembered for ever: forgotten, it would be announced again.
    """

    def __init__(self, database: Database, objects: ObjectStore) -> None:
        self._database = database
        self._objects = objects
        self._after = _START

    async def look(self, *, before: datetime) -> int:
        """Look at the next page of what was announced before then; return how many are gone."""
        async with self._database.connection() as conn:
            page = await store.seen_objects(conn, after=self._after, before=before, limit=_PAGE)
        gone = [seen for seen in page if not await self._there(seen)]
        if gone:
            # A put of this moment has another version, and stays remembered.
            async with self._database.connection() as conn:
                await store.drop_seen_objects(conn, puts=gone)
        self._after = (page[-1].org_id, page[-1].key) if len(page) == _PAGE else _START
        return len(gone)

    async def expire_versions(self, *, before: datetime) -> int:
        """Drop the bytes that were replaced or removed before then, where that is our business."""
        if isinstance(self._objects, KeepsVersions):
            return await self._objects.expire_versions(before=before)
        return 0

    async def _there(self, seen: Seen) -> bool:
        try:
            await self._objects.head(seen.key)
        except ObjectMissing:
            return False
        return True
