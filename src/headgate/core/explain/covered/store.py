"""The statements of events and the tasks that cover them, one function each."""

from collections.abc import Mapping, Sequence
from typing import Any

from headgate.core.database import Connection
from headgate.core.events.model import KINDS
from headgate.core.events.store import Span
from headgate.core.explain.covered.model import Covering, CoveringTask, TracedEvent
from headgate.core.sql import load_queries

_SQL = load_queries(__package__)

_ON, _BACK = 5000, 2000  # rows of a job's history that are looked at, from the time of the event


async def covered_events(
    conn: Connection, *, org_id: int, spans: Sequence[Span], limit: int
) -> list[TracedEvent]:
    """Return the first events in `spans`, by id."""
    cursor = await conn.execute(
        _SQL["covered_events"],
        {
            "org_id": org_id,
            "jobs": [span.job_id for span in spans],
            "bulks": [span.bulk for span in spans],
            "lows": [span.low for span in spans],
            "highs": [span.high for span in spans],
            "limit": limit,
        },
    )
    return [_event(row) for row in await cursor.fetchall()]


async def emitted_events(
    conn: Connection, *, org_id: int, task_ids: Sequence[int], limit: int
) -> dict[int, list[TracedEvent]]:
    """Return, by task, the first `limit` events that each one emitted."""
    cursor = await conn.execute(
        _SQL["emitted_events"], {"org_id": org_id, "task_ids": list(task_ids), "limit": limit}
    )
    found: dict[int, list[TracedEvent]] = {}
    for row in await cursor.fetchall():
        found.setdefault(row["task_id"], []).append(_event(row))
    return found


async def covers(
    conn: Connection, *, org_id: int, task_ids: Sequence[int]
) -> dict[int, CoveringTask]:
    """Return, by id, those of the tasks that are known."""
    cursor = await conn.execute(_SQL["covers"], {"org_id": org_id, "task_ids": list(task_ids)})
    return {
        row["task_id"]: CoveringTask(
            id=row["task_id"],
            job=row["job"],
            state=row["state"],
            partition=row["ckey"][1:] if row["ckey"][0] in "pk" else None,
            events=row["n"],
            evs=row["evs"],
            bulk=row["ckey"] == "b",
            job_id=row["job_id"],
        )
        for row in await cursor.fetchall()
    }


async def covering_tasks(
    conn: Connection, *, org_id: int, events: Sequence[int], limit: int
) -> list[Covering]:
    """Return which tasks cover these events, as far as a bounded look finds them."""
    cursor = await conn.execute(
        _SQL["covering_tasks"],
        {"org_id": org_id, "events": list(events), "on": _ON, "back": _BACK, "limit": limit},
    )
    return [Covering(**row) for row in await cursor.fetchall()]


def _event(row: Mapping[str, Any]) -> TracedEvent:
    return TracedEvent(
        id=row["id"],
        dataset=row["dataset"],
        kind=KINDS[row["kind"]],
        key=row["key"],
        range=None if row["low"] is None else (row["low"], row["high"]),
        at=row["at"],
        version=row["version"],
        producer_task=row["producer_task"],
        producer_job=row["job"] if row["producer_task"] is not None else None,
        source=row["source"] if row["producer_task"] is None and row["kind"] == 0 else None,
        edited=row["edited"],
    )
