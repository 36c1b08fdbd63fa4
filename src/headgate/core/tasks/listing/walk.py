"""Walking through the tasks of a filter, page by page, and counting them."""

from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from functools import partial
from typing import get_args

from headgate.core.database import Connection
from headgate.core.tasks import store as tasks
from headgate.core.tasks.listing import store
from headgate.core.tasks.listing.model import (
    NEWEST,
    Bounds,
    Counts,
    Look,
    Order,
    TaskFilter,
    TaskList,
)
from headgate.core.tasks.listing.rules import (
    CUT,
    FOLDED,
    belongs,
    counted,
    in_order,
    merged,
    narrowed,
    resume_at,
)
from headgate.core.tasks.model import Task, TaskState
from headgate.core.tasks.rules import task_of
from headgate.core.work.model import Outcome

WINDOW = 10_000  # rows that one look reads of a place
_MOST = 500  # candidates of a look, which are read again
_AT_ONCE = 100  # tasks described by one statement
_EACH = 200  # rows of a job's history at least, however many jobs there are

STATES: tuple[TaskState, ...] = get_args(TaskState)

_Source = Callable[[], Awaitable[Look]]


async def list_matching(
    conn: Connection,
    *,
    org_id: int,
    wanted: TaskFilter,
    order: Order = "newest",
    after: int | None = None,
    below: int = NEWEST,
    limit: int,
) -> TaskList:
    """Return up to `limit` tasks, in `order` after the id `after`, with ids below `below`."""
    bounds = Bounds(0, below, oldest=order == "oldest")
    if after is not None:
        bounds = narrowed(bounds, low=after) if bounds.oldest else narrowed(bounds, high=after)
    if wanted.ids is not None:
        ids, edge = in_order(wanted.ids, bounds), None
    else:
        asked = await _asked(conn, org_id=org_id, wanted=wanted, bounds=bounds, window=WINDOW)
        looks = [await source() for source in _sources(conn, wanted, asked)]
        ids, edge = merged(looks, oldest=bounds.oldest)
    found: list[Task] = []
    for start in range(0, len(ids), _AT_ONCE):
        found += await _described(conn, org_id, ids[start : start + _AT_ONCE], wanted)
        if len(found) > limit:
            return TaskList(found[:limit], found[limit - 1].id, complete=True)
    resume = None if edge is None else resume_at(edge, bounds=bounds)
    return TaskList(found, resume, complete=resume is None)


async def count_matching(
    conn: Connection,
    *,
    org_id: int,
    wanted: TaskFilter,
    states: Collection[TaskState] = STATES,
    below: int = NEWEST,
    window: int = WINDOW,
) -> Counts:
    """Count the tasks with ids < `below` in each of `states`, whatever states are wanted.

    Of each place the newest `window` rows are counted; where there are more it is not `exact`.
    """
    bounds = Bounds(0, below, oldest=False)
    if wanted.ids is not None:
        found = await _described(
            conn, org_id, in_order(wanted.ids, bounds), replace(wanted, states=tuple(states))
        )
        tally = Counter((task.state, task.job) for task in found)
        return counted(states, [(state, job, n) for (state, job), n in tally.items()], cut=())
    asked = await _asked(conn, org_id=org_id, wanted=wanted, bounds=bounds, window=window)
    rows = await store.count_tasks(
        conn,
        asked,
        with_ended=not {"succeeded", "merged", "replayed"}.isdisjoint(states),
        with_cancelled="cancelled" in states,
        with_dead="dead" in states,
    )
    return counted(
        states,
        [(row["state"], row["job"], row["tasks"]) for row in rows if row["state"]],
        cut={state for place, of in CUT.items() if rows[0][place] for state in of},
    )


async def _asked(
    conn: Connection, *, org_id: int, wanted: TaskFilter, bounds: Bounds, window: int
) -> store.Wanted:
    """Return the filter as the statements take it."""
    sessions = None
    if wanted.worker is not None:
        sessions = await store.sessions_of(conn, worker=wanted.worker)
    if wanted.created_since is not None:
        low, _ = await store.first_created_since(conn, at=wanted.created_since)
        bounds = narrowed(bounds, low=low)
    if wanted.created_until is not None:
        _, high = await store.first_created_since(conn, at=wanted.created_until)
        bounds = narrowed(bounds, high=high)
    return store.Wanted(
        org_id=org_id,
        bounds=bounds,
        jobs=None if wanted.jobs is None else list(wanted.jobs),
        sessions=sessions,
        partition=wanted.partition,
        since=wanted.created_since,
        until=wanted.created_until,
        code=wanted.error,
        window=window,
        each=max(_EACH, window // max(1, len(wanted.jobs or ()))),
        most=_MOST,
    )


def _sources(conn: Connection, wanted: TaskFilter, asked: store.Wanted) -> list[_Source]:
    """Return the looks whose candidates, merged, hold every task of the wanted states."""
    states = set(wanted.states)
    sources: list[_Source] = []
    if not states or states & {"pending", "waiting"}:
        both = not states or states >= {"pending", "waiting"}
        waiting = None if both else "waiting" in states
        sources.append(partial(store.pending_tasks, conn, asked, waiting=waiting))
    if not states or "running" in states:
        sources.append(partial(store.leased_tasks, conn, asked))
    if not states or "succeeded" in states:
        ended = store.ended_tasks if asked.jobs is None else store.ended_tasks_of_jobs
        outcomes = [int(Outcome.OK), int(Outcome.SKIPPED)] if states else None
        sources.append(partial(ended, conn, asked, outcomes=outcomes))
    if not states or "dead" in states:
        sources.append(partial(store.dead_tasks, conn, asked))
    rare = {outcome for state in states for outcome in FOLDED.get(state, ())}
    if rare:
        sources.append(partial(store.folded_tasks, conn, asked, outcomes=sorted(rare)))
    return sources


async def _described(
    conn: Connection, org_id: int, ids: list[int], wanted: TaskFilter
) -> list[Task]:
    """Return those of `ids` that are wanted, in their order, as they are now."""
    rows = await tasks.describe_tasks(conn, org_id=org_id, ids=ids)
    now = {row["id"]: task_of(row) for row in rows if _is_of(row["job_id"], wanted)}
    return [now[one] for one in ids if one in now and belongs(now[one], wanted)]


def _is_of(job_id: int, wanted: TaskFilter) -> bool:
    return wanted.jobs is None or job_id in wanted.jobs
