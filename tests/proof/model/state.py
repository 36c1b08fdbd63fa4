"""What a state of the model holds. All of it is tuples of numbers, so that states can be keys.

A content says from which versions of which sources a dataset was made: `BITS` bits a source, a bit
a version. So contents join by `|`, and inputs mix when they know different versions of one source.
"""

from collections.abc import Iterable
from typing import NamedTuple, TypeVar

T = TypeVar("T")

BITS = 4  # a source commits at most three times
NOT_READ = -1
"""The read is still to come, or it saw what is still there: nothing tells the two apart."""


class Event(NamedTuple):
    dataset: int
    invalidates: bool


class Work(NamedTuple):
    """A task: how many events it covers, and whether one of them invalidates."""

    n: int
    invalidates: bool

    def joined(self, other: "Work | None") -> "Work":
        if other is None:
            return self
        return Work(self.n + other.n, self.invalidates or other.invalidates)


class Lease(NamedTuple):
    token: int
    work: Work


class Attempt(NamedTuple):
    """A process that runs an operator. Nobody can know whether it still will answer."""

    job: int
    token: int
    reads: tuple[int, ...]
    """What it saw of each input of the job, or NOT_READ."""
    passed: bool = False
    """Its answer passed the checks in its statement's snapshot, and is about to be committed."""


class State(NamedTuple):
    contents: tuple[int, ...]
    """What is published of each dataset."""
    unrouted: tuple[Event, ...]
    """Visible events, in the order in which they will be routed."""
    pending: tuple[Work | None, ...]
    """By job, as is all that follows."""
    leases: tuple[Lease | None, ...]
    dead: tuple[Work | None, ...]
    owed: tuple[int, ...]
    """How many events no accepted answer has covered. For the checks; the protocol has no such."""
    running: tuple[Attempt, ...]
    """Sorted: which of two like attempts was first makes no other state."""
    stale: frozenset[int]
    untold: tuple[Event, ...]
    """Outputs whose event is not written yet; none while both are one transaction."""
    faults: int
    """How many may still happen."""


class Step(NamedTuple):
    """One action: what happened, where it leads, and which promise it breaks.

    `forced` from outside, by a commit or a fault: nothing may rely on it to happen.
    """

    said: str
    state: State
    broken: str | None = None
    forced: bool = False


def put(values: tuple[T, ...], at: int, value: T) -> tuple[T, ...]:
    return (*values[:at], value, *values[at + 1 :])


def union(contents: Iterable[int]) -> int:
    total = 0
    for content in contents:
        total |= content
    return total


def versions(content: int, source: int) -> int:
    """Return the bits of one source."""
    return content >> BITS * source & (1 << BITS) - 1
