"""Events in words."""

from headgate.core.explain.covered.model import TracedEvent
from headgate.core.explain.figures import ranges_text
from headgate.core.explain.reasons import Subject


def event_text(event: TracedEvent) -> str:
    """Write which event it was: `event 7, an update of d.a in [0, 5)`."""
    kind = "an update of" if event.kind == "update" else "an invalidation of"
    where = ""
    if event.key is not None:
        where = f" at key {event.key}"
    elif event.range is not None:
        where = f" in {ranges_text([event.range])}"
    return f"event {event.id}, {kind} {event.dataset}{where}"


def emitter_text(event: TracedEvent) -> str:
    """Write who emitted it."""
    if event.edited:
        return "edited by a person who replayed a dead letter"
    if event.producer_task is not None:
        of = f" of {event.producer_job}" if event.producer_job else ""
        return f"emitted by task {event.producer_task}{of}"
    return f"from the source {event.source}" if event.source else "from a person or another program"


def subjects_of(event: TracedEvent) -> tuple[Subject, ...]:
    made = event.producer_task
    return (
        Subject("event", str(event.id)),
        Subject("dataset", event.dataset),
        *(() if made is None else (Subject("task", str(made)),)),
    )
