"""Events that come by HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, Field

from headgate.core.observe.tracing import current_traceparent
from headgate.core.services import Services
from headgate.core.sources.http import MAX_BATCH, Sent, accept
from headgate.web.api.fields import DagName, Request, Text, Who


def _storable(payload: Any) -> Any:
    """Refuse what Postgres cannot keep as JSON; raise `ValueError`."""
    texts = [payload]
    while texts:
        value = texts.pop()
        if isinstance(value, str):
            value.encode()  # a lone surrogate
        elif isinstance(value, dict):
            texts += [*value, *value.values()]
        elif isinstance(value, list):
            texts += value
        elif isinstance(value, float) and not -1e308 < value < 1e308:  # noqa: PLR2004 - nor NaN
            raise ValueError("holds a number that is not finite")
    return payload


_Int8 = Annotated[int, Field(ge=-(2**63), le=2**63 - 1)]


class NewEvent(Request):
    """An event: a text `key` or a half-open `range`, as the source's dataset is partitioned."""

    key: Annotated[Text, Field(min_length=1, max_length=900)] | None = None
    range: Annotated[
        list[_Int8] | None,
        Field(min_length=2, max_length=2, description="The first, and one past the last."),
    ] = None
    payload: Annotated[
        Any, AfterValidator(_storable), Field(description="Any JSON of at most 192 KiB.")
    ] = None
    idempotency_key: Annotated[
        Annotated[Text, Field(min_length=1, max_length=500)] | None,
        Field(description="The same one again makes no second event."),
    ] = None


class NewEvents(Request):
    """Many events of one source."""

    events: Annotated[list[NewEvent], Field(min_length=1, max_length=MAX_BATCH)]


class AcceptedEvent(BaseModel):
    """The event's id; `duplicate` if it was there already."""

    event_id: int
    duplicate: bool


class AcceptedEvents(BaseModel):
    """What became of each event, in the order of the request."""

    events: list[AcceptedEvent]


def routes(services: Services) -> APIRouter:
    """Return the routes of HTTP sources."""
    router = APIRouter(prefix="/sources", tags=["sources"])

    @router.post("/{dag}/{source}/events", status_code=202, operation_id="send_event")
    async def send_event(dag: DagName, source: DagName, event: NewEvent, who: Who) -> AcceptedEvent:
        """Send one event to a source of kind `http`."""
        ((event_id, duplicate),) = await accept(
            services,
            org_id=who.org_id,
            dag=dag,
            source=source,
            events=[_sent(event)],
            trace=current_traceparent(),
        )
        return AcceptedEvent(event_id=event_id, duplicate=duplicate)

    @router.post("/{dag}/{source}/events:batch", status_code=202, operation_id="send_events")
    async def send_events(
        dag: DagName, source: DagName, batch: NewEvents, who: Who
    ) -> AcceptedEvents:
        """Send many events to a source of kind `http`: all of them are taken, or none.

        A refusal names every fault of every event. Give each an `idempotency_key` where the answer
        may get lost, and send the batch again.
        """
        accepted = await accept(
            services,
            org_id=who.org_id,
            dag=dag,
            source=source,
            events=[_sent(event) for event in batch.events],
            pointers=[f"/events/{number}" for number in range(len(batch.events))],
            trace=current_traceparent(),
        )
        return AcceptedEvents(
            events=[AcceptedEvent(event_id=id_, duplicate=again) for id_, again in accepted]
        )

    return router


def _sent(event: NewEvent) -> Sent:
    low, high = event.range or (0, 0)
    return Sent(
        key=event.key,
        range=(low, high) if event.range else None,
        payload=event.payload,
        idempotency_key=event.idempotency_key,
    )
