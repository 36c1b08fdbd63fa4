"""The nouns of freshness."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from headgate.core.app import Kind, Range
from headgate.core.explain.places import Reading
from headgate.core.explain.reasons import Reason


@dataclass(frozen=True, slots=True)
class Dataset:
    """A deployed dataset and who makes it: the `job`, the `source`, or nobody.

    `columns` are those of a buffered dataset, else None.
    """

    id: int
    name: str
    partitioning: str
    unit: str | None
    job_id: int | None
    job: str | None
    strategy: int
    part_size: int
    source: str | None
    columns: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class StalePlace:
    """A row of what is stale: a text `key`, or ("") the multirange `rngs`."""

    key: str
    rngs: str
    since: datetime


@dataclass(frozen=True, slots=True)
class InputOf:
    """One input of a job."""

    dataset: str
    partitioning: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class StaleCause:
    """An event upstream that made a place stale."""

    id: int
    dataset: str
    kind: Kind
    key: str | None
    range: Range | None
    at: datetime
    producer_task: int | None


@dataclass(frozen=True, slots=True)
class Freshness:
    """One dataset on the way up from the one that was asked about, at `depth` 0.

    `where` is the part that matters. `stale_ranges`, `stale_keys` are the first of what is stale
    there; `stale_whole`: all of it is. `under_way` mends it; `blocked_by` keeps that from going on.
    A dataset that is stale although its own producer has nothing in the way waits for the ones that
    follow it, one deeper.
    """

    dataset: str
    depth: int
    where: str
    fresh: bool
    since: datetime | None
    stale_ranges: Sequence[Range]
    stale_keys: Sequence[str]
    stale_whole: bool
    producer: str | None
    under_way: Sequence[Reason]
    blocked_by: Sequence[Reason]


@dataclass(frozen=True, slots=True)
class DatasetWhy:
    """Why a dataset is as fresh as it is: itself first in `chain`, then what is stale upstream.

    `caused_by` are the newest events that made it stale, newest first. `complete` is False where
    the chain was cut off.
    """

    dataset: str
    where: str
    fresh: bool
    since: datetime | None
    summary: str
    caused_by: Sequence[StaleCause]
    chain: Sequence[Freshness]
    complete: bool
