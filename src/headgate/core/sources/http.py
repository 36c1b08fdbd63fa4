"""Events that come by HTTP."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from headgate.core.app import Range
from headgate.core.errors import Conflict, InvalidInput, NotFound, Problem
from headgate.core.events.model import NewEvent
from headgate.core.events.rules import problems_of
from headgate.core.events.store import emit, events_of_keys
from headgate.core.services import Services
from headgate.core.sources import store

MAX_BATCH = 10_000


@dataclass(frozen=True, slots=True)
class Sent:
    """An event as a client sends it. The same `idempotency_key` again makes no second event."""

    key: str | None = None
    range: Range | None = None
    payload: Any = None
    idempotency_key: str | None = None


Accepted = tuple[int, bool]
"""An event's id, and whether it was there already."""


async def accept(
    services: Services,
    *,
    org_id: int,
    dag: str,
    source: str,
    events: Sequence[Sent],
    pointers: Sequence[str] = ("",),
    trace: str | None = None,
) -> list[Accepted]:
    """Emit events to an HTTP source, all of them or none; return what became of each, in order.

    `pointers` say where in the request each event is. Raises `NotFound` for an unknown source,
    `Conflict` for a disabled one, and `InvalidInput` with every fault of every event.
    """
    async with services.database.transaction() as conn:
        found = await store.http_source(conn, org_id=org_id, dag=dag, source=source)
        if found is None:
            raise NotFound(
                f"There is no HTTP source {dag}/{source}.",
                hint="`headgate dag show` lists the sources of a DAG.",
            )
        if not found["enabled"]:
            raise Conflict(f"The source {dag}/{source} is switched off.")
        if problems := list(_problems(events, pointers, found)):
            raise InvalidInput(_refusal(events, found["dataset"]), problems=problems)
        scope = f"source:{found['id']}"
        ids = await emit(
            conn,
            org_id=org_id,
            events=[
                NewEvent(
                    dataset_id=found["dataset_id"],
                    key=event.key,
                    range=event.range,
                    payload=event.payload,
                    idem_key=event.idempotency_key,
                    trace=trace,
                )
                for event in events
            ],
            scope=scope,
        )
        keys = {event.idempotency_key for event in events if event.idempotency_key is not None}
        known = await events_of_keys(conn, org_id=org_id, scope=scope, keys=sorted(keys))
    if ids:
        # After the commit: a router that wakes earlier would find nothing.
        services.wake.signal("emitted")
    return _told(events, new=ids, known=known)


def _problems(
    events: Sequence[Sent], pointers: Sequence[str], source: dict[str, Any]
) -> Iterator[Problem]:
    for event, pointer in zip(events, pointers, strict=True):
        yield from problems_of(
            pointer,
            partitioning=source["partitioning"],
            key=event.key,
            range=event.range,
            payload=event.payload,
            columns=source["columns"],
        )


def _refusal(events: Sequence[Sent], dataset: str) -> str:
    if len(events) == 1:
        return f"The event does not fit {dataset}."
    return f"Not all of the {len(events):,} events fit {dataset}: none of them was taken."


def _told(events: Sequence[Sent], *, new: Sequence[int], known: dict[str, int]) -> list[Accepted]:
    """Match ids with events: new ones without a key got theirs in their order."""
    keyed = set(known.values())
    unkeyed = (id_ for id_ in new if id_ not in keyed)
    fresh = set(new)
    told: list[Accepted] = []
    for event in events:
        if event.idempotency_key is None:
            told.append((next(unkeyed), False))
            continue
        event_id = known.get(event.idempotency_key)
        if event_id is None:
            raise Conflict("This idempotency key was used, and its event is gone.")
        told.append((event_id, event_id not in fresh))
        fresh.discard(event_id)  # the same key once more in this request
    return told
