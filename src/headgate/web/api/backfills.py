"""Backfills: what is left of big events, and stopping them."""

from fastapi import APIRouter

from headgate.core.explain.backfill import steering, store
from headgate.core.explain.backfill.model import Backfill
from headgate.core.paging import Cursor, Page, page_of
from headgate.core.services import Services
from headgate.web.api.fields import CursorText, JobName, Limit, RowId, Who, row_id


def routes(services: Services) -> APIRouter:
    """Return the routes of backfills."""
    router = APIRouter(prefix="/backfills", tags=["datasets"])

    @router.get("", operation_id="list_backfills")
    async def list_backfills(
        who: Who, job: JobName = None, cursor: CursorText = None, limit: Limit = 50
    ) -> Page[Backfill]:
        """List backfills of which something is left, newest first."""
        before = Cursor.parse(cursor, row_id)[0] if cursor else store.NEWEST
        async with services.database.connection() as conn:
            found = await store.list_backfills(
                conn, org_id=who.org_id, job=job, before=before, limit=limit + 1
            )
        return page_of(found, limit=limit, cursor=lambda backfill: Cursor((backfill.id,)))

    @router.post("/{backfill_id}/cancel", operation_id="cancel_backfill")
    async def cancel(backfill_id: RowId, who: Who) -> Backfill:
        """Make no more tasks of a backfill; those that it became stay. It can be resumed."""
        return await steering.cancel(services, org_id=who.org_id, backfill_id=backfill_id)

    @router.post("/{backfill_id}/resume", operation_id="resume_backfill")
    async def resume(backfill_id: RowId, who: Who) -> Backfill:
        """Go on with a cancelled backfill."""
        return await steering.resume(services, org_id=who.org_id, backfill_id=backfill_id)

    return router
