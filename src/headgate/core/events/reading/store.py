"""The statements of reading the event log, one function each."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from headgate.core.database import Connection
from headgate.core.events.model import KINDS
from headgate.core.events.reading.model import EventFilter, ListedEvent, Look
from headgate.core.sql import load_queries

_SQL = load_queries(__package__)

Walk = Literal["log", "dataset", "invalidations", "producer"]

_SHOWN = 8 * 1024  # bytes of a payload that a list shows


async def datasets_named(
    conn: Connection, *, org_id: int, name: str | None, limit: int
) -> list[int]:
    cursor = await conn.execute(
        _SQL["datasets_named"], {"org_id": org_id, "name": name, "limit": limit}
    )
    return [row["id"] for row in await cursor.fetchall()]


async def first_id_since(conn: Connection, *, at: datetime) -> int | None:
    """Return about the lowest id of that time or later; None if there is none yet."""
    cursor = await conn.execute(_SQL["first_id_since"], {"at": at})
    row = await cursor.fetchone()
    return row["id"] if row else None


async def list_events(
    conn: Connection,
    *,
    org_id: int,
    walk: Walk,
    datasets: Sequence[int],
    wanted: EventFilter,
    low: int,
    high: int,
    window: int,
    limit: int,
) -> Look:
    """Return up to `limit` of the newest events that are wanted.

    One walk meets `window` events at most; the ids are from `low` to before `high`.
    """
    cursor = await conn.execute(
        _SQL["list_events"],
        {
            "org_id": org_id,
            "walk": walk,
            "datasets": list(datasets),
            "low": low,
            "high": high,
            "window": window,
            "limit": limit,
            "most": _SHOWN,
            "kind": None if wanted.kind is None else KINDS.index(wanted.kind),
            "key_prefix": wanted.key_prefix,
            "range_low": wanted.range and wanted.range[0],
            "range_high": wanted.range and wanted.range[1],
            "producer_task": wanted.producer_task,
            "since": wanted.since,
            "until": wanted.until,
        },
    )
    rows = await cursor.fetchall()
    events = [_event(row) for row in rows if row["id"] is not None]
    if len(events) == limit:
        return Look(events, events[-1].id)
    ended_early = walk != "producer" and rows[0]["seen"] == window
    return Look(events, rows[0]["lowest"] if ended_early else None)


def _event(row: Mapping[str, Any]) -> ListedEvent:
    return ListedEvent(
        id=row["id"],
        dataset=row["dataset"],
        kind=KINDS[row["kind"]],
        key=row["key"],
        range=None if row["low"] is None else (row["low"], row["high"]),
        payload=row["payload"],
        payload_bytes=row["payload_bytes"] or 0,
        payload_omitted=bool(row["omitted"]),
        at=row["at"],
        version=row["version"],
        producer_task=row["producer_task"],
        trace=row["trace"],
    )
