"""Finding and cancelling operations."""

from typing import Any
from uuid import UUID

from headgate.core.access import Principal
from headgate.core.database import Connection
from headgate.core.errors import NotFound
from headgate.core.operations import store
from headgate.core.operations.rules import check_cancel
from headgate.core.services import Services


async def find_operation(conn: Connection, *, org_id: int, operation_id: UUID) -> dict[str, Any]:
    """Return one operation, or raise `NotFound`."""
    found = await store.find(conn, org_id=org_id, id=operation_id)
    if found is None:
        raise NotFound(
            f"There is no operation {operation_id}.",
            hint="`headgate operation list` shows them; what ended long ago is forgotten.",
        )
    return found


async def cancel(services: Services, *, who: Principal, operation_id: UUID) -> dict[str, Any]:
    """Ask for the end of a running operation; return it as it is now.

    What was done stays done. Asking again changes nothing. Raises `NotFound`, and `Conflict` for an
    operation that has ended or that cannot be cancelled.
    """
    async with services.database.connection() as conn:
        found = await find_operation(conn, org_id=who.org_id, operation_id=operation_id)
        check_cancel(kind=found["kind"], state=found["state"])
        await store.request_cancel(conn, org_id=who.org_id, id=operation_id)
        # It may have ended between the two statements; then its state says so.
        found = await find_operation(conn, org_id=who.org_id, operation_id=operation_id)
    services.wake.signal("changed")
    return found
