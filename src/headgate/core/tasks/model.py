"""The nouns of tasks as people see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from headgate.core.app import Kind, Range

TaskState = Literal[
    "pending", "waiting", "running", "succeeded", "dead", "cancelled", "merged", "replayed"
]
"""`waiting`: pending, but not before `run_at`. `merged`: another task carries on its work.
`replayed`: an edited event took the place of the one that it covered.
"""

AttemptOutcome = Literal[
    "running", "succeeded", "retried", "lost", "dead", "cancelled", "snoozed", "skipped"
]
"""`skipped`: it would have made again what is there, so it succeeded without a run."""
DeadLetterState = Literal["open", "redriven", "replayed", "discarded", "superseded"]
"""`redriven`: back at work. `replayed`: an edited event took its place. `discarded`: nobody wants
it; it can be reopened. `superseded`: later work covered all of it.
"""

LETTERS_KEPT = timedelta(days=14)
"""How long a dead letter is kept after it died, or after its state last changed."""


@dataclass(frozen=True, slots=True)
class Task:
    """One task, as it is now.

    `partition` is the text key or partition number of a `PerPartition` job. `ranges` are half-open
    and in the coordinates of the job's output. `error` is that of the last attempt, unless it
    succeeded, without its trace. `dead_letter` is the open one. `folded_into` names the task that
    carries on, `replayed_by` the event that took the task's place. `worker` is the one that runs it
    or ran it last, None once that has left.
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
    replayed_by: int | None
    worker: str | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One run of a task. `worker` is None once its worker has left.

    It waited since `queued_at`, which is when the task was made or went back to pending (a delay
    before the retry is part of the wait), and started when a worker leased it.
    """

    attempt: int
    outcome: AttemptOutcome
    queued_at: datetime
    started_at: datetime
    ended_at: datetime | None
    error: dict[str, Any] | None
    worker: str | None


@dataclass(frozen=True, slots=True)
class InputEvent:
    """An event that a task covers. Its payload takes `payload_bytes` where it is stored."""

    id: int
    dataset: str
    kind: Kind
    key: str | None
    range: Range | None
    at: datetime
    version: str | None
    trace: str | None
    payload_bytes: int


@dataclass(frozen=True, slots=True)
class Payload:
    """An event's payload as JSON text of `bytes` bytes; `truncated`: only its beginning."""

    event_id: int
    text: str
    bytes: int
    truncated: bool


@dataclass(frozen=True, slots=True)
class Kinship:
    """Whom a task was folded into, one after the other, and the newest that were folded into it.

    `came_from` is what a look at the 1,000 newest tasks that were folded before this one finds.
    """

    carried_on_by: Sequence[int]
    came_from: Sequence[int]


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
    `event_id` is the edited event that took its place. It is forgotten soon after `expires_at`.
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
    event_id: int | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Redriven:
    """A dead letter that went back to work, and the pending task that carries it."""

    dead_letter: int
    task_id: int
