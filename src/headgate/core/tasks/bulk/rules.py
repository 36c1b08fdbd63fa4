"""Decisions about acts on many tasks: what fits them, how fast they go, what they say."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from headgate.core.errors import InvalidInput, Problem
from headgate.core.tasks.bulk.model import ActCourse, Action
from headgate.core.tasks.listing.model import TaskFilter
from headgate.core.tasks.model import Task, TaskState

WAYS: Mapping[Action, Sequence[Sequence[TaskState]]] = {
    "cancel": (("pending", "waiting", "running"),),
    "retry": (("dead",), ("waiting",), ("succeeded", "cancelled")),
}
"""The states that an act fits, by how it is done to them; each way has transactions of its own."""
_UNASKED: Mapping[Action, Sequence[TaskState]] = {
    "cancel": ("pending", "waiting", "running"),
    "retry": ("dead", "waiting"),  # nobody means to do again all that ever succeeded
}
_TIMES = ("created_since", "created_until")
_SOON = 0.1  # seconds until tasks that were in somebody's hand are tried again
_TRIES = 50
_MAX_PROBLEMS = 20


def fitting(action: Action, states: Sequence[TaskState]) -> tuple[TaskState, ...]:
    """Return the states that are meant; raise `InvalidInput` for one that the act never fits."""
    fit = {state for way in WAYS[action] for state in way}
    wrong = [state for state in states if state not in fit]
    if wrong:
        raise InvalidInput(
            f"Tasks that are {' or '.join(wrong)} cannot be {_PAST[action]}.",
            hint=f"These can: {', '.join(sorted(fit))}.",
            problems=[Problem("/filter/state", "state_does_not_fit", f"{one}") for one in wrong],
        )
    return tuple(dict.fromkeys(states)) or tuple(_UNASKED[action])


def of_way(course: ActCourse) -> TaskFilter | None:
    """Return the tasks that this way is about; None if all ways are done."""
    ways = WAYS[course.action]
    if course.way >= len(ways):
        return None
    return replace(
        course.chosen, states=tuple(s for s in ways[course.way] if s in course.chosen.states)
    )


def is_meant(task: Task, course: ActCourse) -> bool:
    """Tell whether a task is still as it was when somebody asked; a cancel means it in any case."""
    changed_at = task.ended_at or task.started_at or task.created_at
    return course.action == "cancel" or changed_at <= course.asked_at


def pause_of(course: ActCourse, *, now: datetime) -> float:
    """Return the seconds until the next slice is due, 0 if it is."""
    if course.not_before is None:
        return 0.0
    return max(0.0, (course.not_before - now).total_seconds())


def gone_on(
    course: ActCourse,
    *,
    acted: int,
    in_hand: Sequence[int],
    passed: int,
    refused: Mapping[int, str],
    resume: int | None,
    now: datetime,
) -> ActCourse:
    """Return the course after a slice; `resume` is where its way goes on, None at its end.

    Time in which nobody carried it out is not made up for, so that work never comes in a burst.
    Tasks in somebody's hand hold the end of a way up for some seconds at most.
    """
    pause = 0.0 if course.rate is None else acted / course.rate
    tries = course.tries + 1 if in_hand and not acted else 0
    if tries > _TRIES:
        refused = {**refused, **dict.fromkeys(in_hand, _HELD)}
        passed, in_hand = passed + len(in_hand), ()
    ended = resume is None and not in_hand
    told = [
        {"pointer": f"/tasks/{task_id}", "code": "not_done", "message": message}
        for task_id, message in refused.items()
    ]
    return replace(
        course,
        way=course.way + 1 if ended else course.way,
        after=0 if ended else course.last if resume is None else resume,
        acted=course.acted + acted,
        in_hand=tuple(in_hand),
        tries=tries,
        passed=course.passed + passed,
        not_before=now + timedelta(seconds=max(pause, _SOON if in_hand and not acted else 0.0)),
        problems=[*course.problems, *told][:_MAX_PROBLEMS],
    )


def written(course: ActCourse) -> dict[str, Any]:
    """Write a course as JSON values."""
    return {**_plain(asdict(course)), "chosen": _plain(asdict(course.chosen))}


def read(course: Mapping[str, Any]) -> ActCourse:
    """Read what `written` wrote."""
    times = {name: _time(course[name]) for name in ("asked_at", "not_before")}
    chosen = {**course["chosen"], **{name: _time(course["chosen"][name]) for name in _TIMES}}
    return ActCourse(**{**course, **times, "chosen": TaskFilter(**chosen)})


def told(course: ActCourse, *, total: int, state: str) -> str:
    """Say for people how far an act is."""
    done = f"{course.acted:,} of {total:,} tasks {_DONE[course.action]}"
    if state == "cancelled":
        return f"Cancelled: {done}, the others were left as they are."
    if course.passed:
        return f"{done}; {course.passed:,} had moved on or could not be {_PAST[course.action]}."
    return f"{done}."


_PAST: Mapping[Action, str] = {"cancel": "cancelled", "retry": "retried"}
_DONE: Mapping[Action, str] = {
    "cancel": "were cancelled, or asked to stop",
    "retry": "are back at work",
}
_HELD = "Its row was held by something else for too long. Ask again."


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
    }


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
