"""The nouns of what needs a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Severity = Literal["critical", "warning", "notice"]
"""`critical`: nothing goes on. `warning`: some work is not done. `notice`: it will hurt later."""
Code = Literal[
    "not_routing",
    "leases_orphaned",
    "no_workers",
    "not_started",
    "sink_failing",
    "dead_letters",
    "stale_dataset",
    "queue_held",
    "job_paused",
    "backfill_paused",
    "database",
]
TargetKind = Literal["job", "dataset", "dead_letters", "workers", "system"]


@dataclass(frozen=True, slots=True)
class AttentionTarget:
    """What an item is about: its full name or fingerprint, empty where there is only one."""

    kind: TargetKind
    id: str


@dataclass(frozen=True, slots=True)
class AttentionItem:
    """One thing that needs a person.

    `title` is short. `sentence` says what is wrong, whose fault it is and what to do. `count` is of
    what the title names, counted up to a limit. `command` shows it or mends it.
    """

    code: Code
    severity: Severity
    title: str
    sentence: str
    since: datetime | None
    count: int
    target: AttentionTarget
    command: str


@dataclass(frozen=True, slots=True)
class Attention:
    """What needs a person, most urgent first; not `complete` if more than is shown does."""

    items: Sequence[AttentionItem]
    complete: bool


@dataclass(frozen=True, slots=True)
class LetterGroup:
    """Open dead letters of one job and error among the newest; `error` is that of the newest."""

    job: str
    operator: str
    fingerprint: str
    letters: int
    since: datetime
    error: Mapping[str, Any]
    looked_at: int


@dataclass(frozen=True, slots=True)
class StuckDataset:
    """A stale dataset that its producer does not make anew: paused, only dead letters, or none."""

    dataset: str
    since: datetime
    job: str | None
    paused: bool
    dead: int


@dataclass(frozen=True, slots=True)
class HeldJob:
    """A job that backpressure holds."""

    job_id: int
    job: str
    since: datetime
    waiting: int


@dataclass(frozen=True, slots=True)
class PausedJob:
    """A paused job with work: tasks counted up to a limit, and units in backfills."""

    job: str
    waiting: int
    oldest_at: datetime | None
    units: int
    backfill_since: datetime | None


@dataclass(frozen=True, slots=True)
class UnstartedJob:
    """A job of which nothing runs, although tasks are ready and slots are free."""

    job: str
    operator: str
    runtime: str
    ready: int
    oldest_at: datetime


@dataclass(frozen=True, slots=True)
class Crew:
    """The workers with a fresh heartbeat, their slots, and whether anything waits for them."""

    workers: int
    slots: int
    last_seen_at: datetime | None
    work_since: datetime | None
