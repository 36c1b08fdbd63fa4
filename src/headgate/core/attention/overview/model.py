"""The nouns of the overview."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

MOST_WAITING = 10_000
"""Tasks that wait are counted up to so many."""

DagState = Literal["failing", "held", "paused", "working", "waiting", "idle"]
"""The first that holds of any of its jobs."""


@dataclass(frozen=True, slots=True)
class Kpis:
    """The figures of the org now.

    `waiting` tasks are counted up to 10,000, delayed ones among them. `succeeded_last_hour` and
    `dead_last_hour` are as the samples have them, some ten seconds late. `workers` have a fresh
    heartbeat, `slots` is how many tasks they run at once, for all orgs. `routing_lag_seconds` is
    how long the oldest event has waited to become tasks.
    """

    running: int
    waiting: int
    succeeded_last_hour: int
    dead_last_hour: int
    workers: int
    slots: int
    datasets: int
    datasets_stale: int
    routing_lag_seconds: float


@dataclass(frozen=True, slots=True)
class DagStanding:
    """A DAG, and how many of its jobs are paused, held, at work, have work, have open dead letters.

    `running` are tasks, up to 100 of each job. `sentence` says what `state` is made of.
    """

    name: str
    version: int
    state: DagState
    sentence: str
    jobs: int
    jobs_paused: int
    jobs_held: int
    jobs_running: int
    jobs_waiting: int
    jobs_failing: int
    running: int


@dataclass(frozen=True, slots=True)
class EndedTask:
    """A task that ended of late. `seconds` is how long its last attempt took, None without one."""

    id: int
    job: str
    outcome: Literal["succeeded", "dead", "cancelled"]
    partition: str | None
    ended_at: datetime
    seconds: float | None
    error: str | None
