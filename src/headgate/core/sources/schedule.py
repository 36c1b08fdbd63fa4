"""Schedules: cron lines that emit an event at each fire time."""

import asyncio
import logging

from headgate.core.errors import DatabaseUnavailable
from headgate.core.events.model import NewEvent
from headgate.core.events.store import emit
from headgate.core.services import Services
from headgate.core.sources import store
from headgate.core.sources.rules import fires, first_fire

_log = logging.getLogger("headgate.sources")
_TICK = 0.5


async def fire_due(services: Services) -> int:
    """Emit what is due now; return how many events. Safe to run in several processes."""
    now = services.clock()
    emitted = 0
    async with services.database.transaction() as conn:
        for row in await store.due_schedules(conn, now=now):
            spec = row["spec"]
            zone = spec.get("time_zone", "UTC")
            if row["next_at"] is None:
                first = first_fire(spec["cron"], time_zone=zone, now=now)
                await store.set_next_fire(conn, id=row["id"], next_at=first)
                continue
            due, upcoming = fires(
                spec["cron"],
                time_zone=zone,
                next_at=row["next_at"],
                now=now,
                catch_up=spec.get("catch_up", "last"),
                max_catch_up=spec.get("max_catch_up", 100),
            )
            events = [
                NewEvent(
                    dataset_id=row["dataset_id"],
                    key=at.isoformat(),
                    payload={"scheduled_at": at.isoformat()},
                    idem_key=at.isoformat(),
                )
                for at in due
            ]
            emitted += len(
                await emit(conn, org_id=row["org_id"], events=events, scope=f"source:{row['id']}")
            )
            await store.set_next_fire(conn, id=row["id"], next_at=upcoming)
    if emitted:
        services.wake.signal("emitted")
    return emitted


async def run_schedules(services: Services) -> None:
    """Fire schedules until cancelled."""
    while True:
        try:
            await fire_due(services)
        except DatabaseUnavailable as error:
            _log.warning("schedules wait: %s", error.message)
        await asyncio.sleep(_TICK)
