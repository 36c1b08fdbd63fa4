"""The statements of cascades, one function each."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from headgate.core.database import Connection
from headgate.core.events.model import KINDS
from headgate.core.explain.cascade.model import Left, Passed, ReachedTask, ReaderJob, StillStale
from headgate.core.explain.places import Place
from headgate.core.sql import load_queries

_SQL = load_queries(__package__)

_ON, _BACK = 10_000, 2000  # rows of a job's history that are looked at, from the time of the event
_KEYS = 5000  # by which pending tasks are looked for
_EMITTED = 20  # events of each task that are followed
_COVERED = 1000  # events of a hop that a task is told to cover


async def reader_jobs(
    conn: Connection, *, org_id: int, datasets: Sequence[int], limit: int
) -> list[ReaderJob]:
    cursor = await conn.execute(
        _SQL["reader_jobs"], {"org_id": org_id, "datasets": list(datasets), "limit": limit}
    )
    return [ReaderJob(**row) for row in await cursor.fetchall()]


async def passed_events(
    conn: Connection, *, org_id: int, events: Sequence[int], since: datetime
) -> list[Passed]:
    cursor = await conn.execute(
        _SQL["passed_events"], {"org_id": org_id, "events": list(events), "since": since}
    )
    return [
        Passed(
            id=row["id"],
            dataset_id=row["dataset_id"],
            dataset=row["dataset"],
            kind=KINDS[row["kind"]],
            key=row["key"],
            range=None if row["low"] is None else (row["low"], row["high"]),
            routed=row["routed"],
            only_job=row["only_job"],
            task_id=row["task_id"],
        )
        for row in await cursor.fetchall()
    ]


async def emitted_ids(
    conn: Connection, *, org_id: int, tasks: Sequence[int], since: datetime, limit: int
) -> list[int]:
    """Return the first events that the tasks emitted, at most 20 of each task."""
    cursor = await conn.execute(
        _SQL["emitted_ids"],
        {"org_id": org_id, "tasks": list(tasks), "since": since, "each": _EMITTED, "limit": limit},
    )
    return [row["id"] for row in await cursor.fetchall()]


async def reached_tasks(
    conn: Connection,
    *,
    org_id: int,
    events: Sequence[int],
    jobs: Sequence[int],
    since: datetime,
    limit: int,
) -> list[ReachedTask]:
    """Return the tasks of `jobs` that cover `events`, `limit` at most, and a row of each job."""
    cursor = await conn.execute(
        _SQL["reached_tasks"],
        {
            "org_id": org_id,
            "events": list(events),
            "jobs": list(jobs),
            "since": since,
            "on": _ON,
            "back": _BACK,
            "keys": _KEYS,
            "each": _COVERED,
            "limit": limit,
        },
    )
    return [ReachedTask(**row) for row in await cursor.fetchall()]


async def left_of_events(
    conn: Connection, *, jobs: Sequence[int], events: Sequence[int]
) -> list[Left]:
    cursor = await conn.execute(
        _SQL["left_of_events"], {"jobs": list(jobs), "events": list(events)}
    )
    return [Left(**row) for row in await cursor.fetchall()]


async def still_stale(
    conn: Connection, *, org_id: int, places: Mapping[str, Place]
) -> dict[str, StillStale]:
    """Return, by dataset, what is stale at its place; fresh ones are left out."""
    cursor = await conn.execute(
        _SQL["still_stale"],
        {
            "org_id": org_id,
            "names": list(places),
            "ranges": [place.multirange for place in places.values()],
            "keys": [place.key if not place.below else None for place in places.values()],
        },
    )
    return {row["dataset"]: StillStale(**row) for row in await cursor.fetchall()}
