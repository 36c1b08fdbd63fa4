"""Where each box and line goes. The same sketch gives the same drawing."""

from collections.abc import Iterator, Mapping

from headgate.core.dag.graph.layout import layout
from headgate.core.dag.graph.order import topological_order
from headgate.core.dag.layout.model import Box, Drawing, Line, Link, Part, Point, Sketch

_HEIGHT, _BETWEEN_ROWS, _BETWEEN_COLUMNS = 40.0, 16.0, 72.0
_LETTER, _PADDING = 7.5, 44.0  # the padding holds an icon and a count
_NARROWEST, _WIDEST = 112.0, 300.0
_ROW = _HEIGHT + _BETWEEN_ROWS


def draw(sketch: Sketch) -> Drawing:
    """Draw a sketch. Whole DAGs may read each other in a circle: some links run back then."""
    following: dict[str, list[str]] = {part.id: [] for part in sketch.parts}
    for link in sketch.links:
        if link.to_id not in following[link.from_id]:
            following[link.from_id].append(link.to_id)
    found = layout(_without_cycles(following))
    columns = _Columns(sketch, {node: int(x) for node, (x, _) in found.nodes.items()})
    boxes = {
        part.id: columns.box(part, layer=int(x), row=y)
        for part in sketch.parts
        for x, y in [found.nodes[part.id]]
    }
    bends = {ends: points[1:-1] for ends, points in found.edges.items()}
    lines = tuple(
        Line(link, tuple(_points(link, boxes, columns, bends.get((link.from_id, link.to_id), ()))))
        for link in sketch.links
    )
    return Drawing(
        boxes=tuple(boxes.values()),
        lines=lines,
        width=columns.width,
        height=round(found.height * _ROW + _HEIGHT, 1) if boxes else 0.0,
    )


class _Columns:
    """Each column is as wide as its widest label, within limits."""

    def __init__(self, sketch: Sketch, layers: Mapping[str, int]) -> None:
        widths: dict[int, float] = dict.fromkeys(range(max(layers.values(), default=-1) + 1), 0.0)
        for part in sketch.parts:
            layer = layers[part.id]
            widths[layer] = max(widths[layer], _width(part))
        self._lefts: list[float] = []
        self._widths = list(widths.values())
        x = 0.0
        for width in self._widths:
            self._lefts.append(x)
            x += width + _BETWEEN_COLUMNS
        self.width = max(x - _BETWEEN_COLUMNS, 0.0)

    def box(self, part: Part, *, layer: int, row: float) -> Box:
        return Box(part, layer, self._lefts[layer], round(row * _ROW, 1), _width(part), _HEIGHT)

    def sides(self, layer: int) -> tuple[float, float]:
        return self._lefts[layer], self._lefts[layer] + self._widths[layer]


def _points(
    link: Link, boxes: Mapping[str, Box], columns: _Columns, bends: tuple[Point, ...]
) -> Iterator[Point]:
    start, end = boxes[link.from_id], boxes[link.to_id]
    yield start.x + start.width, start.y + _HEIGHT / 2
    for layer, row in bends:
        for x in columns.sides(int(layer)):
            yield x, round(row * _ROW + _HEIGHT / 2, 1)
    yield end.x, end.y + _HEIGHT / 2


def _width(part: Part) -> float:
    return min(max(len(part.label) * _LETTER + _PADDING, _NARROWEST), _WIDEST)


def _without_cycles(graph: Mapping[str, list[str]]) -> Mapping[str, list[str]]:
    """Leave out what leads back to a node on the way to it. Nothing recurses."""
    if len(topological_order(graph)) == len(graph):
        return graph
    kept: dict[str, list[str]] = {node: [] for node in graph}
    open_, done = set[str](), set[str]()
    for root in graph:
        way = [] if root in done else [(root, iter(graph[root]))]
        open_.update(node for node, _ in way)
        while way:
            node, following = way[-1]
            for after in following:
                if after in open_:
                    continue
                kept[node].append(after)
                if after not in done:
                    open_.add(after)
                    way.append((after, iter(graph[after])))
                    break
            else:
                way.pop()
                open_.discard(node)
                done.add(node)
    return kept
