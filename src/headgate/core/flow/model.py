"""How work flowed over time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FlowPoint:
    """One step of a series, from `at` on.

    `succeeded`, `failed` (attempts that are tried again) and `dead` are per second. `waiting` and
    `running` are the most tasks that a sample of the step found. `held` is the share (0 to 1) of
    the jobs with work that backpressure held.
    """

    at: datetime
    succeeded: float
    failed: float
    dead: float
    waiting: int
    running: int
    held: float


@dataclass(frozen=True, slots=True)
class Flow:
    """The series of one job, or of all jobs of the org (null), oldest point first.

    Points come every `step_seconds`; the first one is not before the first sample of the org, and
    the last one ends some seconds before `until`, when all of it was sampled.
    """

    job: str | None
    since: datetime
    until: datetime
    step_seconds: int
    points: Sequence[FlowPoint]


@dataclass(frozen=True, slots=True)
class HeldSpan:
    """A time in which backpressure held a job, to the ten seconds of a sample.

    `reason` is `backpressure:<dataset>` or `backpressure:runtime:<name>`; `until` is null while it
    lasts.
    """

    reason: str
    since: datetime
    until: datetime | None
