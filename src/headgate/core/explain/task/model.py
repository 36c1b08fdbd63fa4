"""The facts about a task, and the explanation made of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from headgate.core.explain.covered.model import TracedEvent
from headgate.core.explain.dataset.model import DatasetWhy
from headgate.core.explain.reasons import Reason
from headgate.core.tasks.model import TaskState


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """A task and its job. `worker` runs it ("": one that is gone), None if it does not run."""

    task_id: int
    job_id: int
    job: str
    strategy: int
    part_size: int
    debounce_ms: int
    max_wait_ms: int
    ckey: str
    evs: str
    n: int
    leased_at: datetime | None
    deadline_at: datetime | None
    running_attempt: int | None
    preempted: bool | None
    cancel_requested: bool | None
    worker: str | None
    letter: int | None
    letter_state: str | None
    resolved_at: datetime | None
    replayed_by: int | None


@dataclass(frozen=True, slots=True)
class End:
    """A row of a task's history; `by_hand`: no attempt ended, somebody put the task back."""

    attempt: int
    outcome: int
    error: Mapping[str, Any] | None
    leased_at: datetime | None
    done_at: datetime
    folded_into: int | None
    by_hand: bool
    worker: str | None

    @property
    def message(self) -> str:
        return str(self.error.get("message") or self.error.get("code") or "") if self.error else ""

    @property
    def code(self) -> str | None:
        code = self.error.get("code") if self.error else None
        return None if code is None else str(code)


@dataclass(frozen=True, slots=True)
class Folded:
    """Another task whose work this one carries on."""

    task_id: int
    outcome: int
    done_at: datetime
    by_hand: bool


@dataclass(frozen=True, slots=True)
class TaskWhy:
    """Why a task came to be, why it does not run, and how it ended.

    `causes`: what made it, and made it run again. `waits`: all that keeps it from running now, each
    by itself. `upstream`: for each stale input that it waits for, up to the causes. `ends`: how it
    ended or goes on, empty while it is pending. `events` are the first of those it covers.
    """

    task_id: int
    job: str
    state: TaskState
    summary: str
    causes: Sequence[Reason]
    waits: Sequence[Reason]
    upstream: Sequence[DatasetWhy]
    ends: Sequence[Reason]
    events: Sequence[TracedEvent]
