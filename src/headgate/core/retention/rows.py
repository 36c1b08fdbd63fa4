"""Deletes what is old where there are no days to drop: small tables, and rows without a day."""

from collections import Counter
from collections.abc import Awaitable
from datetime import datetime, timedelta
from typing import Protocol

from headgate.core.database import Connection, Database
from headgate.core.retention import store
from headgate.core.retention.rules import SAMPLES, TOLD, Keep

UNRESOLVED = "unresolved dead letters"
# Small enough that no transaction lasts for long, and holds vacuum back itself.
_BATCH = 5000


class _Drop(Protocol):
    def __call__(self, conn: Connection, *, before: datetime, limit: int) -> Awaitable[int]: ...


async def drop_old_rows(database: Database, *, keep: Keep, now: datetime) -> Counter[str]:
    """Delete what is past its age; return how many rows of what, without those that had none."""
    return +Counter(
        {what: await _all(database, drop, before=now - age) for what, age, drop in _duties(keep)}
    )


def _duties(keep: Keep) -> list[tuple[str, timedelta, _Drop]]:
    return [
        ("events without a day", keep.events, store.drop_stray_events),
        ("attempts without a day", keep.history, store.drop_stray_history),
        ("log lines without a day", keep.logs, store.drop_stray_logs),
        ("samples without a day", SAMPLES, store.drop_stray_samples),
        ("resolved dead letters", keep.dead_letters, store.drop_dead_letters),
        (UNRESOLVED, keep.dead_letters, store.expire_dead_letters),
        ("event keys", keep.events, store.drop_event_keys),
        ("stored replies", TOLD, store.drop_replies),
        ("told changes", TOLD, store.drop_changes),
        ("ended operations", keep.history, store.drop_operations),
        ("cancelled backfills", keep.history, store.drop_backfills),
        ("memos of removed jobs", keep.history, store.drop_memos),
        ("turns of removed jobs", keep.history, store.drop_turns),
    ]


async def _all(database: Database, drop: _Drop, *, before: datetime) -> int:
    """Delete batch by batch, each in a transaction of its own, until there is no full one."""
    total = 0
    while True:
        async with database.connection() as conn:
            dropped = await drop(conn, before=before, limit=_BATCH)
        total += dropped
        if dropped < _BATCH:
            return total
