"""The nouns of lineage."""

from collections.abc import Sequence
from dataclasses import dataclass

from headgate.core.explain.covered.model import CoveringState, TracedEvent

MOST_HOPS = 10


@dataclass(frozen=True, slots=True)
class LineageTask:
    """A task `hop` steps below (above: negative) the one that was asked about, which is at 0.

    `inputs` are the first events that it covers, `outputs` the first that it emitted; the counts
    say how many events it covers in all, and whether it emitted more.
    """

    id: int
    job: str
    state: CoveringState
    partition: str | None
    hop: int
    inputs: Sequence[TracedEvent]
    inputs_in_all: int
    outputs: Sequence[TracedEvent]
    more_outputs: bool


@dataclass(frozen=True, slots=True)
class Read:
    """That a task covers an event that another task emitted."""

    event_id: int
    task_id: int


@dataclass(frozen=True, slots=True)
class Lineage:
    """Tasks up and down from one, by hop; `reads` link the events of some to others.

    `complete` is False where a hop had more tasks or events than are looked at, or more hops follow
    than were asked for.
    """

    task_id: int
    tasks: Sequence[LineageTask]
    reads: Sequence[Read]
    complete: bool
