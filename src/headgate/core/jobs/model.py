"""The nouns of jobs as people see them. Times are seconds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from headgate.core.dag.schema import Strategy
from headgate.core.explain.backfill.model import Backfill
from headgate.core.explain.reasons import Reason
from headgate.core.jobs.graph.model import JobStateNow
from headgate.core.tasks.model import AttemptOutcome, Task


@dataclass(frozen=True, slots=True)
class AttemptMark:
    """How an attempt ended and how many seconds it took."""

    outcome: AttemptOutcome
    seconds: float


@dataclass(frozen=True, slots=True)
class JobSummary:
    """A job in a list. Tasks and dead letters are counted up to 10,000.

    `recent` are its last 30 attempts, newest last; `p50_seconds`, `p95_seconds` are of those of its
    last 100 that succeeded, null if there are none.
    """

    job: str
    dag: str
    operator: str
    strategy: Strategy
    state: JobStateNow
    paused: bool
    held: bool
    waiting: int
    running: int
    dead_letters: int
    recent: Sequence[AttemptMark]
    p50_seconds: float | None
    p95_seconds: float | None


@dataclass(frozen=True, slots=True)
class JobInput:
    """A dataset that the job reads, and how.

    The output at n is made from the input at n + `first` to n + `last`, both included. Of a text
    key the first `segments` parts name the partition, all if null. `whole`: any part of the input
    concerns all of the output. `max_rows` to `max_age_seconds` are the backlog at which whoever
    makes the dataset is held; it goes on at the share `reopen` of that.
    """

    dataset: str
    partitioning: Literal["key", "range"]
    first: int
    last: int
    segments: int | None
    whole: bool
    max_rows: int | None
    max_units: int | None
    max_bytes: int | None
    max_age_seconds: float | None
    reopen: float


@dataclass(frozen=True, slots=True)
class JobSchedule:
    """A schedule whose events the job reads; `next_at` is null until it was looked at."""

    source: str
    dataset: str
    cron: str
    time_zone: str
    enabled: bool
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class JobSpec:
    """All that the deployed DAG says of a job, with every default.

    `partition_size` counts for ranges only. `rate_per_second` and `rate_burst` bound how many tasks
    start. `fair_segments`: groups of keys take turns. `waits_for_inputs`: inputs that share an
    ancestor must agree, for `max_hold_seconds` at most. `limits` has `memory_mb` and `cpu_seconds`.
    """

    description: str
    operator: str
    strategy: Strategy
    update_strategy: Literal["replace", "append"]
    unique_key: Sequence[str]
    partition_size: int
    inputs: Sequence[JobInput]
    outputs: Sequence[str]
    failures: str | None
    runtime: str
    limits: Mapping[str, float]
    params: Mapping[str, Any]
    priority: int
    scaling_mode: Literal["steady", "backfill"]
    max_concurrency: int | None
    timeout_seconds: float
    max_attempts: int
    backoff_seconds: float
    max_backoff_seconds: float
    rate_per_second: float | None
    rate_burst: int
    debounce_quiet_seconds: float | None
    debounce_max_wait_seconds: float | None
    fair_segments: int | None
    waits_for_inputs: bool
    max_hold_seconds: float | None
    cancel_on_invalidate: bool
    memo: bool
    schedules: Sequence[JobSchedule]


@dataclass(frozen=True, slots=True)
class Timing:
    """How long attempts took that ended in some span: percentiles of those that succeeded.

    `failed` were retried, lost with their worker, or given up. Null: none succeeded.
    """

    attempts: int
    failed: int
    since: datetime | None
    until: datetime | None
    p50_seconds: float | None
    p95_seconds: float | None


@dataclass(frozen=True, slots=True)
class JobDetail:
    """One job: what the DAG says of it, what it does now, and how it did of late.

    `timing` is of its last 1,000 attempts at most, `series` of the same in at most 50 parts of
    equal size, oldest first. `text` says in a sentence what it does now, `holds` why it starts
    nothing.
    """

    job: str
    dag: str
    version: int
    state: JobStateNow
    text: str
    paused: bool
    held: bool
    waiting: int
    running: int
    dead_letters: int
    partitioning: Literal["key", "range", "event", "all"]
    spec: JobSpec
    timing: Timing
    series: Sequence[Timing]
    recent_tasks: Sequence[Task]
    backfills: Sequence[Backfill]
    holds: Sequence[Reason]
