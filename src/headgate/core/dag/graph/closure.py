"""What an invalidation touches: every dataset downstream of a dataset, and where.

The offsets of a path add up, and of several paths the hull counts: it may name too much, never too
little.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from headgate.core.dag.graph.flow import Flow, Reading, successors
from headgate.core.dag.graph.order import topological_order

_FAR = 2**61  # half of what an int8 holds: a range moved by an offset still fits


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a change of one dataset reaches into another; fields as in `Reading`."""

    lo: int
    hi: int
    segments: int | None
    whole: bool


def closure(flows: Iterable[Flow], partitioning: Mapping[str, str]) -> dict[tuple[str, str], Reach]:
    """Return the reach of each (dataset, dataset downstream of it).

    `flows` have no cycle. Between a dataset of keys and one of ranges nothing can be told apart:
    the reach is whole, as it is for a dataset of unknown partitioning.
    """
    flows = tuple(flows)
    steps: dict[str, dict[str, Reach]] = {}
    for flow in flows:
        for reading in flow.reads:
            direct = steps.setdefault(reading.dataset, {})
            for output in flow.outputs:
                step = _step(reading, partitioning.get(output), partitioning.get(reading.dataset))
                direct[output] = _hull(direct[output], step) if output in direct else step
    reached: dict[str, dict[str, Reach]] = {}
    for node in reversed(topological_order(successors(flows))):
        if node not in steps:
            continue
        total = dict(steps[node])
        for middle, first in steps[node].items():
            for end, second in reached.get(middle, {}).items():
                through = _after(first, second)
                total[end] = _hull(total[end], through) if end in total else through
        reached[node] = total
    return {(start, end): reach for start, ends in reached.items() for end, reach in ends.items()}


def _step(reading: Reading, made: str | None, read: str | None) -> Reach:
    whole = reading.whole or made is None or made != read
    return Reach(reading.lo, reading.hi, reading.segments, whole)


def _after(first: Reach, second: Reach) -> Reach:
    return Reach(
        max(first.lo + second.lo, -_FAR),
        min(first.hi + second.hi, _FAR),
        _coarser(first.segments, second.segments),
        first.whole or second.whole,
    )


def _hull(one: Reach, other: Reach) -> Reach:
    return Reach(
        min(one.lo, other.lo),
        max(one.hi, other.hi),
        _coarser(one.segments, other.segments),
        one.whole or other.whole,
    )


def _coarser(one: int | None, other: int | None) -> int | None:
    return min((n for n in (one, other) if n is not None), default=None)
