"""Queues, what holds them, and workers."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query

from headgate.core.paging import Cursor, Page, page_of
from headgate.core.queues.model import Queue, QueueDetail, QueueState, WorkerLoad
from headgate.core.queues.reading import find_queue, list_queues, list_workers
from headgate.core.queues.store import FIRST, NEWEST
from headgate.core.services import Services
from headgate.web.api.fields import NO_NUL, CursorText, Limit, Who, row_id

JobPath = Annotated[
    str,
    Path(
        pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_-]*$", max_length=200, description="`<dag>.<job>`"
    ),
]
NamePart = Annotated[
    str | None, Query(max_length=200, pattern=NO_NUL, description="Part of the job's full name.")
]
Hours = Annotated[int, Query(ge=1, le=168, description="How far its series looks back.")]


def routes(services: Services, *, lease_seconds: float) -> APIRouter:
    """Return the routes of queues and workers; a worker may be silent for `lease_seconds`."""
    router = APIRouter(tags=["queues"])

    @router.get("/queues", operation_id="list_queues")
    async def get_queues(
        who: Who,
        state: Annotated[QueueState | None, Query()] = None,
        q: NamePart = None,
        cursor: CursorText = None,
        limit: Limit = 50,
    ) -> Page[Queue]:
        """List the queues of jobs: paused and held ones first, then by how many tasks wait."""
        after = Cursor.parse(cursor, row_id, row_id, row_id) if cursor else FIRST
        async with services.database.connection() as conn:
            found = await list_queues(
                conn,
                org_id=who.org_id,
                state=state,
                q=q,
                after=(min(after[0], FIRST[0]), after[1], after[2]),
                limit=limit + 1,
            )
        page = page_of(found, limit=limit, cursor=lambda placed: Cursor(placed.place))
        return Page(items=[placed.queue for placed in page.items], next_cursor=page.next_cursor)

    @router.get("/queues/{job}", operation_id="get_queue")
    async def get_queue(job: JobPath, who: Who, hours: Hours = 6) -> QueueDetail:
        """Return the queue of one job, its last hours, and the workers that it has."""
        async with services.database.connection() as conn:
            return await find_queue(
                conn,
                org_id=who.org_id,
                job=job,
                span=timedelta(hours=hours),
                now=services.clock(),
                lease=lease_seconds,
            )

    @router.get("/workers", operation_id="list_workers")
    async def get_workers(
        who: Who, cursor: CursorText = None, limit: Limit = 50
    ) -> Page[WorkerLoad]:
        """List workers, newest first: what each has in hand, and when it was heard of."""
        before = Cursor.parse(cursor, row_id)[0] if cursor else NEWEST
        async with services.database.connection() as conn:
            found = await list_workers(
                conn, org_id=who.org_id, lease=lease_seconds, before=before, limit=limit + 1
            )
        return page_of(found, limit=limit, cursor=lambda worker: Cursor((worker.id,)))

    return router
