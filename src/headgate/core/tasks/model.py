"""The nouns of tasks as people see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from headgate.core.app import Range

TaskState = Literal["pending", "waiting", "running", "succeeded", "dead", "cancelled", "merged"]
"""`waiting`: pending, but not before `run_at`. `merged`: another task carries on its work."""

AttemptOutcome = Literal["running", "succeeded", "retried", "lost", "dead", "cancelled", "snoozed"]
DeadLetterState = Literal["open", "redriven", "discarded", "superseded"]


@dataclass(frozen=True, slots=True)
class Task:
    """One task, as it is now.

    `partition` is the text key or partition number of a `PerPartition` job. `ranges` are half-open
    and in the coordinates of the job's output. `error` is that of the last attempt, unless it
    succeeded, without its trace. `dead_letter` is the open one. `folded_into` names the task that
    carries on.
    """

    id: int
    job: str
    state: TaskState
    partition: str | None
    ranges: Sequence[Range]
    events_covered: int
    attempt: int
    created_at: datetime
    run_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    cancel_requested: bool
    progress: dict[str, Any] | None
    error: dict[str, Any] | None
    dead_letter: int | None
    folded_into: int | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One run of a task. `worker` is None once its worker has left."""

    attempt: int
    outcome: AttemptOutcome
    started_at: datetime
    ended_at: datetime | None
    error: dict[str, Any] | None
    worker: str | None


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line that an operator wrote."""

    at: datetime
    attempt: int
    level: str
    message: str
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A task that was given up, with all that it covered.

    Those with one `fingerprint` failed in the same way: same job, same error but for its numbers.
    """

    id: int
    task_id: int
    job: str
    state: DeadLetterState
    partition: str | None
    ranges: Sequence[Range]
    events_covered: int
    attempts: int
    error: dict[str, Any]
    fingerprint: str
    created_at: datetime
    died_at: datetime
    resolved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Redriven:
    """A dead letter that went back to work, and the pending task that carries it."""

    dead_letter: int
    task_id: int
