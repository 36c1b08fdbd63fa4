"""Acts on many tasks: cancel and retry what a filter finds, counted first if so asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from headgate.core.services import Services
from headgate.core.tasks.bulk.asking import plan_act, start_act
from headgate.core.tasks.bulk.model import Action
from headgate.core.tasks.model import Task
from headgate.web.api.fields import Request, Who
from headgate.web.api.task_filters import TaskChoice


class TaskAct(Request):
    """What to do to which tasks, to at most how many of them a second.

    A `dry_run` counts, and changes nothing.
    """

    action: Action
    filter: TaskChoice
    dry_run: bool = False
    rate_per_second: Annotated[float, Field(ge=0.001, le=100_000)] | None = None


@dataclass(frozen=True, slots=True)
class ActPreview:
    """How many tasks an act would be done to now: `matched`, or more than that if not `exact`.

    `by_job` has the 100 jobs with the most of them, `sample` the five oldest tasks.
    """

    matched: int
    exact: bool
    by_job: Mapping[str, int]
    sample: Sequence[Task]


@dataclass(frozen=True, slots=True)
class ActResult:
    """What a dry run found, or the operation as which the act goes on and can be cancelled."""

    dry_run: bool
    operation: UUID | None
    preview: ActPreview | None


def add_bulk_routes(router: APIRouter, services: Services) -> None:
    """Add the acts on many tasks."""

    @router.post(
        "/bulk",
        operation_id="act_on_tasks",
        responses={202: {"model": ActResult, "description": "It goes on as an operation."}},
    )
    async def act_on_tasks(request: TaskAct, who: Who, response: Response) -> ActResult:
        """Cancel or retry the tasks that a filter finds now, or only count them."""
        async with services.database.connection() as conn:
            chosen = await request.filter.filter(conn, org_id=who.org_id)
        if request.dry_run:
            plan = await plan_act(services, who=who, action=request.action, chosen=chosen)
            preview = ActPreview(plan.matched, plan.exact, plan.by_job, plan.sample)
            return ActResult(dry_run=True, operation=None, preview=preview)
        operation = await start_act(
            services, who=who, action=request.action, chosen=chosen, rate=request.rate_per_second
        )
        response.status_code = 202
        response.headers["Location"] = f"/api/v1/operations/{operation}"
        return ActResult(dry_run=False, operation=operation, preview=None)
