"""The event log: what happened, one event in full, and what followed from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BeforeValidator

from headgate.core.app import Kind, Range
from headgate.core.database import Connection
from headgate.core.errors import InvalidInput, Problem
from headgate.core.events.reading.model import NEWEST, EventFilter, ListedEvent
from headgate.core.events.reading.walk import list_matching
from headgate.core.events.store import Span
from headgate.core.explain.cascade.model import MOST_DEPTH, Cascade
from headgate.core.explain.cascade.reading import cascade_of
from headgate.core.explain.covered import store as covered
from headgate.core.explain.covered.model import CoveringTask
from headgate.core.explain.event.rules import no_event
from headgate.core.explain.event.store import routing_of
from headgate.core.observe.tracing import trace_id_of
from headgate.core.paging import Cursor, Page
from headgate.core.services import Services
from headgate.core.tasks.model import Payload
from headgate.core.tasks.store import payload
from headgate.web.api.fields import (
    MAX_ID,
    NO_NUL,
    CursorText,
    Limit,
    RowId,
    Who,
    Words,
    instant,
    row_id,
)
from headgate.web.api.places import RangeQuery, range_of

_TASKS = 100
_MAX_PAYLOAD = 64 * 1024
_Moment = Annotated[datetime, BeforeValidator(instant)]


@dataclass(frozen=True, slots=True)
class EventView:
    """One line of the event log. `producer_task` is the task that emitted it, if one did.

    A payload of more than 8 KiB is left out (`payload_omitted`); `payload_bytes` is what it takes
    where it is stored.
    """

    id: int
    dataset: str
    kind: Kind
    key: str | None
    range: Range | None
    payload: Any
    payload_bytes: int
    payload_omitted: bool
    at: datetime
    version: str | None
    producer_task: int | None
    trace_id: str | None


class EventPage(Page[EventView]):
    """A page of events; it is not `complete` when the look ended before it found enough of them.

    Then it may be empty, and `next_cursor` goes on.
    """

    complete: bool


@dataclass(frozen=True, slots=True)
class EventDetail:
    """One event: where it came from, its payload, and the tasks that it went to.

    `source` emitted it, or `producer_task` of `producer_job`; with neither a person or a program
    did. `edited`: a replay, for one job only. `payload` is the first 65,536 characters, null if
    there is none. `tasks` are the first 100 that were found.
    """

    id: int
    dataset: str
    kind: Kind
    key: str | None
    range: Range | None
    at: datetime
    version: str | None
    producer_task: int | None
    producer_job: str | None
    source: str | None
    edited: bool
    trace_id: str | None
    routed: bool
    payload: Payload | None
    tasks: Sequence[CoveringTask]
    more_tasks: bool


@dataclass(frozen=True, slots=True)
class EventQuery:
    """The filter of the list, each part a query parameter."""

    dataset: Words = None
    kind: Annotated[Kind | None, Query()] = None
    key: Annotated[
        str | None, Query(max_length=900, pattern=NO_NUL, description="How the key begins.")
    ] = None
    range: RangeQuery = None
    producer_task: Annotated[
        int | None, Query(ge=1, le=MAX_ID, description="The task that emitted it.")
    ] = None
    since: Annotated[_Moment | None, Query(description="The first time meant.")] = None
    until: Annotated[_Moment | None, Query(description="The first time not meant.")] = None

    def filter(self) -> EventFilter:
        """Return it as the core knows it; raise `InvalidInput` for a range that is none."""
        span = range_of(self.range)
        if span is not None and span[0] >= span[1]:
            why = "a range is [first, one past the last], first the lower"
            raise InvalidInput(
                "The range has no number in it.", problems=[Problem("/range", "range_order", why)]
            )
        return EventFilter(
            dataset=self.dataset,
            kind=self.kind,
            key_prefix=self.key,
            range=span,
            producer_task=self.producer_task,
            since=self.since,
            until=self.until,
        )


def routes(services: Services) -> APIRouter:
    """Return the routes of events."""
    router = APIRouter(prefix="/events", tags=["events"])

    @router.get("", operation_id="list_events")
    async def list_events(
        who: Who,
        query: Annotated[EventQuery, Depends()],
        cursor: CursorText = None,
        limit: Limit = 50,
    ) -> EventPage:
        """List events, newest first."""
        below = Cursor.parse(cursor, row_id)[0] if cursor else NEWEST
        async with services.database.connection() as conn:
            look = await list_matching(
                conn, org_id=who.org_id, wanted=query.filter(), below=below, limit=limit + 1
            )
        more = len(look.events) > limit
        go_on = look.events[limit - 1].id if more else look.go_on
        return EventPage(
            items=[view_of(event) for event in look.events[:limit]],
            next_cursor=None if go_on is None else str(Cursor((go_on,))),
            complete=more or go_on is None,
        )

    @router.get("/{event_id}", operation_id="get_event")
    async def get_event(event_id: RowId, who: Who) -> EventDetail:
        """Return one event with its payload, where it came from, and the tasks it went to."""
        async with services.database.connection() as conn:
            return await _detail(conn, org_id=who.org_id, event_id=event_id)

    @router.get("/{event_id}/cascade", operation_id="get_event_cascade")
    async def get_cascade(
        event_id: RowId,
        who: Who,
        depth: Annotated[int, Query(ge=1, le=MOST_DEPTH, description="How many hops down.")] = 6,
    ) -> Cascade:
        """Tell what followed from an event: hop by hop the jobs that ran or wait because of it."""
        async with services.database.connection() as conn:
            return await cascade_of(conn, org_id=who.org_id, event_id=event_id, depth=depth)

    return router


def view_of(event: ListedEvent) -> EventView:
    """Return an event as the API shows it in lists."""
    return EventView(
        id=event.id,
        dataset=event.dataset,
        kind=event.kind,
        key=event.key,
        range=event.range,
        payload=event.payload,
        payload_bytes=event.payload_bytes,
        payload_omitted=event.payload_omitted,
        at=event.at,
        version=event.version,
        producer_task=event.producer_task,
        trace_id=trace_id_of(event.trace),
    )


async def _detail(conn: Connection, *, org_id: int, event_id: int) -> EventDetail:
    routing = await routing_of(conn, org_id=org_id, event_id=event_id)
    if routing is None:
        raise no_event(event_id)
    span = Span(0, bulk=False, low=event_id, high=event_id + 1)
    (event,) = await covered.covered_events(conn, org_id=org_id, spans=[span], limit=1)
    line = await list_matching(
        conn, org_id=org_id, wanted=EventFilter(), below=event_id + 1, limit=1
    )
    covering = await covered.covering_tasks(
        conn, org_id=org_id, events=[event_id], limit=_TASKS + 1
    )
    tasks = await covered.covers(
        conn, org_id=org_id, task_ids=sorted({one.task_id for one in covering})
    )
    return EventDetail(
        id=event.id,
        dataset=event.dataset,
        kind=event.kind,
        key=event.key,
        range=event.range,
        at=event.at,
        version=event.version,
        producer_task=event.producer_task,
        producer_job=event.producer_job,
        source=event.source,
        edited=event.edited,
        trace_id=trace_id_of(line.events[0].trace),
        routed=routing.routed,
        payload=await payload(conn, org_id=org_id, event_id=event_id, most=_MAX_PAYLOAD),
        tasks=list(tasks.values())[:_TASKS],
        more_tasks=len(tasks) > _TASKS,
    )
