"""The statements of the event log, one function each."""

import json
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from headgate.core.app import Event
from headgate.core.database import Connection
from headgate.core.events.model import KINDS, NewEvent
from headgate.core.sql import int_column, load_queries, text_column

_SQL = load_queries(__package__)


# In a larger statement the set of new keys outgrows `work_mem`, and the plan walks all of it for
# each event: a million keyed events did not end in minutes.
_SLICE = 10_000


async def emit(
    conn: Connection,
    *,
    org_id: int,
    events: Sequence[NewEvent],
    scope: str = "",
    producer_task: int | Sequence[int] | None = None,
) -> list[int]:
    """Append `events`, all or none, and return the ids of those that are new, in order.

    Idempotency keys are distinguished by `scope` (a source, a task). `producer_task` is the task
    that emits, or one for each event. The events become visible to the Dispatcher when the
    caller's transaction commits.
    """
    ids: list[int] = []
    async with conn.transaction() if len(events) > _SLICE else nullcontext():
        for start in range(0, len(events), _SLICE):
            part = events[start : start + _SLICE]
            producers = (
                producer_task[start : start + _SLICE]
                if isinstance(producer_task, Sequence)
                else [producer_task] * len(part)
            )
            columns = {"org_id": org_id, "scope": scope, **_columns(part, producers)}
            cursor = await conn.execute(_SQL["emit"], columns)
            ids += [row["id"] for row in await cursor.fetchall()]
    return ids


def _columns(events: Sequence[NewEvent], producers: Sequence[int | None]) -> dict[str, Any]:
    return {
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
        "producers": int_column(producers),
    }


async def events_of_keys(
    conn: Connection, *, org_id: int, scope: str, keys: Sequence[str]
) -> dict[str, int]:
    """Return, by idempotency key, the ids of the events that were emitted with these keys."""
    if not keys:
        return {}
    cursor = await conn.execute(
        _SQL["events_of_keys"], {"org_id": org_id, "scope": scope, "keys": list(keys)}
    )
    return {row["key"]: row["event_id"] for row in await cursor.fetchall()}


Covered = tuple[int, Event, str | None]
"""A job, an event of its inputs, and the event's trace."""


@dataclass(frozen=True, slots=True)
class Span:
    """Ids of events that a task of a job covers, half-open.

    Of a `bulk` task only those of the datasets that its job reads.
    """

    job_id: int
    bulk: bool
    low: int
    high: int


async def events_in(conn: Connection, *, spans: Sequence[Span], limit: int) -> list[Covered]:
    """Return the first events in `spans`, by id."""
    cursor = await conn.execute(
        _SQL["events_in"],
        {
            "jobs": [span.job_id for span in spans],
            "bulks": [span.bulk for span in spans],
            "lows": [span.low for span in spans],
            "highs": [span.high for span in spans],
            "limit": limit,
        },
    )
    return [(row["job_id"], _event(row), row["trace"]) for row in await cursor.fetchall()]


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
