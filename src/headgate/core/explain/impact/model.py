"""The nouns of an impact."""

from collections.abc import Sequence
from dataclasses import dataclass

from headgate.core.app import Range
from headgate.core.explain.places import Reading


@dataclass(frozen=True, slots=True)
class Reached:
    """A dataset that an invalidation reaches, and how its parts follow from the first one's."""

    dataset: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class Reader:
    """A job's reading of one dataset. `replaces`: it makes its output anew, else it only adds."""

    job_id: int
    job: str
    dataset: str
    strategy: int
    part_size: int
    replaces: bool
    max_concurrency: int | None
    rate_per_second: float | None
    paused: bool
    reading: Reading
    outputs: Sequence[str]


@dataclass(frozen=True, slots=True)
class DatasetImpact:
    """A dataset that becomes stale, and where: in half-open `ranges`, at a `key`, or (neither) all.

    `below`: at all keys that begin with the segments of `key`.
    """

    dataset: str
    where: str
    ranges: Sequence[Range] | None
    key: str | None
    below: bool


@dataclass(frozen=True, slots=True)
class JobImpact:
    """A job that runs again. `tasks` is None where it depends on keys that nobody has counted.

    `replaces`: what it made is made anew; else it adds to what is there, and the invalidation ends
    at it. `level` counts the jobs from the invalidated dataset, 1 the first. `seconds_each` is the
    median of late, None if it has not run; `seconds` is for all, at the slots that there are.
    """

    job: str
    replaces: bool
    level: int
    where: str
    tasks: int | None
    seconds_each: float | None
    seconds: float | None
    paused: bool


@dataclass(frozen=True, slots=True)
class Impact:
    """What an invalidation of `dataset` would touch.

    `tasks` and `seconds` add up what is known; `tasks_known`, `seconds_known` say whether that is
    all of it. `complete` is False where there was more than is looked at.
    """

    dataset: str
    where: str
    datasets: Sequence[DatasetImpact]
    jobs: Sequence[JobImpact]
    tasks: int
    tasks_known: bool
    seconds: float
    seconds_known: bool
    summary: str
    complete: bool


@dataclass(frozen=True, slots=True)
class Invalidated:
    """What an invalidation did: the event that it emitted, and what that touches."""

    event_id: int
    impact: Impact
