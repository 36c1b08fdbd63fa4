"""The registry of datasets, what happened to them, and what an invalidation of one touches."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from headgate.core.app import Kind, Range
from headgate.core.events.store import list_events
from headgate.core.explain.dataset import store
from headgate.core.explain.dataset.rules import no_dataset
from headgate.core.explain.impact.model import Impact, Invalidated
from headgate.core.explain.impact.reading import impact_of, invalidate
from headgate.core.observe.tracing import current_traceparent, trace_id_of
from headgate.core.paging import Cursor, Page, page_of
from headgate.core.services import Services
from headgate.web.api.fields import CursorText, Limit, Who, Words, plain_text, row_id
from headgate.web.api.places import DatasetPath, Part

_NEWEST = 10


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
    stale_since: Annotated[
        datetime | None,
        Field(description="Since when some of it is behind what it is made from; null if fresh."),
    ]


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


class DatasetDetail(Dataset):
    """A dataset with the newest events that happened to it."""

    events: list[EventView]


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
            rows = await store.registry(conn, org_id=who.org_id, after=after, limit=limit + 1)
        found = [Dataset(**row) for row in rows]
        return page_of(found, limit=limit, cursor=lambda dataset: Cursor((dataset.name,)))

    @router.get("/datasets/{name}", operation_id="get_dataset")
    async def get_dataset(name: DatasetPath, who: Who) -> DatasetDetail:
        """Return one dataset: who makes and who reads it, if it is fresh, its last events."""
        async with services.database.connection() as conn:
            rows = await store.registry(conn, org_id=who.org_id, name=name, limit=1)
            if not rows:
                raise no_dataset(name)
            events = await store.last_events(conn, org_id=who.org_id, name=name, limit=_NEWEST)
        return DatasetDetail(**rows[0], events=[_event(row) for row in events])

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

    _add_invalidation(router, services)
    return router


def _add_invalidation(router: APIRouter, services: Services) -> None:
    @router.post("/datasets/{name}/impact", operation_id="get_dataset_impact")
    async def get_impact(name: DatasetPath, part: Part, who: Who) -> Impact:
        """Tell what an invalidation of a dataset would touch; without a part, of all of it."""
        async with services.database.connection() as conn:
            return await impact_of(
                conn, org_id=who.org_id, name=name, key=part.key, range=part.pair
            )

    @router.post("/datasets/{name}/invalidate", operation_id="invalidate_dataset")
    async def invalidate_dataset(name: DatasetPath, part: Part, who: Who) -> Invalidated:
        """Say that what a dataset holds there is not right: what is made from it is made anew."""
        return await invalidate(
            services,
            org_id=who.org_id,
            name=name,
            key=part.key,
            range=part.pair,
            trace=current_traceparent(),
        )


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
