"""The nouns of a job's partitions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from headgate.core.jobs.rules import Partitioning

PlaceState = Literal["running", "waiting", "dead", "stale", "done", "cancelled"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of the span, [`low`, `high`), and how many of its units are in each state.

    A unit counts once, in the first state of this order that fits; `untouched` is the rest.
    """

    low: int
    high: int
    running: int
    waiting: int
    dead: int
    stale: int
    done: int
    untouched: int


@dataclass(frozen=True, slots=True)
class KeyState:
    """The newest state of one key, by its task `task_id`, at `since`."""

    key: str
    state: PlaceState
    task_id: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Partitions:
    """Where a job has been, in its own partitions.

    Of ranges (`partitioning` range): `cells` of `width` units each, the last one may be shorter,
    over [`low`, `high`), which is widened to whole partitions. Of text keys: a page of `keys` by
    name. Otherwise neither, and `text` says why. `unit` is what a range counts. `complete` is false
    where only the newest attempts, or some of what waits, were looked at: what is untouched may be
    done then.
    """

    job: str
    partitioning: Partitioning
    unit: str | None
    low: int | None
    high: int | None
    width: int | None
    cells: Sequence[Cell]
    keys: Sequence[KeyState]
    next_cursor: str | None
    complete: bool
    text: str
