"""Asking for an act on many tasks: counting what it would do, and starting it."""

from dataclasses import replace
from itertools import islice
from uuid import UUID, uuid4

from headgate.core.access import Principal
from headgate.core.database import Connection
from headgate.core.operations import store as operations
from headgate.core.services import Services
from headgate.core.tasks.bulk import store
from headgate.core.tasks.bulk.model import ActCourse, Action, ActPlan
from headgate.core.tasks.bulk.rules import fitting, written
from headgate.core.tasks.listing.model import Counts, TaskFilter
from headgate.core.tasks.listing.walk import count_matching, list_matching

KIND = "task_act"
MAX_COUNTED = 100_000
_SAMPLE = 5
_JOBS = 100


async def plan_act(
    services: Services, *, who: Principal, action: Action, chosen: TaskFilter
) -> ActPlan:
    """Count the tasks that an act would be done to now, with the oldest of them.

    Raises `InvalidInput` for a state that the act does not fit. Without one, a cancel means all
    that has not ended, and a retry what is dead or waits.
    """
    chosen = replace(chosen, states=fitting(action, chosen.states))
    async with services.database.transaction(read_only=True) as conn:
        counts = await _counted(conn, who, chosen)
        first = await list_matching(
            conn, org_id=who.org_id, wanted=chosen, order="oldest", limit=_SAMPLE
        )
    return ActPlan(
        matched=min(counts.total, MAX_COUNTED),
        exact=counts.exact and counts.total <= MAX_COUNTED,
        by_job=dict(islice(counts.by_job.items(), _JOBS)),
        sample=first.tasks,
    )


async def start_act(
    services: Services,
    *,
    who: Principal,
    action: Action,
    chosen: TaskFilter,
    rate: float | None = None,
) -> UUID:
    """Begin an act on the tasks that are chosen now, at most `rate` a second; return its operation.

    `operating.run_operations` carries it out. Raises `InvalidInput` as `plan_act` does.
    """
    chosen = replace(chosen, states=fitting(action, chosen.states))
    operation = uuid4()
    async with services.database.transaction() as conn:
        moment = await store.moment(conn)
        counts = await _counted(conn, who, chosen)
        course = ActCourse(action, chosen, rate, last=moment.last, asked_at=moment.at)
        await operations.start(
            conn,
            id=operation,
            org_id=who.org_id,
            kind=KIND,
            actor=who.name,
            subject=f"{action} {counts.total:,}{'' if counts.exact else ' or more'} tasks",
            total=counts.total,
            result=written(course),
        )
    services.wake.signal("changed")
    return operation


async def _counted(conn: Connection, who: Principal, chosen: TaskFilter) -> Counts:
    return await count_matching(
        conn, org_id=who.org_id, wanted=chosen, states=chosen.states, window=MAX_COUNTED + 1
    )
