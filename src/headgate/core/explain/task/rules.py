"""Why a task came to be, in words."""

from collections.abc import Iterator, Sequence

from headgate.core.explain.covered.model import TracedEvent
from headgate.core.explain.covered.rules import emitter_text, event_text, subjects_of
from headgate.core.explain.dataset.model import InputOf
from headgate.core.explain.figures import count_text, milliseconds_text, span_text
from headgate.core.explain.reasons import Reason, Subject
from headgate.core.explain.task.model import End, Folded, TaskFacts
from headgate.core.tasks.model import TaskState
from headgate.core.work.model import Outcome

_PER_PARTITION = 1
_EVENTS_TOLD = 5


def causes(
    task: TaskFacts,
    *,
    events: Sequence[TracedEvent],
    covered: int,
    inputs: Sequence[InputOf],
    fanout: int,
    ends: Sequence[End],
    folded: Sequence[Folded],
) -> list[Reason]:
    """Return what made a task, and what made it run again, in the order of time.

    `covered` is how many events there are in all, `events` the first of them. An event that makes
    more than `fanout` partitions is carved into tasks by and by.
    """
    return [
        *_events(events, covered),
        *_coalescing(task, events, covered),
        *_carving(task, events, inputs, fanout),
        *_again(task, ends),
        *(_fold(one) for one in folded),
    ]


def _events(events: Sequence[TracedEvent], covered: int) -> Iterator[Reason]:
    for event in events[:_EVENTS_TOLD]:
        text = event_text(event)
        code = "edited_replay" if event.edited else event.kind
        yield Reason(
            code,
            f"{text[0].upper()}{text[1:]}, {emitter_text(event)}.",
            since=event.at,
            about=subjects_of(event),
        )
    if not events:
        yield Reason(
            "events_gone",
            f"The {count_text(covered, 'event')} that it covers are no longer kept.",
        )
    elif covered > _EVENTS_TOLD:
        yield Reason(
            "more_events",
            f"{count_text(covered - _EVENTS_TOLD, 'more event')} of the same kinds.",
        )


def _coalescing(task: TaskFacts, events: Sequence[TracedEvent], covered: int) -> Iterator[Reason]:
    if covered > 1:
        over = events[-1].at - events[0].at if len(events) == covered else None
        when = f", which came within {span_text(over)}" if over is not None else ""
        what = {"b": "the job", "p": f"partition {task.ckey[1:]}", "k": f"key {task.ckey[1:]}"}
        yield Reason(
            "coalesced",
            f"One task covers {count_text(covered, 'event')}{when}: they came for"
            f" {what.get(task.ckey[0], 'the same event')} before it was claimed.",
        )
    if task.debounce_ms:
        yield Reason(
            "debounced",
            f"{task.job} lets bursts end: it waits for {milliseconds_text(task.debounce_ms)} of"
            f" quiet, {milliseconds_text(task.max_wait_ms)} at most.",
            about=(Subject("job", task.job),),
        )


def _carving(
    task: TaskFacts, events: Sequence[TracedEvent], inputs: Sequence[InputOf], fanout: int
) -> Iterator[Reason]:
    if task.strategy != _PER_PARTITION:
        return
    offsets = {given.dataset: given.reading for given in inputs}
    for event in events:
        reading = offsets.get(event.dataset)
        if event.range is None or reading is None:
            continue
        low, high = event.range[0] + reading.lo, event.range[1] + reading.hi
        partitions = (high - 1) // task.part_size - low // task.part_size + 1
        if partitions > fanout:
            yield Reason(
                "backfill",
                f"Event {event.id} covers {count_text(partitions, 'partition')}: it was put into a"
                " backfill, and this task was carved from it when there was room.",
                since=event.at,
                about=(Subject("event", str(event.id)), Subject("job", task.job)),
            )


def _again(task: TaskFacts, ends: Sequence[End]) -> Iterator[Reason]:
    """Yield why it ran more than once; `ends` come newest first."""
    for end in reversed(ends):
        message = f": {said}" if (said := end.message) else ""
        if end.by_hand and end.folded_into == task.task_id:
            what = "redriven from the dead letters" if end.attempt else "put back to run again"
            code = "redriven" if end.attempt else "run_again"
            yield Reason(code, f"It was {what} by a person.", since=end.done_at)
        elif end.folded_into != task.task_id:
            continue
        elif end.outcome == Outcome.RETRY:
            text = (
                f"Attempt {end.attempt} failed{message.rstrip('.')}; it was put back for another."
            )
            yield Reason("retry", text, since=end.done_at)
        elif end.outcome == Outcome.LOST:
            text = f"Attempt {end.attempt} was lost{message.rstrip('.')}; it was put back."
            yield Reason("lost", text, since=end.done_at)
        elif end.outcome == Outcome.SNOOZED:
            yield Reason(
                _back(end.code),
                f"It was put back{message.rstrip('.') or ', as it asked'}.",
                since=end.done_at,
            )


def _back(code: str | None) -> str:
    return code if code is not None and code in {"inputs_changed", "given_back"} else "snoozed"


def _fold(one: Folded) -> Reason:
    how = "was put back to work by a person" if one.by_hand else "went back to pending"
    return Reason(
        "folded",
        f"It carries on task {one.task_id}, which {how} while this one was pending.",
        since=one.done_at,
        about=(Subject("task", str(one.task_id)),),
    )


def summary_text(
    task: TaskFacts, state: TaskState, *, waits: Sequence[Reason], ends: Sequence[Reason]
) -> str:
    """Say in one sentence how it is with the task."""
    held = [reason for reason in waits if reason.code != "in_line"]
    match state:
        case "pending" | "waiting":
            if len(held) > 1:
                return f"Task {task.task_id} waits for {len(held)} reasons: each must end."
            return (held or list(waits))[0].text if waits else "It has just been claimed."
        case _:
            return ends[0].text if ends else f"Task {task.task_id} is {state}."
