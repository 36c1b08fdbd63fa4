"""The nouns of acts on many tasks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from headgate.core.tasks.listing.model import TaskFilter
from headgate.core.tasks.model import Task

Action = Literal["cancel", "retry"]


@dataclass(frozen=True, slots=True)
class Moment:
    """When somebody asked: the highest task id there was, and the time of the database."""

    last: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ActCourse:
    """What was asked for, and how far it is: in this `way`, `after` is the last task looked at.

    `rate` is in tasks a second; the next slice is not due before `not_before`. Of the tasks looked
    at, those `in_hand` were in somebody's hand, for the last so many `tries`, and are tried again;
    `passed` is how many were left alone, since the act did not fit them any more or could not be
    done; `problems` tells of the first of the latter.
    """

    action: Action
    chosen: TaskFilter
    rate: float | None
    last: int
    asked_at: datetime
    way: int = 0
    after: int = 0
    acted: int = 0
    in_hand: Sequence[int] = ()
    tries: int = 0
    passed: int = 0
    not_before: datetime | None = None
    problems: Sequence[dict[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Acted:
    """What became of a slice: ids of tasks acted upon, refused, and found not to fit the act.

    Tasks of the slice that are in none of them were in somebody's hand, or have moved on.
    """

    done: Collection[int]
    refused: Collection[int] = ()
    unfit: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class ActPlan:
    """What an act would do: how many tasks (at least so many if not `exact`), and the first ones.

    `by_job` has the 100 jobs with the most tasks.
    """

    matched: int
    exact: bool
    by_job: Mapping[str, int]
    sample: Sequence[Task]
