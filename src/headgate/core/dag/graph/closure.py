"""What an invalidation touches: every dataset downstream of a dataset, and where.

The offsets of a path add up, and of several paths the hull counts: it may name too much, never too
little.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from headgate.core.dag.graph.flow import Flow, Reading, successors
from headgate.core.dag.graph.order import topological_order

_FAR = 2**61  # half of what an int8 holds: a range moved by an offset still fits


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a change of one dataset reaches into another; fields as in `Reading`.

    `replaces`: on some way there every job replaces, so that an invalidation goes all of it.
    """

    lo: int
    hi: int
    segments: int | None
    whole: bool
    replaces: bool


@dataclass(frozen=True, slots=True)
class Gates:
    """Jobs that must not mix old and new inputs, and what to watch for that.

    `jobs` are `<dag>.<job>`. In `pairs` (ancestor, dataset) an update of the ancestor makes the
    dataset stale until it has caught up.
    """

    jobs: frozenset[str]
    pairs: frozenset[tuple[str, str]]


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
                step = _step(flow, reading, output, partitioning)
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


def gates(flows: Iterable[Flow], reaches: Mapping[tuple[str, str], Reach]) -> Gates:
    """Return which jobs read one ancestor on more than one way, and need those ways to agree."""
    above: dict[str, set[str]] = {}
    for start, end in reaches:
        above.setdefault(end, set()).add(start)
    jobs: set[str] = set()
    pairs: set[tuple[str, str]] = set()
    for flow in flows:
        if not (flow.replaces and flow.waits):
            continue
        inputs = [reading.dataset for reading in flow.reads]
        ways = Counter(a for given in inputs for a in {given, *above.get(given, ())})
        for ancestor in (a for a, count in ways.items() if count > 1):
            jobs.add(f"{flow.dag}.{flow.name}")
            for given in inputs:
                if (ancestor, given) in reaches:
                    between = {x for x in above[given] if (ancestor, x) in reaches}
                    pairs.update((ancestor, x) for x in {given, *between})
    return Gates(frozenset(jobs), frozenset(pairs))


def _step(flow: Flow, reading: Reading, output: str, partitioning: Mapping[str, str]) -> Reach:
    made = partitioning.get(output)
    whole = reading.whole or made is None or made != partitioning.get(reading.dataset)
    return Reach(reading.lo, reading.hi, reading.segments, whole, flow.replaces)


def _after(first: Reach, second: Reach) -> Reach:
    return Reach(
        max(first.lo + second.lo, -_FAR),
        min(first.hi + second.hi, _FAR),
        _coarser(first.segments, second.segments),
        first.whole or second.whole,
        first.replaces and second.replaces,
    )


def _hull(one: Reach, other: Reach) -> Reach:
    return Reach(
        min(one.lo, other.lo),
        max(one.hi, other.hi),
        _coarser(one.segments, other.segments),
        one.whole or other.whole,
        one.replaces or other.replaces,
    )


def _coarser(one: int | None, other: int | None) -> int | None:
    return min((n for n in (one, other) if n is not None), default=None)
