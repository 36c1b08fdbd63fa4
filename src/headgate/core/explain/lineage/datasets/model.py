"""The nouns of the lineage of datasets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from headgate.core.explain.standing.model import JobState

MOST_STEPS = 20
MOST_NODES = 500
NodeKind = Literal["dataset", "job", "source"]


@dataclass(frozen=True, slots=True)
class Link:
    """That a job reads a dataset and makes others, or that a source makes one (then no `reads`)."""

    job_id: int
    maker: str
    kind: Literal["job", "source"]
    reads: int | None
    makes: int | None


@dataclass(frozen=True, slots=True)
class DatasetStatus:
    """A deployed dataset and since when some of it is stale."""

    id: int
    name: str
    dag: str
    stale_since: datetime | None


@dataclass(frozen=True, slots=True)
class LineageNode:
    """A dataset, job or source. `layer` 0 is the dataset asked about; up is negative.

    Datasets have even layers, jobs and sources odd ones between them. `state` is `fresh` or `stale`
    of a dataset, `source` of a source, and how a job stands; `since`: the dataset is stale, the job
    held. `running`, `waiting` and `dead` are of jobs, counted up to 1,000.
    """

    id: str
    kind: NodeKind
    name: str
    dag: str
    layer: int
    state: JobState | Literal["fresh", "stale", "source"]
    since: datetime | None
    running: int
    waiting: int
    dead: int


@dataclass(frozen=True, slots=True)
class LineageEdge:
    """That data goes from one node to another, by their ids."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class DatasetLineage:
    """The nodes by layer and name, and the edges between them.

    A dataset that is reached up and down, or over ways of different lengths, is at the nearest
    layer. `complete` is False where more nodes follow than were asked for or are shown.
    """

    dataset: str
    nodes: Sequence[LineageNode]
    edges: Sequence[LineageEdge]
    complete: bool
