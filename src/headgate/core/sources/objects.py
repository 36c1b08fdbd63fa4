"""Objects that were created: by our API, or as files dropped into the store's folder."""

import asyncio
import logging
from datetime import timedelta

from headgate.core.errors import DatabaseUnavailable
from headgate.core.events.model import NewEvent
from headgate.core.events.store import emit
from headgate.core.observe.tracing import current_traceparent
from headgate.core.services import Services
from headgate.core.sources import store
from headgate.ports.object_store import ObjectInfo, ObjectStoreError

_log = logging.getLogger("headgate.sources")
_BATCH = 1000
# A file that somebody copies grows while we look: it is announced once it has been still this long.
_STILL = timedelta(seconds=0.3)


async def announce(services: Services, *, org_id: int, info: ObjectInfo) -> list[int]:
    """Emit an event to each source whose prefix and suffix fit; return the events' ids.

    The same put announced again, by whomever, emits nothing.
    """
    async with services.database.transaction() as conn:
        sources = [
            source
            for source in await store.object_sources(conn, org_id=org_id)
            if info.key.startswith(source["prefix"]) and info.key.endswith(source["suffix"])
        ]
        if not sources:
            return []
        if not await store.see_object(conn, org_id=org_id, key=info.key, version=info.version):
            return []
        payload = {
            "key": info.key,
            "version": info.version,
            "etag": info.etag,
            "size": info.size,
            "content_type": info.content_type,
        }
        trace = current_traceparent()
        events = [
            NewEvent(dataset_id=s["dataset_id"], key=info.key, payload=payload, trace=trace)
            for s in sources
        ]
        ids = await emit(conn, org_id=org_id, events=events)
    services.wake.signal("emitted")
    return ids


class FolderWatch:
    """Finds objects that nobody announced, by listing the sources' prefixes again and again."""

    def __init__(self, services: Services, *, every: float) -> None:
        self._services = services
        self._every = every
        self._unsettled: dict[str, str] = {}

    async def run(self) -> None:
        """Watch until cancelled."""
        while True:
            try:
                await self.scan()
            except DatabaseUnavailable as error:
                _log.warning("the folder watch waits: %s", error.message)
            except ObjectStoreError as error:
                _log.warning("cannot look for new objects: %s", error)
            await asyncio.sleep(self._every)

    async def scan(self) -> int:
        """Look once; return how many objects were announced."""
        async with self._services.database.connection() as conn:
            sources = await store.object_sources(conn)
        found = 0
        unsettled: dict[str, str] = {}
        for org_id in sorted({s["org_id"] for s in sources}):
            mine = [s for s in sources if s["org_id"] == org_id]
            for prefix in _outermost({s["prefix"] for s in mine}):
                suffixes = tuple({s["suffix"] for s in mine if s["prefix"].startswith(prefix)})
                batch: list[ObjectInfo] = []
                async for info in self._services.objects.list(prefix):
                    if info.key.endswith(suffixes):
                        batch.append(info)
                    if len(batch) >= _BATCH:
                        found += await self._announce_new(org_id, batch, unsettled)
                        batch = []
                found += await self._announce_new(org_id, batch, unsettled)
        self._unsettled = unsettled
        return found

    async def _announce_new(
        self, org_id: int, batch: list[ObjectInfo], unsettled: dict[str, str]
    ) -> int:
        if not batch:
            return 0
        async with self._services.database.connection() as conn:
            unseen = await store.unseen_objects(
                conn, org_id=org_id, puts=[(i.key, i.version) for i in batch]
            )
        announced = 0
        for info in batch:
            if (info.key, info.version) not in unseen:
                continue
            still = self._services.clock() - info.modified >= _STILL
            if still and self._unsettled.get(info.key) == info.version:
                await announce(self._services, org_id=org_id, info=info)
                announced += 1
            else:
                unsettled[info.key] = info.version
        return announced


def _outermost(prefixes: set[str]) -> list[str]:
    """Return the prefixes that no other one covers."""
    return [p for p in sorted(prefixes) if not any(p != q and p.startswith(q) for q in prefixes)]
