"""The nouns of who came from what."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from headgate.core.app import Kind, Range

CoveringState = Literal["pending", "running", "succeeded", "dead", "cancelled", "merged"]


@dataclass(frozen=True, slots=True)
class TracedEvent:
    """An event and where it came from: `producer_task` of `producer_job`, a source, or a person.

    `edited`: a replay of another event, for one job only.
    """

    id: int
    dataset: str
    kind: Kind
    key: str | None
    range: Range | None
    at: datetime
    version: str | None
    producer_task: int | None
    producer_job: str | None
    source: str | None
    edited: bool


@dataclass(frozen=True, slots=True)
class CoveringTask:
    """A task by what it covers: `evs` is a multirange of ids, `events` how many events.

    Between the ids of a `bulk` task's events are some of datasets that its job does not read.
    """

    id: int
    job: str
    state: CoveringState
    partition: str | None
    events: int
    evs: str
    bulk: bool
    job_id: int


@dataclass(frozen=True, slots=True)
class Covering:
    """That a task of a job covers an event."""

    event_id: int
    job_id: int
    task_id: int
