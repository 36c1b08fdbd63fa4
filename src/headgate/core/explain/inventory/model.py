"""The nouns of the inventory of datasets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from headgate.core.app import Range
from headgate.core.explain.standing.model import JobState

MOST = 1000
"""Stale keys, tasks and dead letters are counted up to so many."""


@dataclass(frozen=True, slots=True)
class Sink:
    """The job that writes a buffered dataset's rows into its table.

    `lag_seconds` is the age of the oldest rows that are not in the table yet, 0 if all are.
    """

    job: str
    state: JobState
    lag_seconds: float
    waiting: int
    dead: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """A dataset of the org: what it holds, who makes it, who reads it, how fresh it is.

    `stale_since` is null if it is fresh. `stale_units` counts the numbers in its stale ranges, null
    if all of it is stale; `stale_keys` its stale text keys, up to 1,000. `producer_state` is of the
    job that makes it, `producer_dead` its open dead letters, up to 1,000. `consumers` are the
    first 100. `note` says in a sentence what is not as it should be, and whether somebody mends it;
    empty if all is well.
    """

    name: str
    dag: str
    description: str
    partitioning: Literal["key", "range"]
    unit: str | None
    storage: Literal["postgres", "s3"]
    write_mode: Literal["direct", "buffered"]
    location: str | None
    columns: Mapping[str, str]
    pii_columns: Sequence[str]
    producer: str | None
    producer_kind: Literal["job", "source"] | None
    producer_state: JobState | None
    producer_dead: int
    consumers: Sequence[str]
    consumer_count: int
    last_event_at: datetime | None
    stale_since: datetime | None
    stale_units: int | None
    stale_keys: int
    sink: Sink | None
    note: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class StaleParts:
    """The first of what is stale, the longest stale first; `whole`: all of it is.

    Ranges are half-open. `more`: there are others.
    """

    ranges: Sequence[Range]
    keys: Sequence[str]
    whole: bool
    more: bool


@dataclass(frozen=True, slots=True)
class HistoryBin:
    """An hour or a day of a dataset's events, from `at` on.

    `units` are the numbers in the ranges of its events, `payload_bytes` what their payloads take
    where they are stored.
    """

    at: datetime
    updates: int
    invalidations: int
    units: int
    payload_bytes: int


@dataclass(frozen=True, slots=True)
class DatasetHistory:
    """How many events came into a dataset, oldest bin first; empty bins are among them.

    Only the newest 20,000 events are counted: if that is not all since `since`, it is not
    `complete`, and the counts begin at `counted_since`.
    """

    dataset: str
    since: datetime
    until: datetime
    step_seconds: int
    bins: Sequence[HistoryBin]
    complete: bool
    counted_since: datetime | None


Row = Mapping[str, Any]
"""A row of the statement `inventory`."""
