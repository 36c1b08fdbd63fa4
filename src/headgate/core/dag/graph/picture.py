"""A graph as text: one node a line, edges as lanes to the left of it, as version histories do.

▶ briefs
○ creative.brief
● parse
├─╮
○ │ creative.product_reused
│ ○ creative.product_new
"""

from collections.abc import Callable, Sequence

from headgate.core.dag.graph.flow import flows_of, successors
from headgate.core.dag.graph.order import Graph, topological_order
from headgate.core.dag.schema import DagSpec

_UP, _DOWN, _LEFT, _RIGHT = 1, 2, 4, 8
_STROKES = {
    0: " ",
    _UP | _DOWN: "│",
    _LEFT | _RIGHT: "─",
    _DOWN | _LEFT: "╮",
    _DOWN | _RIGHT: "╭",
    _UP | _LEFT: "╯",
    _UP | _RIGHT: "╰",
    _UP | _DOWN | _LEFT: "┤",
    _UP | _DOWN | _RIGHT: "├",
    _DOWN | _LEFT | _RIGHT: "┬",
    _UP | _LEFT | _RIGHT: "┴",
    _UP | _DOWN | _LEFT | _RIGHT: "┼",
}
Lanes = list[str | None]


def dag_picture(spec: DagSpec) -> str:
    """Draw a DAG: ▶ sources, ● jobs with their operators, ○ datasets, ◌ those of other DAGs."""
    flows = {flow.label: flow for flow in flows_of(spec)}

    def label(node: str) -> str:
        flow = flows.get(node)
        if flow is None:
            return node
        return (
            flow.name if flow.kind == "source" else f"{flow.name} ({spec.jobs[flow.name].operator})"
        )

    def symbol(node: str) -> str:
        if flow := flows.get(node):
            return "▶" if flow.kind == "source" else "●"
        return "○" if node in spec.datasets else "◌"

    return picture(successors(flows.values()), label=label, symbol=symbol)


def picture(graph: Graph, *, label: Callable[[str], str], symbol: Callable[[str], str]) -> str:
    """Draw an acyclic graph. Every edge runs down from a node's symbol to that of the next."""
    lines: list[str] = []
    lanes: Lanes = []  # what each lane leads to
    for node in topological_order(graph):
        if node not in lanes:
            if lines:  # or it would seem to follow from whatever ended in this lane
                lines.append(" ".join("│" if lane else " " for lane in lanes).rstrip())
            lanes[_free(lanes)] = node
        at = lanes.index(node)
        marks = [symbol(node) if i == at else "│" if lane else " " for i, lane in enumerate(lanes)]
        lines.append(f"{' '.join(marks).rstrip()} {label(node)}")
        above = list(lanes)
        targets = _lead_on(lanes, at, graph[node])
        if {at, *targets} != {at}:
            lines.append(_join(above, lanes, at, targets))
        while lanes and lanes[-1] is None:
            lanes.pop()
    return "\n".join(lines)


def _free(lanes: Lanes) -> int:
    if None not in lanes:
        lanes.append(None)
    return lanes.index(None)


def _lead_on(lanes: Lanes, at: int, following: Sequence[str]) -> list[int]:
    """Give each following node a lane, the first new one that of the node itself; return them."""
    lanes[at] = None
    targets = []
    for after in following:
        if after not in lanes:
            lanes[at if lanes[at] is None else _free(lanes)] = after
        targets.append(lanes.index(after))
    return targets


def _join(above: Lanes, below: Lanes, at: int, targets: list[int]) -> str:
    """Draw the line that ties a node's lane to those of its followers, over the lanes between."""
    ends = {at, *targets}
    first, last = min(ends), max(ends)
    text = ""
    for i in range(len(below)):
        lane = above[i] if i < len(above) else None
        inside = first <= i <= last
        if i in ends:
            stroke = (_UP if i == at or lane else 0) | (_DOWN if below[i] else 0)
            stroke |= (_LEFT if i > first else 0) | (_RIGHT if i < last else 0)
        elif lane:
            stroke = _UP | _DOWN  # passes over the line, so that it is not taken for a junction
        else:
            stroke = _LEFT | _RIGHT if inside else 0
        text += _STROKES[stroke] + ("─" if first <= i < last else " ")
    return text.rstrip()
