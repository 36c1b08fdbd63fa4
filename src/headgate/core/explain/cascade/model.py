"""The nouns of a cascade."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from headgate.core.app import Kind, Range
from headgate.core.explain.covered.model import CoveringState, TracedEvent

MOST_DEPTH = 10
MOST_NODES = 500


@dataclass(frozen=True, slots=True)
class Passed:
    """An event of the cascade. `node` is the one that emitted it; 0 is the event at the start."""

    id: int
    dataset_id: int
    dataset: str
    kind: Kind
    key: str | None
    range: Range | None
    routed: bool
    only_job: int | None
    node: int = 0
    task_id: int | None = None


@dataclass(frozen=True, slots=True)
class ReaderJob:
    """A job that reads one of the datasets; `outputs` are what it makes."""

    job_id: int
    job: str
    dataset_id: int
    removed: bool
    paused: bool
    outputs: Sequence[str]


@dataclass(frozen=True, slots=True)
class ReachedTask:
    """A task that covers events of the cascade: `events` are the first of them.

    `cut_off`: the walk of the job's history ended early. `wide`: the events have more partitions
    than were looked for. `task_id` is None in the row that only says these.
    """

    job_id: int
    cut_off: bool
    wide: bool
    task_id: int | None
    state: CoveringState
    ended_at: datetime | None
    events: Sequence[int]


@dataclass(frozen=True, slots=True)
class Left:
    """Units of events of the cascade that are not tasks of a job yet."""

    job_id: int
    units: int
    cancelled: bool


@dataclass(frozen=True, slots=True)
class StillStale:
    """How much of a dataset is stale at the cascade's place. `units`: None is all, or text keys."""

    dataset: str
    units: int | None


@dataclass(slots=True)
class Visit:
    """What was found of one job at one depth, while the walk goes on."""

    id: int
    depth: int
    job_id: int
    job: str
    paused: bool
    outputs: Sequence[str]
    parents: set[int] = field(default_factory=set)
    tasks: dict[int, ReachedTask] = field(default_factory=dict)
    left: int = 0
    cancelled_left: int = 0
    unrouted: int = 0
    emitted: int = 0


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """Tasks by state; a dead one is in the dead letters, or was when it ended last."""

    pending: int = 0
    running: int = 0
    done: int = 0
    dead: int = 0
    cancelled: int = 0

    @property
    def all(self) -> int:
        return self.pending + self.running + self.done + self.dead + self.cancelled


@dataclass(frozen=True, slots=True)
class Touched:
    """A dataset that the cascade concerns, and where.

    `units` are the numbers in the ranges there, None for text keys and for all of a dataset.
    `stale` says whether some of it is stale now, `stale_units` how much (None as above).
    """

    dataset: str
    where: str
    units: int | None
    stale: bool
    stale_units: int | None


@dataclass(frozen=True, slots=True)
class CascadeNode:
    """A job at one depth of the tree; node 0 is the event itself, without a job.

    `parents` are the nodes whose events it covers, or would. `datasets` are those it makes and the
    cascade touches. `tasks` were found. `expected` is how many there will be, by the graph, and
    None where that depends on keys: a job without tasks and with a number is still to come.
    `units_left` of a backfill and `events_unrouted` are no tasks yet. `emitted` counts events that
    the tasks emitted, and that were looked at. At rest: nothing of it is left to be done, and
    nothing can come from above.
    """

    id: int
    parents: Sequence[int]
    depth: int
    job: str | None
    paused: bool
    datasets: Sequence[Touched]
    tasks: TaskCounts
    expected: int | None
    units_left: int
    events_unrouted: int
    emitted: int
    last_ended_at: datetime | None
    at_rest: bool


@dataclass(frozen=True, slots=True)
class CascadeLevel:
    """One depth: its datasets, how many jobs, their tasks; `units` of them are known."""

    depth: int
    datasets: Sequence[str]
    jobs: int
    tasks: TaskCounts
    units: int


@dataclass(frozen=True, slots=True)
class Cascade:
    """What followed from an event, as far as the database knows it.

    `tasks` were found, `tasks_in_all` adds those that are still expected. `complete` is False where
    something was left out, which `left_out` says in sentences. Tasks that were merged into others
    do not count: those that carry them on do.
    """

    event: TracedEvent
    summary: str
    at_rest: bool
    last_ended_at: datetime | None
    tasks: TaskCounts
    tasks_in_all: int
    levels: Sequence[CascadeLevel]
    nodes: Sequence[CascadeNode]
    complete: bool
    left_out: Sequence[str]
