"""How long it takes to lay out the graph of a deployed org, once a deploy: no database, no peer."""

import argparse
import random
from time import perf_counter

from headgate.core.dag.graph.flow import Flow, Reading
from headgate.core.dag.layout.drawing import draw
from headgate.core.dag.layout.model import Sketch
from headgate.core.dag.layout.sketch import sketch
from result import report, spread, tell

SUMMARY = "ms to lay out a graph of 34, 300, 1,000 and 3,000 parts"

_SIZES = (34, 300, 1000, 3000)
_NEAR = 0.05  # of all datasets: how far back a job reads, on average


def _graph(parts: int) -> Sketch:
    """Return a graph of `parts`: half of them jobs that read one to three datasets made before."""
    chance = random.Random(parts)  # noqa: S311 - the same graph each time
    flows: list[Flow] = []
    for at in range(parts // 2):
        back = max(6.0, parts / 2 * _NEAR)
        reads = {
            max(0, at - 1 - int(chance.expovariate(1 / back)))
            for _ in range(chance.choice((1, 1, 2, 3)) if at else 0)
        }
        reading = tuple(Reading(f"d.d{one}") for one in sorted(reads))
        flows.append(Flow("d", "job" if at else "source", f"j{at}", reading, (f"d.d{at}",)))
    return sketch(flows, {f"d.d{at}": "d" for at in range(parts // 2)})


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser("layout", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args(arguments).rounds
    taken: dict[int, list[float]] = {}
    for size in _SIZES:
        graph = _graph(size)
        taken[size] = [_milliseconds(graph) for _ in range(rounds)]
        tell(f"{size:>5} parts, {len(graph.links):>5} links: {spread(taken[size])} ms")
    report(
        "layout",
        taken[_SIZES[-1]],
        "ms",
        against={},
        milliseconds={str(size): spread(found).median for size, found in taken.items()},
    )


def _milliseconds(graph: Sketch) -> float:
    start = perf_counter()
    draw(graph)
    return 1000 * (perf_counter() - start)
