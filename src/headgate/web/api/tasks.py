"""Tasks: what is done, was done and will be; cancel and retry."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from headgate.core.access import Principal
from headgate.core.app import Kind, Range
from headgate.core.observe.tracing import trace_id_of
from headgate.core.paging import Cursor, Page, page_of
from headgate.core.services import Services
from headgate.core.tasks import reading, steering, store
from headgate.core.tasks.model import Attempt, LogLine, Task, TaskState
from headgate.web.api.fields import CursorText, JobName, Limit, RowId, Who, instant, row_id

_MAX_ATTEMPTS = 200


@dataclass(frozen=True, slots=True)
class EventSummary:
    """An event that a task covers, without its payload."""

    id: int
    dataset: str
    kind: Kind
    key: str | None
    range: Range | None
    at: datetime
    trace_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDetail(Task):
    """A task with its newest attempts, oldest of them first, and the first events it covers."""

    attempts: Sequence[Attempt]
    inputs: Sequence[EventSummary]


def routes(services: Services) -> APIRouter:
    """Return the routes of tasks."""
    router = APIRouter(prefix="/tasks", tags=["tasks"])

    @router.get("", operation_id="list_tasks")
    async def list_tasks(
        who: Who,
        state: Annotated[TaskState | None, Query()] = None,
        job: JobName = None,
        cursor: CursorText = None,
        limit: Limit = 50,
    ) -> Page[Task]:
        """List tasks, newest first."""
        before = Cursor.parse(cursor, row_id)[0] if cursor else reading.NEWEST
        async with services.database.connection() as conn:
            found = await reading.list_tasks(
                conn, org_id=who.org_id, state=state, job=job, before=before, limit=limit + 1
            )
        return page_of(found, limit=limit, cursor=lambda task: Cursor((task.id,)))

    @router.get("/{task_id}", operation_id="get_task")
    async def get_task(task_id: RowId, who: Who) -> TaskDetail:
        """Return one task with its attempts and inputs."""
        return await _detail(services, who, task_id)

    _add_logs(router, services)
    _add_steering(router, services)
    return router


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
        return await _detail(services, who, task_id)

    @router.post("/{task_id}/retry", operation_id="retry_task")
    async def retry(task_id: RowId, who: Who) -> TaskDetail:
        """Run a waiting task now, redrive a dead one, or run one again that has ended."""
        await steering.retry(services, who=who, task_id=task_id)
        return await _detail(services, who, task_id)


async def _detail(services: Services, who: Principal, task_id: int) -> TaskDetail:
    async with services.database.connection() as conn:
        task = await reading.find_task(conn, org_id=who.org_id, task_id=task_id)
        attempts = await store.attempts(
            conn, org_id=who.org_id, task_id=task_id, limit=_MAX_ATTEMPTS
        )
        events = await reading.input_events(conn, org_id=who.org_id, task_id=task_id)
    return TaskDetail(
        **{field.name: getattr(task, field.name) for field in fields(Task)},
        attempts=attempts,
        inputs=[
            EventSummary(
                event.id,
                event.dataset,
                event.kind,
                event.key,
                event.range,
                event.at,
                trace_id_of(trace),
            )
            for event, trace in events
        ],
    )
