"""Looking up what became of an event."""

from headgate.core.database import Connection
from headgate.core.events.store import Span
from headgate.core.explain.covered import store as covered
from headgate.core.explain.event import store
from headgate.core.explain.event.model import EventWhy
from headgate.core.explain.event.rules import no_event, not_for, summary_text, waits

_READERS = 100
_TASKS = 50


async def why_event(conn: Connection, *, org_id: int, event_id: int) -> EventWhy:
    """Explain what became of an event; raise `NotFound`."""
    routing = await store.routing_of(conn, org_id=org_id, event_id=event_id)
    events = await covered.covered_events(
        conn, org_id=org_id, spans=[Span(0, bulk=False, low=event_id, high=event_id + 1)], limit=1
    )
    if routing is None or not events:
        raise no_event(event_id)
    readers = await store.readers_of(conn, org_id=org_id, event_id=event_id, limit=_READERS)
    covering = []
    if routing.routed:
        covering = await covered.covering_tasks(
            conn, org_id=org_id, events=[event_id], limit=_TASKS
        )
    tasks = await covered.covers(
        conn, org_id=org_id, task_ids=sorted({one.task_id for one in covering})
    )
    return EventWhy(
        event=events[0],
        routed=routing.routed,
        summary=summary_text(
            events[0], routed=routing.routed, tasks=len(tasks), more=len(covering) == _TASKS
        ),
        waits=waits(routing, readers),
        tasks=list(tasks.values()),
        not_for=list(
            not_for(
                events[0],
                readers,
                found={one.job_id for one in covering},
                routed=routing.routed,
            )
        ),
    )
