"""Looking up the cascade of an event."""

from dataclasses import dataclass
from datetime import timedelta

from headgate.core.database import Connection
from headgate.core.errors import InvalidInput, NotFound
from headgate.core.events.store import Span
from headgate.core.explain.cascade import store
from headgate.core.explain.cascade.model import MOST_NODES, Cascade
from headgate.core.explain.cascade.rules import (
    added,
    in_all,
    last_end,
    levels_of,
    nodes_of,
    place_of,
    places_of,
    root_of,
    summary_text,
)
from headgate.core.explain.cascade.walk import CascadeWalk
from headgate.core.explain.covered import store as covered
from headgate.core.explain.covered.model import TracedEvent
from headgate.core.explain.event.rules import no_event
from headgate.core.explain.event.store import routing_of
from headgate.core.explain.impact import store as impacts
from headgate.core.explain.impact.model import Impact, Reader
from headgate.core.explain.impact.reading import impact_of
from headgate.core.explain.places import Place

_READERS = 5000
_EARLIER = timedelta(minutes=10)  # by which what follows may seem to be older than its cause


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the graph says that an invalidation reaches."""

    impact: Impact
    readers: list[Reader]


async def cascade_of(conn: Connection, *, org_id: int, event_id: int, depth: int) -> Cascade:
    """Return what followed from an event, up to `depth` hops; raise `NotFound`.

    What there is comes from the events that tasks cover and emit; what is still to come after an
    invalidation from the deployed graph.
    """
    routing = await routing_of(conn, org_id=org_id, event_id=event_id)
    if routing is None:
        raise no_event(event_id)
    span = Span(0, bulk=False, low=event_id, high=event_id + 1)
    (event,) = await covered.covered_events(conn, org_id=org_id, spans=[span], limit=1)
    place = Place(ranges=None if event.range is None else (event.range,), key=event.key)
    plan = await _planned(conn, org_id, event)
    places = {one.dataset: place_of(one) for one in plan.impact.datasets} if plan else {}
    walk = CascadeWalk(conn, org_id=org_id, since=event.at - _EARLIER, places=places)
    await walk.down(event_id, depth=depth)
    places = places or places_of(walk.emitted)
    every_place = {event.dataset: place, **places}
    stale = await store.still_stale(conn, org_id=org_id, places=every_place)
    nodes = nodes_of(
        root_of(event, place, stale),
        visits=walk.visits,
        planned=[job for job in plan.impact.jobs if job.level <= depth] if plan else (),
        readers=plan.readers if plan else (),
        places=places,
        stale=stale,
    )
    left_out = [*walk.left_out]
    if len(nodes) > MOST_NODES:
        left_out.append(f"There are more than {MOST_NODES} nodes.")
    if plan and not plan.impact.complete:
        left_out.append("The graph below is larger than what is looked at.")
    at_rest = routing.routed and not left_out and all(node.at_rest for node in nodes)
    return Cascade(
        event=event,
        summary=summary_text(
            event, nodes, routed=routing.routed, at_rest=at_rest, complete=not left_out
        ),
        at_rest=at_rest,
        last_ended_at=last_end(nodes),
        tasks=added(node.tasks for node in nodes),
        tasks_in_all=in_all(nodes),
        levels=levels_of(nodes),
        nodes=nodes[:MOST_NODES],
        complete=not left_out,
        left_out=left_out,
    )


async def _planned(conn: Connection, org_id: int, event: TracedEvent) -> _Plan | None:
    """Return None where the graph says nothing: for updates, replays, and removed datasets."""
    if event.kind != "invalidate" or event.edited:
        return None
    try:
        found = await impact_of(
            conn, org_id=org_id, name=event.dataset, key=event.key, range=event.range
        )
    except (NotFound, InvalidInput):  # removed, or deployed with another partitioning since
        return None
    names = [event.dataset, *(one.dataset for one in found.datasets)]
    readers = await impacts.readers(conn, org_id=org_id, datasets=names, limit=_READERS)
    return _Plan(found, readers)
