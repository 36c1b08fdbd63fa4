"""The nouns of what became of an event."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from headgate.core.explain.covered.model import CoveringTask, TracedEvent
from headgate.core.explain.reasons import Reason

MOST_AHEAD = 1000


@dataclass(frozen=True, slots=True)
class Routing:
    """Whether an event is routed; `ahead` are counted up to `MOST_AHEAD`."""

    routed: bool
    ahead: int
    led: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Reader:
    """A job that reads the event's dataset; `remaining` units of its `backfill` of this event."""

    job_id: int
    job: str
    removed_at: datetime | None
    for_another: bool
    backfill: int | None
    total: int | None
    cancelled_at: datetime | None
    backfill_since: datetime | None
    paused: bool
    remaining: int | None


@dataclass(frozen=True, slots=True)
class EventWhy:
    """What became of an event.

    `waits`: why it, or part of it, is not tasks yet. `tasks`: those found that cover it. `not_for`:
    jobs that read its dataset and got nothing of it, and why.
    """

    event: TracedEvent
    routed: bool
    summary: str
    waits: Sequence[Reason]
    tasks: Sequence[CoveringTask]
    not_for: Sequence[Reason]
