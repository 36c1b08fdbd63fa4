"""The registry of datasets, and the events that happened to them."""

from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel

from headgate.core.app import Kind, Range
from headgate.core.events.store import list_events
from headgate.core.observe import store
from headgate.core.observe.tracing import trace_id_of
from headgate.core.paging import Cursor, Page, page_of
from headgate.core.services import Services
from headgate.web.api.fields import CursorText, Limit, Who, Words, plain_text, row_id


class Dataset(BaseModel):
    """A dataset of the org: what it holds, who makes it, who reads it."""

    name: str
    dag: str
    description: str
    partitioning: Literal["key", "range"]
    unit: str | None
    storage: Literal["postgres", "s3"]
    write_mode: Literal["direct", "buffered"]
    location: str | None
    columns: dict[str, str]
    pii_columns: list[str]
    producer: str | None
    producer_kind: Literal["job", "source"] | None
    consumers: list[str]
    created_at: datetime
    updated_at: datetime


class EventView(BaseModel):
    """One line of the event log. `producer_task` is the task that emitted it, if one did."""

    id: int
    dataset: str
    kind: Kind
    key: str | None
    range: Range | None
    payload: Any
    at: datetime
    producer_task: int | None
    trace_id: str | None


def routes(services: Services) -> APIRouter:
    """Return the routes of datasets and events."""
    router = APIRouter(tags=["datasets"])

    @router.get("/datasets", operation_id="list_datasets")
    async def list_datasets(
        who: Who, cursor: CursorText = None, limit: Limit = 50
    ) -> Page[Dataset]:
        """List the datasets by name."""
        after = Cursor.parse(cursor, plain_text)[0] if cursor else ""
        async with services.database.connection() as conn:
            rows = await store.list_datasets(conn, org_id=who.org_id, after=after, limit=limit + 1)
        found = [Dataset(columns=row.pop("schema"), **row) for row in rows]
        return page_of(found, limit=limit, cursor=lambda dataset: Cursor((dataset.name,)))

    @router.get("/events", operation_id="list_events")
    async def list_the_events(
        who: Who, dataset: Words = None, cursor: CursorText = None, limit: Limit = 50
    ) -> Page[EventView]:
        """List events, newest first."""
        before = Cursor.parse(cursor, row_id)[0] if cursor else None
        async with services.database.connection() as conn:
            rows = await list_events(
                conn, org_id=who.org_id, dataset=dataset, before=before, limit=limit + 1
            )
        found = [_event(row) for row in rows]
        return page_of(found, limit=limit, cursor=lambda event: Cursor((event.id,)))

    return router


def _event(row: dict[str, Any]) -> EventView:
    return EventView(
        id=row["id"],
        dataset=row["dataset"],
        kind=row["kind"],
        key=row["key"],
        range=None if row["low"] is None else (row["low"], row["high"]),
        payload=row["payload"],
        at=row["at"],
        producer_task=row["producer_task"],
        trace_id=trace_id_of(row["trace"]),
    )
