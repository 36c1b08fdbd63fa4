"""Reading queues and workers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from headgate.core.database import Connection
from headgate.core.errors import NotFound
from headgate.core.explain.waiting.model import Hold
from headgate.core.explain.waiting.pressure import hold_reason
from headgate.core.flow import store as flow_store
from headgate.core.flow.reading import flow_of
from headgate.core.queues import store
from headgate.core.queues.model import JobInHand, Queue, QueueDetail, QueueState, WorkerLoad
from headgate.core.queues.rules import (
    drained_in,
    paused_reason,
    queue_pressure,
    with_open_end,
    worker_state,
    worker_text,
)
from headgate.core.queues.store import FIRST, NEWEST, Place

_SPANS = 100
_WORKERS = 50


@dataclass(frozen=True, slots=True)
class Placed:
    """A queue, and where in the list it is."""

    queue: Queue
    place: Place


async def list_queues(
    conn: Connection,
    *,
    org_id: int,
    state: QueueState | None = None,
    q: str | None = None,
    after: Place = FIRST,
    limit: int,
) -> list[Placed]:
    """Return queues: paused and held ones first, then those with the most waiting tasks.

    `q` is part of a job's name.
    """
    rows = await store.queues(conn, org_id=org_id, state=state, q=q, after=after, limit=limit)
    held = await store.holds(conn, jobs=[row["id"] for row in rows])
    return [
        Placed(_queue(row, held.get(row["id"], ())), (row["rank"], row["waiting"], row["id"]))
        for row in rows
    ]


async def find_queue(
    conn: Connection, *, org_id: int, job: str, span: timedelta, now: datetime, lease: float
) -> QueueDetail:
    """Return the queue of a job, `<dag>.<job>`, with what it was in the last `span`.

    `lease` is how many seconds a worker may be silent. Raises `NotFound`.
    """
    rows = await store.queues(conn, org_id=org_id, job=job, limit=1)
    if not rows:
        raise NotFound(f"There is no job {job}.", hint="`headgate queue list` lists them.")
    (row,) = rows
    held = (await store.holds(conn, jobs=[row["id"]])).get(row["id"], ())
    queue = _queue(row, held)
    spans = await flow_store.held_spans(
        conn, org_id=org_id, job_id=row["id"], since=now - span, limit=_SPANS
    )
    return QueueDetail(
        **{field.name: getattr(queue, field.name) for field in fields(queue)},
        flow=await flow_of(conn, org_id=org_id, job=job, span=span, now=now),
        held=with_open_end(spans, holding={hold.reason for hold in held}, now=now),
        workers=await list_workers(
            conn, org_id=org_id, lease=lease, job_id=row["id"], limit=_WORKERS
        ),
    )


async def list_workers(
    conn: Connection,
    *,
    org_id: int,
    lease: float,
    before: int = NEWEST,
    limit: int,
    job_id: int | None = None,
) -> list[WorkerLoad]:
    """Return workers, newest first; with a job those that run it now or lately did.

    `lease` is how many seconds a worker may be silent.
    """
    rows = await store.workers(conn, org_id=org_id, before=before, limit=limit, job_id=job_id)
    return [_worker(row, lease) for row in rows]


def _queue(row: Mapping[str, Any], holds: Sequence[Hold]) -> Queue:
    stopped = row["state"] in {"paused", "held"}
    return Queue(
        job=row["job"],
        dag=row["dag"],
        state=row["state"],
        waiting=row["waiting"],
        delayed=row["delayed"],
        exact=row["exact"],
        running=row["running"],
        oldest_seconds=row["oldest_seconds"],
        max_concurrency=row["max_concurrency"],
        rate=row["rate"],
        priority=row["priority"],
        runtime=row["runtime"],
        paused=row["paused"],
        holds=[*([paused_reason(row["job"])] if row["paused"] else ()), *map(hold_reason, holds)],
        pressure=queue_pressure(row),
        done_per_second=row["done_per_second"],
        drained_in_seconds=drained_in(
            waiting=row["waiting"], per_second=row["done_per_second"], stopped=stopped
        ),
    )


def _worker(row: Mapping[str, Any], lease: float) -> WorkerLoad:
    heartbeat = max(0.0, row["expired_seconds"] + lease)
    state = worker_state(heartbeat=heartbeat, lease=lease)
    return WorkerLoad(
        id=row["id"],
        worker=row["worker"],
        state=state,
        text=worker_text(state, heartbeat=heartbeat, lease=lease, in_flight=row["in_flight"]),
        capacity=row["capacity"],
        in_flight=row["in_flight"],
        started_at=row["started_at"],
        heartbeat_seconds=heartbeat,
        jobs=[JobInHand(**job) for job in row["jobs"]],
    )
