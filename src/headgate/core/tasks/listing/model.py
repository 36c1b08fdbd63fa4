"""The nouns of lists of tasks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from headgate.core.tasks.model import Task, TaskState

Order = Literal["newest", "oldest"]
NEWEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks: those to which everything applies that is given.

    `partition` is how the partition begins. `worker` is the one that runs the task or ran it last,
    while that worker is there. `created_since` is the first time that is meant, `created_until` the
    first that is not; a task that took over older work counts as created with the oldest of it.
    `error` is the code of the last attempt's error.
    """

    states: Sequence[TaskState] = ()
    ids: Sequence[int] | None = None
    jobs: Sequence[int] | None = None
    partition: str | None = None
    worker: str | None = None
    created_since: datetime | None = None
    created_until: datetime | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Bounds:
    """The ids to look at: above `low` and below `high`, from the lowest up if `oldest`."""

    low: int
    high: int
    oldest: bool


@dataclass(frozen=True, slots=True)
class Look:
    """Candidates in order. All beyond `reached` were not looked at; None: there are no others."""

    ids: Sequence[int]
    reached: int | None


@dataclass(frozen=True, slots=True)
class TaskList:
    """Some tasks of a list in order.

    The list goes on after the id `resume`; None: this was the end. It is not `complete` when the
    look ended before it found as many as were asked for.
    """

    tasks: Sequence[Task]
    resume: int | None
    complete: bool


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many tasks are in a state; at least so many if not `exact`."""

    state: TaskState
    tasks: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """Tasks by state, and by the full name of their job: most tasks first."""

    by_state: Sequence[StateCount]
    by_job: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(one.tasks for one in self.by_state)

    @property
    def exact(self) -> bool:
        return all(one.exact for one in self.by_state)
