"""Decisions about dead letters: how fast a redrive goes, what its operation keeps and says."""

from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from headgate.core.errors import Conflict, NotFound
from headgate.core.tasks.letters.model import Course, LetterFilter
from headgate.core.tasks.model import DeadLetterState

_BATCH = 500  # letters in one transaction
_STEP = 0.25  # seconds' worth of letters in a batch of a redrive with a rate


def batch_of(rate: float | None) -> int:
    """Return how many letters to move at once: at least one, at most a quarter second's worth."""
    return _BATCH if rate is None else max(1, min(_BATCH, int(rate * _STEP)))


def advanced(course: Course, *, moved: list[int], now: datetime) -> Course:
    """Return the course after a batch of these letters.

    The next one is due when the rate has room for it: time in which nobody carried the redrive out
    is not made up for, so that work never comes back in a burst.
    """
    pause = 0.0 if course.rate is None else len(moved) / course.rate
    return replace(
        course,
        after=max(moved, default=course.after),
        redriven=course.redriven + len(moved),
        not_before=now + timedelta(seconds=pause),
    )


def pause_of(course: Course, *, now: datetime) -> float:
    """Return the seconds until the next batch is due, 0 if it is."""
    if course.not_before is None:
        return 0.0
    return max(0.0, (course.not_before - now).total_seconds())


def written(course: Course) -> dict[str, Any]:
    """Write a course as JSON values."""
    return {**_plain(asdict(course)), "chosen": _plain(asdict(course.chosen))}


def read(course: dict[str, Any]) -> Course:
    """Read what `written` wrote."""
    chosen = course["chosen"]
    return Course(
        **{
            **course,
            "not_before": _time(course["not_before"]),
            "chosen": LetterFilter(
                **{
                    **chosen,
                    "died_after": _time(chosen["died_after"]),
                    "died_before": _time(chosen["died_before"]),
                }
            ),
        }
    )


def told(course: Course, *, total: int, state: str) -> str:
    """Say for people how far a redrive is."""
    done = f"{course.redriven:,} of {total:,} dead letters are back at work"
    left = total - course.redriven
    if state == "cancelled":
        return f"Cancelled: {done}, the others stay where they are."
    if state == "succeeded" and left > 0:
        return f"{done}; {left:,} were not open any more, or their job was removed."
    return f"{done}."


def check_open(letter_id: int, state: DeadLetterState) -> None:
    """Raise `Conflict` if a letter is not open, with what to do then."""
    if state == "open":
        return
    hints: dict[DeadLetterState, str] = {
        "redriven": "Look at its task.",
        "replayed": "Look at the event that took its place.",
        "discarded": f"Reopen it first: `headgate dlq reopen {letter_id}`.",
        "superseded": "Later work covered it. `headgate task retry` runs its task again.",
    }
    raise Conflict(f"The dead letter is not open: it is {state}.", hint=hints[state])


def no_letter(letter_id: int) -> NotFound:
    """Return the error for a letter that is not there."""
    return NotFound(
        f"There is no dead letter {letter_id}.",
        hint="`headgate dlq list --state all` shows them; they are kept for a while only.",
    )


def not_redriven(job: str) -> Conflict:
    """Return the error for an open letter that could not be put back to work."""
    return Conflict(
        f"The dead letter cannot be redriven: the job {job} was removed, or another redrive took"
        " it just now.",
        hint="Deploy a DAG that has the job again, or look where the task is now.",
    )


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
    }


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
