"""What is under way at a place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Work:
    """A task: `worker` runs it since `leased_at` ("" if its session is gone), or it is pending."""

    task_id: int
    waiting: bool
    worker: str | None
    leased_at: datetime | None


@dataclass(frozen=True, slots=True)
class Remainder:
    """What is left of a backfill: `units` of it here, of `total` when it began."""

    id: int
    event_id: int
    cancelled_at: datetime | None
    created_at: datetime
    units: int
    total: int


@dataclass(frozen=True, slots=True)
class Letter:
    """An open dead letter: what it covers is not made until somebody redrives it."""

    id: int
    task_id: int
    died_at: datetime
    code: str | None
    message: str | None


@dataclass(frozen=True, slots=True)
class Making:
    """All that the producer `job` of a dataset has in hand there; each list holds the first few.

    `events` are on their way to the job and not tasks yet, of any place. `beyond`: it has pending
    tasks that were not looked at. `led`: a Dispatcher is there to route events.
    """

    job: str
    work: Sequence[Work]
    backfills: Sequence[Remainder]
    letters: Sequence[Letter]
    events: int
    beyond: bool
    led: bool

    @property
    def running(self) -> list[Work]:
        return [w for w in self.work if w.worker is not None]

    @property
    def pending(self) -> list[Work]:
        return [w for w in self.work if w.worker is None]
