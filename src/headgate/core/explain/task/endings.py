"""How a task ended, or goes on, in words."""

from collections.abc import Iterator, Sequence

from headgate.core.explain.figures import count_text, span_text
from headgate.core.explain.reasons import Reason, Subject
from headgate.core.explain.task.model import End, TaskFacts
from headgate.core.tasks.model import TaskState
from headgate.core.work.model import Outcome


def endings(
    task: TaskFacts, state: TaskState, *, ends: Sequence[End], superseded_by: int | None
) -> list[Reason]:
    """Return how a task that is not pending ended or runs; `ends` come newest first."""
    if state == "running":
        return list(_running(task))
    if state in {"pending", "waiting"}:
        return []
    last = ends[0] if ends else None
    return [
        *([] if last is None else [_ended(task, state, last)]),
        *_letter(task, superseded_by),
    ]


def _running(task: TaskFacts) -> Iterator[Reason]:
    on = f"on {task.worker}" if task.worker else "on a worker that is gone; it will be taken back"
    yield Reason(
        "running",
        f"Attempt {task.running_attempt} runs {on}.",
        since=task.leased_at,
        until=task.deadline_at,
    )
    if task.cancel_requested:
        yield Reason("cancelling", "Somebody cancelled it; its worker was asked to stop.")
    elif task.preempted:
        yield Reason(
            "preempted",
            "What it reads was invalidated, so it was asked to stop and start anew.",
        )


def _ended(task: TaskFacts, state: TaskState, last: End) -> Reason:
    took = f" after {span_text(last.done_at - last.leased_at)}" if last.leased_at else ""
    on = f" on {last.worker}" if last.worker else ""
    message = last.message
    match last.outcome:
        case Outcome.OK:
            attempt = f"in attempt {last.attempt}" if last.attempt > 1 else "at once"
            text = f"It succeeded {attempt}{on}{took}."
            return Reason("succeeded", text, since=last.done_at)
        case Outcome.SKIPPED:
            repeated = last.error.get("task_id") if last.error else None
            about = () if repeated is None else (Subject("task", str(repeated)),)
            return Reason("memo", message, since=last.done_at, about=about)
        case Outcome.DEAD:
            return Reason(
                "dead",
                f"It failed for good in attempt {last.attempt}{on}: {message}",
                str(last.error.get("hint") or "") if last.error else "",
                since=last.done_at,
            )
        case Outcome.CANCELLED:
            return Reason("cancelled", message or "It was cancelled.", since=last.done_at)
        case _ if state == "replayed":
            return Reason("replayed", message, since=last.done_at, about=_replay(task))
        case _:
            return _merged(last)


def _merged(last: End) -> Reason:
    if last.folded_into is None:
        return Reason("merged", "Another task carries on its work.", since=last.done_at)
    how = {Outcome.RETRY: "failed", Outcome.LOST: "was lost"}.get(
        Outcome(last.outcome), "went back"
    )
    why = f" ({last.message.rstrip('.')})" if last.message else ""
    return Reason(
        "merged",
        f"Attempt {last.attempt} {how}{why}. Task {last.folded_into} was pending for the same key"
        " and carries on its work.",
        f"`headgate why task {last.folded_into}` tells how that is.",
        since=last.done_at,
        about=(Subject("task", str(last.folded_into)),),
    )


def _letter(task: TaskFacts, superseded_by: int | None) -> Iterator[Reason]:
    if task.letter is None:
        return
    about = (Subject("dead_letter", str(task.letter)),)
    letter = f"Dead letter {task.letter}"
    match task.letter_state:
        case "open":
            text = f"{letter} keeps what it covered: {count_text(task.n, 'event')}."
            do = f"Mend the cause, then `headgate dlq redrive {task.letter}`; or discard it."
            yield Reason("dead_letter", text, do, about=about)
        case "discarded":
            text = f"{letter} was discarded: nobody wants what it covered."
            do = f"`headgate task retry {task.task_id}` brings it back."
            yield Reason("discarded", text, do, since=task.resolved_at, about=about)
        case "superseded":
            by = f"task {superseded_by}" if superseded_by is not None else "a later task"
            text = f"{letter} is superseded: {by} covered all of it."
            more = () if superseded_by is None else (Subject("task", str(superseded_by)),)
            yield Reason("superseded", text, since=task.resolved_at, about=(*about, *more))
        case _:
            return  # it went back to work, and the history tells of that


def _replay(task: TaskFacts) -> tuple[Subject, ...]:
    return () if task.replayed_by is None else (Subject("event", str(task.replayed_by)),)
