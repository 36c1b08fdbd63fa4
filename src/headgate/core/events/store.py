"""The statements of the event log, one function each."""

import json
from collections.abc import Sequence
from typing import Any

from headgate.core.app import Event
from headgate.core.database import Connection
from headgate.core.events.model import KINDS, NewEvent
from headgate.core.sql import int_column, load_queries, text_column

_SQL = load_queries(__package__)


async def emit(
    conn: Connection,
    *,
    org_id: int,
    events: Sequence[NewEvent],
    scope: str = "",
    producer_task: int | Sequence[int] | None = None,
) -> list[int]:
    """Append `events` and return the ids of those that are new, in order.

    Idempotency keys are distinguished by `scope` (a source, a task). `producer_task` is the task
    that emits, or one for each event. The events become visible to the Dispatcher when the
    caller's transaction commits.
    """
    if not events:
        return []
    cursor = await conn.execute(
        _SQL["emit"],
        {
            "org_id": org_id,
            "scope": scope,
            "datasets": int_column([e.dataset_id for e in events]),
            "kinds": int_column([KINDS.index(e.kind) for e in events]),
            "lows": int_column([e.range[0] if e.range else None for e in events]),
            "highs": int_column([e.range[1] if e.range else None for e in events]),
            "keys": text_column([e.key for e in events]),
            "payloads": text_column(
                [None if e.payload is None else json.dumps(e.payload) for e in events]
            ),
            "idem_keys": text_column([e.idem_key for e in events]),
            "traces": text_column([e.trace for e in events]),
            "versions": text_column([e.version for e in events]),
            "only_jobs": int_column([e.only_job for e in events]),
            "producers": int_column(
                producer_task
                if isinstance(producer_task, Sequence)
                else [producer_task] * len(events)
            ),
        },
    )
    return [row["id"] for row in await cursor.fetchall()]


async def event_of_key(conn: Connection, *, org_id: int, scope: str, key: str) -> int | None:
    """Return the id of the event that was emitted with this idempotency key, if any."""
    cursor = await conn.execute(
        _SQL["event_of_key"], {"org_id": org_id, "scope": scope, "key": key}
    )
    row = await cursor.fetchone()
    return row["event_id"] if row else None


async def events_in(
    conn: Connection, *, ranges: Sequence[tuple[int, int]], limit: int
) -> list[tuple[Event, str | None]]:
    """Return the events whose ids lie in `ranges` (half-open), each with its trace, by id."""
    cursor = await conn.execute(
        _SQL["events_in"],
        {"lows": [r[0] for r in ranges], "highs": [r[1] for r in ranges], "limit": limit},
    )
    return [(_event(row), row["trace"]) for row in await cursor.fetchall()]


async def list_events(
    conn: Connection, *, org_id: int, dataset: str | None, before: int | None, limit: int
) -> list[dict[str, Any]]:
    """Return the newest events below `before`, newest first."""
    cursor = await conn.execute(
        _SQL["list_events"],
        {"org_id": org_id, "dataset": dataset, "before": before, "limit": limit},
    )
    return [{**row, "kind": KINDS[row["kind"]]} for row in await cursor.fetchall()]


def _event(row: dict[str, Any]) -> Event:
    return Event(
        id=row["id"],
        dataset=row["dataset"],
        kind=KINDS[row["kind"]],
        key=row["key"],
        range=None if row["low"] is None else (row["low"], row["high"]),
        payload=row["payload"],
        at=row["at"],
        version=row["version"],
    )
