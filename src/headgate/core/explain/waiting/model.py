"""The facts of one moment about a pending task."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

MOST = 1000
"""Leases and tasks before this one are counted up to so many."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A pending task, its job, and what a claim would find. `now` is the database's clock.

    `tokens` are those of the job's rate. `key_task` runs for the same key. `ahead` of it in the
    queue and `running` of the job are counted up to `MOST`; `busy` slots are of all jobs.
    `hold_ends`: from then on it runs on inputs that differ. `led`: a Dispatcher is there.
    """

    now: datetime
    task_id: int
    job_id: int
    job: str
    ckey: str
    rngs: str
    waiting: bool
    run_at: datetime
    created_at: datetime
    n: int
    attempt: int
    losses: int
    removed_at: datetime | None
    paused: bool
    runtime: str
    operator: str
    debounce_ms: int
    max_wait_ms: int
    max_concurrency: int | None
    fair: bool
    rate_per_second: float | None
    gated: bool
    hold_ends: datetime | None
    reads_stale: bool
    tokens: float | None
    key_task: int | None
    key_since: datetime | None
    key_worker: str | None
    preempted: bool | None
    running: int
    running_tasks: Sequence[int] | None
    ahead: int
    workers: int
    capacity: int
    busy: int
    led: bool


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a job gets nothing: a closed valve at a dataset that it makes, or at a runtime.

    `measured` has `rows`, `units`, `bytes`, `age_ms`; `cause` says which limit was reached first.
    `reader` drains the dataset. The limits are those of the edge; `reopen` is a share of them.
    """

    reason: str
    since: datetime
    measured: Mapping[str, int] | None
    cause: str | None
    changed_at: datetime | None
    dataset: str | None
    runtime: str | None
    reader: str | None
    reader_paused: bool | None
    reader_running: int | None
    max_rows: int | None
    max_units: int | None
    max_bytes: int | None
    max_age_ms: int | None
    reopen: float | None


@dataclass(frozen=True, slots=True)
class StaleInput:
    """Part of an input that is being made anew: a text `key`, or ("") the multirange `rngs`."""

    dataset_id: int
    dataset: str
    key: str
    since: datetime
    rngs: str
    maker_id: int | None
    maker: str | None
    strategy: int | None
    part_size: int | None


@dataclass(frozen=True, slots=True)
class LastEnd:
    """How the attempt ended whose work the pending task carries on; `outcome` as in the history."""

    task_id: int
    outcome: int
    attempt: int
    error: Mapping[str, Any] | None
    done_at: datetime
    leased_at: datetime | None
