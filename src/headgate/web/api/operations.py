"""Operations: what people asked for that takes a while."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, computed_field

from headgate.core.operations import steering, store
from headgate.core.operations.rules import can_cancel
from headgate.core.operations.store import State
from headgate.core.paging import Cursor, Page, page_of
from headgate.core.services import Services
from headgate.web.api.fields import CursorText, Limit, Who, Words, instant, uuid


class Operation(BaseModel):
    """Something that was asked for: how far it is, what came out, whether it can be cancelled."""

    id: UUID
    kind: str
    actor: str
    subject: str
    state: State
    done: int
    total: int
    message: str
    result: dict[str, Any] | None
    problems: list[dict[str, Any]]
    cancel_requested: bool
    created_at: datetime
    updated_at: datetime

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorated properties
    @property
    def cancellable(self) -> bool:
        return can_cancel(kind=self.kind, state=self.state)


def routes(services: Services) -> APIRouter:
    """Return the routes of operations."""
    router = APIRouter(prefix="/operations", tags=["operations"])

    @router.get("", operation_id="list_operations")
    async def list_operations(
        *,
        who: Who,
        kind: Words = None,
        state: Annotated[State | None, Query()] = None,
        actor: Words = None,
        cursor: CursorText = None,
        limit: Limit = 50,
    ) -> Page[Operation]:
        """List operations, newest first."""
        before = Cursor.parse(cursor, instant, uuid) if cursor else None
        async with services.database.connection() as conn:
            rows = await store.list_operations(
                conn,
                org_id=who.org_id,
                kind=kind,
                state=state,
                actor=actor,
                before=(before[0], before[1]) if before else None,
                limit=limit + 1,
            )
        return page_of(
            [Operation(**row) for row in rows],
            limit=limit,
            cursor=lambda o: Cursor((o.created_at.isoformat(), str(o.id))),
        )

    @router.get("/{operation_id}", operation_id="get_operation")
    async def get_operation(operation_id: UUID, who: Who) -> Operation:
        """Return one operation."""
        async with services.database.connection() as conn:
            found = await steering.find_operation(
                conn, org_id=who.org_id, operation_id=operation_id
            )
        return Operation(**found)

    @router.post("/{operation_id}/cancel", operation_id="cancel_operation")
    async def cancel(operation_id: UUID, who: Who) -> Operation:
        """Ask for the end of a running operation. What it has done stays done."""
        return Operation(**await steering.cancel(services, who=who, operation_id=operation_id))

    return router
