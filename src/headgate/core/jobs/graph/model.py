"""The nouns of a graph with its live state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from headgate.core.dag.layout.model import LinkKind, PartKind, Point
from headgate.core.tasks.model import AttemptOutcome

MOST_COUNTED = 10_000
"""What waits, runs or is dead is counted up to so many a job."""

JobStateNow = Literal["paused", "held", "running", "waiting", "idle"]
"""The first of these that fits. `held`: backpressure lets it start nothing."""


@dataclass(frozen=True, slots=True)
class JobLive:
    """A job now. Tasks and dead letters are counted up to 10,000; `waiting` are not started yet.

    `last_outcome` is of the newest attempt that ended, at `last_at`; both are null where there is
    none, and for jobs of DAGs that are drawn as one box.
    """

    job: str
    state: JobStateNow
    text: str
    waiting: int
    running: int
    dead_letters: int
    paused: bool
    held: bool
    last_outcome: AttemptOutcome | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class DatasetLive:
    """A dataset now: since when some of it is behind what it is made from, and its newest event."""

    dataset: str
    stale: bool
    text: str
    stale_since: datetime | None
    last_event_at: datetime | None


@dataclass(frozen=True, slots=True)
class DagLive:
    """A DAG drawn as one box: how many parts it has, and the sums over its jobs and datasets."""

    dag: str
    text: str
    jobs: int
    datasets: int
    sources: int
    waiting: int
    running: int
    dead_letters: int
    paused_jobs: int
    held_jobs: int
    stale_datasets: int


@dataclass(frozen=True, slots=True)
class GraphNode:
    """A box, in pixels from the top left corner of the graph; `layer` is its column.

    `id` is the kind and the full name, as `job:chain.decode`. What it is now is in `job`, `dataset`
    or `group`, whichever it is; a source has none of them.
    """

    id: str
    kind: PartKind
    label: str
    dag: str
    layer: int
    x: float
    y: float
    width: float
    height: float
    job: JobLive | None
    dataset: DatasetLive | None
    group: DagLive | None


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """A line from the right side of one box to the left side of another, over its bends."""

    from_id: str
    to_id: str
    kind: LinkKind
    text: str
    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class Graph:
    """Where everything is and what it does now; lengths are pixels.

    `version` is that of the DAG, null for the graph of all. `collapsed`: the DAGs that are drawn as
    one box each, because there is too much to draw. `text` says the same in a sentence.
    """

    dag: str | None
    version: int | None
    width: float
    height: float
    nodes: Sequence[GraphNode]
    edges: Sequence[GraphEdge]
    collapsed: Sequence[str]
    text: str


@dataclass(frozen=True, slots=True)
class GraphStatus:
    """Only what a DAG's jobs and datasets are now, by name."""

    jobs: Sequence[JobLive]
    datasets: Sequence[DatasetLive]
