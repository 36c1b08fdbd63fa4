"""Queues and workers as people see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from headgate.core.explain.reasons import Reason
from headgate.core.flow.model import Flow, HeldSpan

QueueState = Literal["paused", "held", "busy", "idle"]
WorkerState = Literal["live", "late", "gone"]
Cause = Literal["rows", "units", "bytes", "age"]

MOST = 1000
"""Tasks of a queue that are counted one by one; a longer one is as the last sample found it."""


@dataclass(frozen=True, slots=True)
class QueuePressure:
    """How full a job's fullest input is, `measured` against its limit.

    `share` is from 0 to 1. At `high` whoever makes `dataset` is held (`closed`), until it has
    drained to `low`. The three are tasks, numbers in ranges, bytes or (age) milliseconds, as
    `cause` says.
    """

    dataset: str
    share: float
    cause: Cause
    measured: int
    high: int
    low: int
    closed: bool


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits for a job and what runs of it, in tasks.

    `delayed` ones are among the `waiting` and start later. A number over 1,000 is that of the last
    sample, not older than a minute; not `exact`. `rate` is how many may start per second,
    `done_per_second` how many ended lately, while there was work; `drained_in_seconds` is what
    that makes for what waits, null when nothing can be said. `holds` says why nothing starts.
    """

    job: str
    dag: str
    state: QueueState
    waiting: int
    delayed: int
    exact: bool
    running: int
    oldest_seconds: float | None
    max_concurrency: int | None
    rate: float | None
    priority: int
    runtime: str
    paused: bool
    holds: Sequence[Reason]
    pressure: QueuePressure | None
    done_per_second: float | None
    drained_in_seconds: float | None


@dataclass(frozen=True, slots=True)
class JobInHand:
    """How many tasks of a job a worker runs."""

    job: str
    running: int


@dataclass(frozen=True, slots=True)
class WorkerLoad:
    """A worker, and what it has in hand: `in_flight` of at most `capacity` tasks.

    `heartbeat_seconds` ago it was heard of. `jobs` are the 20 of which it runs most, of the org
    that asks; `in_flight` counts all.
    """

    id: int
    worker: str
    state: WorkerState
    text: str
    capacity: int
    in_flight: int
    started_at: datetime
    heartbeat_seconds: float
    jobs: Sequence[JobInHand]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueDetail(Queue):
    """A queue with its last hours, and the workers that run its tasks now or lately did.

    What a worker could run but never ran is known to itself only.
    """

    flow: Flow
    held: Sequence[HeldSpan]
    workers: Sequence[WorkerLoad]
