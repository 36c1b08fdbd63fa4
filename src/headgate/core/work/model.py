"""The nouns of work: jobs as workers see them, leases, outcomes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

from headgate.core.app import Range
from headgate.core.events.store import Span
from headgate.core.work.rules import parse_ranges

PER_UPDATE = 0
POISON_LOSSES = 3  # a task that takes its worker down this often in a row goes to the dead letters


class Outcome(IntEnum):
    """How an attempt ended, as the history keeps it."""

    OK = 0
    RETRY = 1
    LOST = 2
    DEAD = 3
    CANCELLED = 4
    SNOOZED = 5
    SKIPPED = 6
    """A success without a run: the last one was made of the same inputs by the same code."""


@dataclass(frozen=True, slots=True)
class Job:
    """A deployed job: what a worker needs to run its tasks.

    `rated`: it has a rate. `fair`: its queue is in turns, not in the order of ids. `replaces`: what
    it makes of an invalidated input invalidates its output. `gated`: its inputs must agree.
    """

    id: int
    org_id: int
    name: str
    operator: str
    priority: int
    max_concurrency: int | None
    timeout_ms: int
    runtime: str
    limits: Mapping[str, Any]
    params: Mapping[str, Any]
    outputs: Mapping[str, "Output"]
    strategy: int
    deployment_id: int = 0
    rated: bool = False
    fair: bool = False
    memo: bool = False
    replaces: bool = False
    gated: bool = False
    org_weight: int = 1
    paused: bool = False

    @property
    def limited(self) -> bool:
        """Whether claims of it must take turns, for a limit is counted in them."""
        return self.rated or self.max_concurrency is not None


@dataclass(frozen=True, slots=True)
class Output:
    """A dataset that a job produces.

    `columns` are those of the rows that its events carry, if they do.
    """

    dataset_id: int
    name: str
    partitioning: str
    columns: Mapping[str, str] | None = None


@dataclass(slots=True)
class Lease:
    """One claimed task: the right to complete it, until the deadline or the worker's death."""

    task_id: int
    token: int
    job_id: int
    ckey: str
    attempt: int
    rngs: str
    inval: str
    evs: str
    n: int
    heavy: bool
    leased_at: datetime
    deadline_at: datetime
    deployment_id: int | None

    # Multiranges stay text until somebody looks: most never do, and parsing shows in profiles.
    @property
    def ranges(self) -> list[Range]:
        return parse_ranges(self.rngs)

    @property
    def whole(self) -> bool:
        """Whether it concerns everything that its job makes."""
        return self.rngs == "{(,)}"

    @property
    def invalidated(self) -> list[Range]:
        return parse_ranges(self.inval)

    @property
    def event_ids(self) -> list[Range]:
        return parse_ranges(self.evs)

    @property
    def spans(self) -> list[Span]:
        """What to look up for the events that it covers."""
        return spans_of(self.job_id, self.evs, bulk=self.ckey == "b")

    @property
    def partition(self) -> str | None:
        return self.ckey[1:] if self.ckey[0] in "pk" else None


@dataclass(frozen=True, slots=True)
class Result:
    """What a worker says of one lease. `error` is for people, `delay_ms` asks for a later retry."""

    task_id: int
    token: int
    outcome: Outcome
    error: Mapping[str, Any] | None = None
    delay_ms: int = 0


def spans_of(job_id: int, evs: str, *, bulk: bool) -> list[Span]:
    """Return what to look up for the events that a task covers, a multirange of their ids."""
    return [Span(job_id, bulk, low, high) for low, high in parse_ranges(evs)]
