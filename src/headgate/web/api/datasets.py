"""Datasets: how fresh they are, their history and lineage, what an invalidation touches."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Annotated

from fastapi import APIRouter, Query

from headgate.core.events.reading.model import EventFilter
from headgate.core.events.reading.walk import list_matching
from headgate.core.explain.impact.model import Impact, Invalidated
from headgate.core.explain.impact.reading import impact_of, invalidate
from headgate.core.explain.inventory import reading
from headgate.core.explain.inventory.model import Dataset, DatasetHistory, StaleParts
from headgate.core.explain.lineage.datasets.model import MOST_STEPS, DatasetLineage
from headgate.core.explain.lineage.datasets.walk import dataset_lineage
from headgate.core.observe.tracing import current_traceparent
from headgate.core.paging import Cursor, Page, page_of
from headgate.core.services import Services
from headgate.web.api.events import EventView, view_of
from headgate.web.api.fields import NO_NUL, CursorText, Limit, Who, plain_text
from headgate.web.api.places import DatasetPath, Part

_NEWEST = 10
_MOST_DAYS = 90

NamePart = Annotated[
    str | None, Query(max_length=200, pattern=NO_NUL, description="Only names with this in them.")
]
Stale = Annotated[
    bool | None, Query(description="Only datasets of which some is stale; false: only fresh ones.")
]
Steps = Annotated[int, Query(ge=0, le=MOST_STEPS, description="How many jobs away at most.")]
Days = Annotated[int, Query(ge=1, le=_MOST_DAYS, description="How many days, up to today.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetDetail(Dataset):
    """A dataset with what of it is stale, and the newest 10 events and invalidations of it."""

    stale: StaleParts
    events: Sequence[EventView]
    invalidations: Sequence[EventView]


def routes(services: Services) -> APIRouter:
    """Return the routes of datasets."""
    router = APIRouter(tags=["datasets"])

    @router.get("/datasets", operation_id="list_datasets")
    async def list_datasets(
        who: Who,
        q: NamePart = None,
        stale: Stale = None,
        cursor: CursorText = None,
        limit: Limit = 50,
    ) -> Page[Dataset]:
        """List the datasets by name: who makes and reads each, how fresh it is."""
        after = Cursor.parse(cursor, plain_text)[0] if cursor else ""
        async with services.database.connection() as conn:
            found = await reading.list_datasets(
                conn, org_id=who.org_id, words=q, stale=stale, after=after, limit=limit + 1
            )
        return page_of(found, limit=limit, cursor=lambda dataset: Cursor((dataset.name,)))

    @router.get("/datasets/{name}", operation_id="get_dataset")
    async def get_dataset(name: DatasetPath, who: Who) -> DatasetDetail:
        """Return one dataset: who makes and who reads it, what of it is stale, its last events."""
        wanted = EventFilter(dataset=name)
        replaced = EventFilter(dataset=name, kind="invalidate")
        org_id = who.org_id
        async with services.database.connection() as conn:
            found, stale = await reading.dataset_in_full(conn, org_id=org_id, name=name)
            events = await list_matching(conn, org_id=org_id, wanted=wanted, limit=_NEWEST)
            invalid = await list_matching(conn, org_id=org_id, wanted=replaced, limit=_NEWEST)
        return DatasetDetail(
            **{field.name: getattr(found, field.name) for field in fields(Dataset)},
            stale=stale,
            events=[view_of(event) for event in events.events],
            invalidations=[view_of(event) for event in invalid.events],
        )

    @router.get("/datasets/{name}/lineage", operation_id="get_dataset_lineage")
    async def get_lineage(
        name: DatasetPath, who: Who, up: Steps = 3, down: Steps = 3
    ) -> DatasetLineage:
        """Return what a dataset is made from and what is made from it, with how all of it is."""
        async with services.database.connection() as conn:
            return await dataset_lineage(conn, org_id=who.org_id, name=name, up=up, down=down)

    @router.get("/datasets/{name}/history", operation_id="get_dataset_history")
    async def get_history(name: DatasetPath, who: Who, days: Days = 7) -> DatasetHistory:
        """Return how many events came into a dataset, by the hour or by the day."""
        async with services.database.connection() as conn:
            return await reading.history_of(
                conn, org_id=who.org_id, name=name, days=days, now=services.clock()
            )

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
