"""Too many parts to draw: each DAG becomes one box, and those that somebody opened stay open."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from headgate.core.dag.layout.model import Link, Part, Sketch

MOST_SHOWN = 800
"""Parts that are drawn one by one; a page gets slow beyond."""

MOST_OPENED = 3000
"""Parts of opened DAGs; one more DAG stays closed."""


def collapse(sketch: Sketch, *, opened: Sequence[str] = ()) -> Sketch:
    """Return `sketch` if it is small; else with one part, `dag:<name>`, for each DAG not `opened`.

    Links between closed DAGs say that one reads what the other makes; their text counts the links.
    """
    if len(sketch.parts) <= MOST_SHOWN:
        return sketch
    sizes = Counter(part.dag for part in sketch.parts)
    kept: set[str] = set()
    room = MOST_OPENED
    for dag in dict.fromkeys(opened):
        if 0 < sizes[dag] <= room:
            kept.add(dag)
            room -= sizes[dag]
    stands_for = {
        part.id: part.id if part.dag in kept else f"dag:{part.dag}" for part in sketch.parts
    }
    closed = tuple(Part(f"dag:{dag}", "dag", dag, dag) for dag in sizes if dag not in kept)
    parts = tuple(part for part in sketch.parts if part.dag in kept)
    return Sketch((*closed, *parts), tuple(_joined(sketch.links, stands_for)))


def _joined(links: Iterable[Link], stands_for: Mapping[str, str]) -> Iterator[Link]:
    joined: Counter[tuple[str, str]] = Counter()
    for link in links:
        ends = stands_for[link.from_id], stands_for[link.to_id]
        if ends == (link.from_id, link.to_id):
            yield link
        elif ends[0] != ends[1]:
            joined[ends] += 1
    for (start, end), count in joined.items():
        yield Link(start, end, "input", f"{count} links" if count > 1 else "")
