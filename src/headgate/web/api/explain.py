"""Why: of tasks, events and datasets; and the lineage of tasks."""

from typing import Annotated

from fastapi import APIRouter, Query

from headgate.core.explain.dataset.model import DatasetWhy
from headgate.core.explain.dataset.reading import why_dataset
from headgate.core.explain.event.model import EventWhy
from headgate.core.explain.event.reading import why_event
from headgate.core.explain.lineage.model import MOST_HOPS, Lineage
from headgate.core.explain.lineage.reading import lineage_of
from headgate.core.explain.task.model import TaskWhy
from headgate.core.explain.task.reading import why_task
from headgate.core.services import Services
from headgate.web.api.fields import RowId, Who
from headgate.web.api.places import DatasetPath, KeyQuery, RangeQuery, range_of

Depth = Annotated[int, Query(ge=1, le=MOST_HOPS, description="How many hops up and down.")]


def routes(services: Services) -> APIRouter:
    """Return the routes that explain."""
    router = APIRouter()

    @router.get("/tasks/{task_id}/why", operation_id="why_task", tags=["tasks"])
    async def get_task_why(task_id: RowId, who: Who) -> TaskWhy:
        """Explain a task: why it came to be, why it does not run, how it ended."""
        async with services.database.connection() as conn:
            return await why_task(conn, org_id=who.org_id, task_id=task_id)

    @router.get("/tasks/{task_id}/lineage", operation_id="get_task_lineage", tags=["tasks"])
    async def get_lineage(task_id: RowId, who: Who, depth: Depth = 3) -> Lineage:
        """Return what a task was made from, and what was made from it."""
        async with services.database.connection() as conn:
            return await lineage_of(conn, org_id=who.org_id, task_id=task_id, depth=depth)

    @router.get("/events/{event_id}/why", operation_id="why_event", tags=["datasets"])
    async def get_event_why(event_id: RowId, who: Who) -> EventWhy:
        """Explain what became of an event."""
        async with services.database.connection() as conn:
            return await why_event(conn, org_id=who.org_id, event_id=event_id)

    @router.get("/datasets/{name}/why", operation_id="why_dataset", tags=["datasets"])
    async def get_dataset_why(
        name: DatasetPath,
        who: Who,
        key: KeyQuery = None,
        range: RangeQuery = None,  # noqa: A002
    ) -> DatasetWhy:
        """Explain how fresh a dataset is, or its part at `key` or in `range`, up to the causes."""
        async with services.database.connection() as conn:
            return await why_dataset(
                conn, org_id=who.org_id, name=name, key=key, range=range_of(range)
            )

    return router
