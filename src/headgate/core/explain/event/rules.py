"""What became of an event, in words."""

from collections.abc import Collection, Iterator, Sequence

from headgate.core.errors import NotFound
from headgate.core.explain.covered.model import TracedEvent
from headgate.core.explain.covered.rules import emitter_text, event_text
from headgate.core.explain.event.model import MOST_AHEAD, Reader, Routing
from headgate.core.explain.figures import at_most_text, count_text
from headgate.core.explain.making.rules import no_dispatcher
from headgate.core.explain.reasons import Reason, Subject


def no_event(event_id: int) -> NotFound:
    return NotFound(
        f"There is no event {event_id}.",
        hint="Events are kept for a while only; it may have been long ago.",
    )


def waits(routing: Routing, readers: Sequence[Reader]) -> list[Reason]:
    """Return why an event, or part of it, is not tasks yet."""
    found = []
    if not routing.routed:
        ahead = (
            f"{at_most_text(routing.ahead, 'event', most=MOST_AHEAD)} come before it"
            if routing.ahead
            else "it is the next one"
        )
        found.append(Reason("not_routed", f"It is not a task yet: {ahead}.", since=routing.at))
        if not routing.led:
            found.append(no_dispatcher())
    return [*found, *(_backfill(one, one.backfill) for one in readers if one.backfill is not None)]


def not_for(
    event: TracedEvent, readers: Sequence[Reader], *, found: Collection[int], routed: bool
) -> Iterator[Reason]:
    """Yield why jobs got nothing of a routed event; `found` are the ids of those that did."""
    if not readers:
        yield Reason(
            "no_reader",
            f"No job reads {event.dataset}.",
            "Nothing, if it is only looked at; else add a job with it as an input.",
            about=(Subject("dataset", event.dataset),),
        )
    for reader in readers:
        about = (Subject("job", reader.job),)
        if reader.for_another:
            text = f"{reader.job} got nothing of it: a replay goes only to the job that failed."
            yield Reason("for_another_job", text, about=about)
        elif reader.removed_at is not None:
            text = f"{reader.job} was removed."
            yield Reason("job_removed", text, since=reader.removed_at, about=about)
        elif routed and reader.job_id not in found and reader.backfill is None:
            yield Reason(
                "no_task_found",
                f"No task of {reader.job} that covers it was found around the time it came: the job"
                " came later, or that part of its history is no longer kept.",
                about=about,
            )


def summary_text(event: TracedEvent, *, routed: bool, tasks: int, more: bool = False) -> str:
    became = f"it went to {count_text(tasks, 'task')}" if routed else "it is not routed yet"
    if more:
        became = f"it went to many tasks: here are {tasks} of them"
    text = event_text(event)
    return f"{text[0].upper()}{text[1:]}, {emitter_text(event)}: {became}."


def _backfill(reader: Reader, backfill: int) -> Reason:
    left = f"{count_text(reader.remaining or 0, 'unit')} of {reader.total or 0:,}"
    about = (Subject("backfill", str(backfill)), Subject("job", reader.job))
    if reader.cancelled_at is not None:
        return Reason(
            "backfill_cancelled",
            f"Backfill {backfill} of {reader.job} was cancelled with {left} left.",
            f"`headgate backfill resume {backfill}` goes on with it.",
            since=reader.cancelled_at,
            about=about,
        )
    paused = f" {reader.job} is paused." if reader.paused else ""
    return Reason(
        "backfill",
        f"{left} are in backfill {backfill} of {reader.job}, and become tasks as there is"
        f" room.{paused}",
        "Resume the job." if reader.paused else "",
        since=reader.backfill_since,
        about=about,
    )
