"""Tasks: what is done, was done and will be; cancel and retry."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from headgate.core.paging import Cursor, Page, page_of
from headgate.core.services import Services
from headgate.core.tasks import reading, steering, store
from headgate.core.tasks.listing.model import Order, StateCount
from headgate.core.tasks.listing.walk import count_matching, list_matching
from headgate.core.tasks.model import LogLine, Task
from headgate.web.api.fields import CursorText, Limit, RowId, Who, instant, row_id
from headgate.web.api.task_filters import TaskQuery
from headgate.web.api.task_story import TaskDetail, story_of
from headgate.web.api.tasks_in_bulk import add_bulk_routes


class TaskPage(Page[Task]):
    """A page of tasks; it is not `complete` when the look ended before it found enough of them.

    Then it may be empty, and `next_cursor` goes on. `counts` comes with the first page: how many
    tasks of each state the filter without its states finds, or at least so many, if not `exact`.
    """

    complete: bool
    counts: Sequence[StateCount] | None


def routes(services: Services) -> APIRouter:
    """Return the routes of tasks."""
    router = APIRouter(prefix="/tasks", tags=["tasks"])

    _add_lists(router, services)
    add_bulk_routes(router, services)
    _add_logs(router, services)
    _add_steering(router, services)
    return router


def _add_lists(router: APIRouter, services: Services) -> None:
    @router.get("", operation_id="list_tasks")
    async def list_tasks(
        *,
        who: Who,
        query: Annotated[TaskQuery, Depends()],
        order: Annotated[Order, Query()] = "newest",
        cursor: CursorText = None,
        limit: Limit = 50,
    ) -> TaskPage:
        """List tasks, the newest or the oldest first."""
        after = Cursor.parse(cursor, row_id)[0] if cursor else None
        async with services.database.connection() as conn:
            wanted = await query.filter(conn, org_id=who.org_id)
            found = await list_matching(
                conn, org_id=who.org_id, wanted=wanted, order=order, after=after, limit=limit
            )
            counts = (
                await count_matching(conn, org_id=who.org_id, wanted=wanted)
                if after is None
                else None
            )
        return TaskPage(
            items=list(found.tasks),
            next_cursor=None if found.resume is None else str(Cursor((found.resume,))),
            complete=found.complete,
            counts=None if counts is None else counts.by_state,
        )

    @router.get("/{task_id}", operation_id="get_task")
    async def get_task(task_id: RowId, who: Who) -> TaskDetail:
        """Return one task: attempts, inputs, outputs, its dead letter and who carried it on."""
        async with services.database.connection() as conn:
            return await story_of(conn, who=who, task_id=task_id)


def _add_logs(router: APIRouter, services: Services) -> None:
    @router.get("/{task_id}/logs", operation_id="get_task_logs")
    async def get_logs(
        task_id: RowId,
        who: Who,
        after: CursorText = None,
        limit: Limit = 200,
    ) -> Page[LogLine]:
        """Return what the task logged, oldest first. The last page may grow."""
        since, skip = Cursor.parse(after, instant, row_id) if after else (None, 0)
        async with services.database.connection() as conn:
            await reading.find_task(conn, org_id=who.org_id, task_id=task_id)
            lines = await store.task_logs(
                conn,
                org_id=who.org_id,
                task_id=task_id,
                since=since,
                skip=skip,
                limit=limit + 1,
            )

        def cursor_after(line: LogLine) -> Cursor:
            same = sum(other.at == line.at for other in lines[:limit])
            return Cursor((line.at.isoformat(), same + (skip if line.at == since else 0)))

        return page_of(lines, limit=limit, cursor=cursor_after)


def _add_steering(router: APIRouter, services: Services) -> None:
    @router.post("/{task_id}/cancel", operation_id="cancel_task")
    async def cancel(task_id: RowId, who: Who) -> TaskDetail:
        """End a pending task now, or ask the worker of a running one to end it."""
        await steering.cancel(services, who=who, task_id=task_id)
        async with services.database.connection() as conn:
            return await story_of(conn, who=who, task_id=task_id)

    @router.post("/{task_id}/retry", operation_id="retry_task")
    async def retry(task_id: RowId, who: Who) -> TaskDetail:
        """Run a waiting task now, redrive a dead one, or run one again that has ended."""
        await steering.retry(services, who=who, task_id=task_id)
        async with services.database.connection() as conn:
            return await story_of(conn, who=who, task_id=task_id)
