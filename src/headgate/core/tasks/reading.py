"""Finding and listing tasks."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from headgate.core.app import Event
from headgate.core.database import Connection
from headgate.core.errors import NotFound
from headgate.core.events.store import events_in
from headgate.core.tasks import store
from headgate.core.tasks.model import Task, TaskState
from headgate.core.tasks.rules import partition_of, state_of
from headgate.core.work.model import Outcome, spans_of
from headgate.core.work.rules import parse_ranges

NEWEST = 2**63 - 1
_MAX_INPUTS = 50

_Source = Callable[..., Awaitable[list[int]]]


async def resolve_job(conn: Connection, *, org_id: int, job: str | None) -> int | None:
    """Return the id of a job by name, None for None; raise `NotFound` for an unknown one."""
    if job is None:
        return None
    found = await store.job_id(conn, org_id=org_id, job=job)
    if found is None:
        raise NotFound(
            f"There is no job {job}.",
            hint="A job's name is <dag>.<job>; `headgate status` lists them.",
        )
    return found


async def find_task(conn: Connection, *, org_id: int, task_id: int) -> Task:
    """Return one task as it is now, or raise `NotFound`."""
    rows = await store.describe_tasks(conn, org_id=org_id, ids=[task_id])
    if not rows:
        raise NotFound(
            f"There is no task {task_id}.",
            hint="History is kept for a while only; the task may have been long ago.",
        )
    return _task(rows[0])


async def list_tasks(
    conn: Connection,
    *,
    org_id: int,
    state: TaskState | None = None,
    job: str | None = None,
    before: int = NEWEST,
    limit: int,
) -> list[Task]:
    """Return up to `limit` tasks below the id `before`, newest first.

    Reads indexes backwards from `before`, so the cost does not grow with the history.
    """
    job_id = await resolve_job(conn, org_id=org_id, job=job)
    sources = [partial(s, conn, org_id=org_id) for s in _sources(state, job_id)]
    found: list[Task] = []
    while len(found) < limit:
        ids: set[int] = set()
        for source in sources:
            ids.update(await source(before=before, limit=limit))
        newest = sorted(ids, reverse=True)[:limit]
        if not newest:
            break
        rows = await store.describe_tasks(conn, org_id=org_id, ids=newest)
        tasks = [_task(row) for row in rows]
        # A candidate may be in another state by now: a task that succeeded and was run again, say.
        found += [task for task in tasks if state in {None, task.state}]
        before = newest[-1]
        if len(newest) < limit:
            break
    return found[:limit]


async def input_events(
    conn: Connection, *, org_id: int, task_id: int
) -> list[tuple[Event, str | None]]:
    """Return the first events that a task covers, each with its trace."""
    rows = await store.describe_tasks(conn, org_id=org_id, ids=[task_id])
    spans = [
        span
        for row in rows
        for span in spans_of(row["job_id"], row["evs"], bulk=row["ckey"] == "b")
    ]
    found = await events_in(conn, spans=spans, limit=_MAX_INPUTS)
    return [(event, trace) for _, event, trace in found]


def _sources(state: TaskState | None, job_id: int | None) -> list[_Source]:
    """Return the statements whose ids, merged, hold every task in `state`."""
    pending = partial(store.pending_tasks, job_id=job_id)
    running = partial(store.leased_tasks, job_id=job_id)
    match state:
        case "pending" | "waiting":
            return [partial(pending, waiting=state == "waiting")]
        case "running":
            return [running]
        case "succeeded":
            return [_ended(job_id, [Outcome.OK, Outcome.SKIPPED])]
        case "dead":
            return [partial(store.dead_tasks, job_id=job_id)]
        case "cancelled":
            return [partial(store.cancelled_tasks, job_id=job_id)]
        case "merged" | "replayed":
            return [partial(store.folded_tasks, job_id=job_id)]
        case None:
            return [partial(pending, waiting=None), running, _ended(job_id, None)]


def _ended(job_id: int | None, outcomes: Sequence[Outcome] | None) -> _Source:
    if job_id is None:
        return partial(store.ended_tasks, outcomes=outcomes)
    return partial(store.ended_tasks_of_job, outcomes=outcomes, job_id=job_id)


def _task(row: dict[str, Any]) -> Task:
    leased, pending, outcome = row["leased"], row["pending"], row["outcome"]
    state = state_of(
        leased=leased,
        pending=pending,
        waiting=row["waiting"],
        outcome=outcome,
        replayed=row["replayed_by"] is not None,
    )
    open_ended = leased or pending
    return Task(
        id=row["id"],
        job=row["job"],
        state=state,
        partition=partition_of(row["ckey"]),
        ranges=parse_ranges(row["rngs"]),
        events_covered=row["n"],
        attempt=row["attempt"],
        created_at=row["created_at"],
        run_at=row["run_at"],
        started_at=row["started_at"],
        ended_at=None if open_ended else row["done_at"],
        cancel_requested=row["cancel_requested"],
        progress=row["progress"],
        error=None if state == "succeeded" else row["error"],
        dead_letter=row["dead_letter"],
        folded_into=row["folded_into"] if state == "merged" else None,
        replayed_by=row["replayed_by"] if state == "replayed" else None,
    )
