"""Where to draw each node and edge of an acyclic graph: layers from left to right.

Sugiyama's method in its plainest form: layers by longest path, a stand-in node wherever an edge
crosses a layer, the order within a layer by the mean of the neighbors, then positions that come as
near to the neighbors as that order allows. Linear in nodes and stand-ins, but for the sorting.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from headgate.core.dag.graph.order import Graph, topological_order

_ORDER_SWEEPS = 8
_POSITION_SWEEPS = 6
Point = tuple[float, float]
Cell = str | tuple[str, str, int]  # a node, or an edge's stand-in in a layer


@dataclass(frozen=True, slots=True)
class Layout:
    """Positions in units of one layer across and one row down; the least of each is 0.

    `edges` maps (from, to) to the points from one node to the other, both included.
    """

    nodes: dict[str, Point]
    edges: dict[tuple[str, str], tuple[Point, ...]]
    width: float
    height: float


def layout(graph: Graph) -> Layout:
    """Lay out an acyclic graph (nodes on cycles are left out). The same graph, the same picture."""
    layer = layers(graph)
    chains = {
        (node, after): _chain(node, after, layer)
        for node in layer
        for after in graph[node]
        if after in layer
    }
    rows: list[list[Cell]] = [[] for _ in range(max(layer.values(), default=-1) + 1)]
    for node, at in layer.items():
        rows[at].append(node)
    before: dict[Cell, list[Cell]] = {}
    behind: dict[Cell, list[Cell]] = {}
    for chain in chains.values():
        for step, (one, other) in enumerate(pairwise(chain)):
            behind.setdefault(one, []).append(other)
            before.setdefault(other, []).append(one)
            if step:
                rows[layer[chain[0]] + step].append(one)  # type: ignore[index] # chains begin at nodes
    _sort(rows, before, behind)
    y = _positions(rows, before, behind)
    top = min(y.values(), default=0.0)
    place = {
        cell: (float(at), round(y[cell] - top, 3)) for at, row in enumerate(rows) for cell in row
    }
    return Layout(
        nodes={node: place[node] for node in layer},
        edges={ends: tuple(place[cell] for cell in chain) for ends, chain in chains.items()},
        width=float(max(len(rows) - 1, 0)),
        height=max((point[1] for point in place.values()), default=0.0),
    )


def layers(graph: Graph) -> dict[str, int]:
    """Return each node's layer: after all nodes before it; first nodes move up to the next."""
    order = topological_order(graph)
    layer = dict.fromkeys(order, 0)
    roots = set(order).difference(*(graph[node] for node in order))
    for node in order:
        for after in graph[node]:
            if after in layer:
                layer[after] = max(layer[after], layer[node] + 1)
    for node in roots:
        layer[node] = min((layer[after] for after in graph[node] if after in layer), default=1) - 1
    return layer


def _chain(node: str, after: str, layer: Mapping[str, int]) -> tuple[Cell, ...]:
    between = range(layer[node] + 1, layer[after])
    return (node, *((node, after, at) for at in between), after)


Neighbors = Mapping[Cell, Sequence[Cell]]


def _sort(rows: list[list[Cell]], before: Neighbors, behind: Neighbors) -> None:
    """Reorder each row by the mean position of its neighbors, from the left and from the right."""
    for sweep in range(_ORDER_SWEEPS):
        forward = sweep % 2 == 0
        neighbors = before if forward else behind
        for at in range(1, len(rows)) if forward else range(len(rows) - 2, -1, -1):
            beside = {cell: i for i, cell in enumerate(rows[at - 1 if forward else at + 1])}
            key = {
                cell: _mean((beside[n] for n in neighbors.get(cell, ())), default=i)
                for i, cell in enumerate(rows[at])
            }
            rows[at].sort(key=key.__getitem__)


def _positions(rows: list[list[Cell]], before: Neighbors, behind: Neighbors) -> dict[Cell, float]:
    y = {cell: float(i) for row in rows for i, cell in enumerate(row)}
    for sweep in range(_POSITION_SWEEPS):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            wanted = [
                _mean(
                    (y[n] for n in (*before.get(cell, ()), *behind.get(cell, ()))), default=y[cell]
                )
                for cell in row
            ]
            y.update(zip(row, _spread(wanted), strict=True))
    return y


def _spread(wanted: Sequence[float]) -> list[float]:
    """Return positions at least 1 apart, in this order, as near to `wanted` as can be.

    Least squares under an order is solved by pooling neighbors that violate it into blocks.
    """
    blocks: list[tuple[float, int]] = []  # mean, members; of the positions less their index
    for i, position in enumerate(wanted):
        mean, members = position - i, 1
        while blocks and blocks[-1][0] > mean:
            other, count = blocks.pop()
            mean = (mean * members + other * count) / (members + count)
            members += count
        blocks.append((mean, members))
    flat = [mean for mean, members in blocks for _ in range(members)]
    return [mean + i for i, mean in enumerate(flat)]


def _mean(values: Iterable[float], *, default: float) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else default
