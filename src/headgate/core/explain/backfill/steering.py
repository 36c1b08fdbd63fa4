"""Stopping a backfill, and going on with it."""

from headgate.core.errors import Conflict, NotFound
from headgate.core.explain.backfill import store
from headgate.core.explain.backfill.model import Backfill
from headgate.core.services import Services


async def cancel(services: Services, *, org_id: int, backfill_id: int) -> Backfill:
    """Make no more tasks of a backfill; those that it became stay. It can be resumed.

    Raises `NotFound`, and `Conflict` if it is cancelled already.
    """
    return await _set(services, org_id=org_id, backfill_id=backfill_id, cancelled=True)


async def resume(services: Services, *, org_id: int, backfill_id: int) -> Backfill:
    """Go on with a cancelled backfill; raises `NotFound`, and `Conflict` if it goes on already."""
    return await _set(services, org_id=org_id, backfill_id=backfill_id, cancelled=False)


async def _set(services: Services, *, org_id: int, backfill_id: int, cancelled: bool) -> Backfill:
    async with services.database.connection() as conn:
        changed = await store.set_cancelled(
            conn, org_id=org_id, id=backfill_id, cancelled=cancelled
        )
        found = await store.find_backfill(conn, org_id=org_id, id=backfill_id)
    if found is None:
        raise NotFound(
            f"There is no backfill {backfill_id} of which something is left.",
            hint="`headgate backfill list` shows those that are under way or cancelled.",
        )
    if not changed:
        raise Conflict(
            f"Backfill {backfill_id} {'is cancelled' if cancelled else 'goes on'} already."
        )
    services.wake.signal("emitted")
    return found
