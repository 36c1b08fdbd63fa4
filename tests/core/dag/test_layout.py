"""Drawings of the graph: nothing overlaps, lines lead from box to box, the same again is the same."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from headgate.core.dag.graph.flow import Flow, Reading
from headgate.core.dag.layout.collapse import MOST_OPENED, MOST_SHOWN, collapse
from headgate.core.dag.layout.drawing import draw
from headgate.core.dag.layout.kept import Drawings
from headgate.core.dag.layout.model import Drawing, Link, Part, Sketch
from headgate.core.dag.layout.sketch import sketch


@st.composite
def sketches(draw_: st.DrawFn) -> Sketch:
    """Anything, with cycles and with several links between the same two."""
    count = draw_(st.integers(0, 9))
    parts = tuple(Part(f"dag:n{i}", "dag", "n" * (i * 9 + 1), f"n{i}") for i in range(count))
    ends = st.tuples(st.integers(0, max(count - 1, 0)), st.integers(0, max(count - 1, 0)))
    pairs = draw_(st.lists(ends, max_size=16)) if count else []
    links = tuple(Link(parts[a].id, parts[b].id, "input") for a, b in pairs if a != b)
    return Sketch(parts, links)


@settings(derandomize=True, deadline=None, max_examples=300)
@given(sketches())
def test_boxes_do_not_overlap_and_lines_lead_from_one_to_the_other(given_: Sketch) -> None:
    found = draw(given_)

    assert found == draw(given_)
    boxes = {box.part.id: box for box in found.boxes}
    assert [box.part for box in found.boxes] == list(given_.parts)
    for one in found.boxes:
        assert 0 <= one.x <= one.x + one.width <= found.width
        assert 0 <= one.y <= one.y + one.height <= found.height
        for other in found.boxes:
            if one is not other:
                assert (
                    one.x + one.width <= other.x
                    or other.x + other.width <= one.x
                    or one.y + one.height <= other.y
                    or other.y + other.height <= one.y
                ), "they overlap"
    assert [line.link for line in found.lines] == list(given_.links)
    for line in found.lines:
        start, end = boxes[line.link.from_id], boxes[line.link.to_id]
        assert line.points[0] == (start.x + start.width, start.y + start.height / 2)
        assert line.points[-1] == (end.x, end.y + end.height / 2)
        if start.layer < end.layer:
            assert all(before[0] <= after[0] for before, after in pairwise(line.points))


def test_a_long_line_passes_between_the_boxes_of_the_layers_it_crosses() -> None:
    flows = [
        Flow("d", "job", "one", (Reading("a"),), ("b",)),
        Flow("d", "job", "two", (Reading("a"), Reading("b")), ("c",)),
    ]
    found = draw(sketch(flows, dict.fromkeys("abc", "d")))

    boxes = {box.part.id: box for box in found.boxes}
    (long,) = [
        line
        for line in found.lines
        if (line.link.from_id, line.link.to_id) == ("dataset:a", "job:d.two")
    ]
    crossed = [boxes["job:d.one"], boxes["dataset:b"]]
    assert len(long.points) == 2 + 2 * len(crossed)
    for box, (left, right) in zip(crossed, _pairs(long.points[1:-1]), strict=True):
        assert left[0] <= box.x
        assert right[0] >= box.x + box.width
        assert left[1] == right[1]
        assert not box.y <= left[1] <= box.y + box.height, "through a box"


def test_whole_dags_that_read_each_other_are_drawn_all_the_same() -> None:
    parts = tuple(Part(f"dag:{name}", "dag", name, name) for name in "abc")
    circle = tuple(Link(f"dag:{one}", f"dag:{other}", "input") for one, other in ("ab", "bc", "ca"))

    assert [box.layer for box in draw(Sketch(parts, circle)).boxes] == [0, 1, 2]


def test_ten_thousand_in_a_line_are_drawn() -> None:
    parts = tuple(Part(f"dag:{at}", "dag", str(at), str(at)) for at in range(10_000))
    links = tuple(Link(one.id, other.id, "input") for one, other in pairwise(parts))
    back = Link(parts[-1].id, parts[0].id, "input")

    assert max(box.layer for box in draw(Sketch(parts, (*links, back))).boxes) == 9999


def test_what_is_opened_is_shown_as_long_as_there_is_room() -> None:
    size = MOST_OPENED // 2
    parts = tuple(
        Part(f"dataset:{dag}.{at}", "dataset", f"{dag}.{at}", dag)
        for dag in "abc"
        for at in range(size)
    )
    links = (
        Link("dataset:a.0", "dataset:b.0", "input"),
        Link("dataset:a.1", "dataset:b.1", "input"),
        Link("dataset:b.0", "dataset:b.1", "input"),
    )
    whole = Sketch(parts, links)

    shown = collapse(whole, opened=["c", "unknown", "b", "a"])
    assert [part.id for part in shown.parts if part.kind == "dag"] == ["dag:a"]
    assert len(shown.parts) == 1 + MOST_OPENED
    assert set(shown.links) == {
        Link("dag:a", "dataset:b.0", "input"),
        Link("dag:a", "dataset:b.1", "input"),
        Link("dataset:b.0", "dataset:b.1", "input"),
    }
    assert collapse(whole).links == (Link("dag:a", "dag:b", "input", "2 links"),)
    small = Sketch(parts[:MOST_SHOWN], ())
    assert collapse(small) is small


async def test_a_kept_drawing_is_not_made_again_and_old_ones_are_forgotten() -> None:
    drawings = Drawings()
    empty = (Sketch((), ()), Drawing((), (), 0.0, 0.0))

    assert drawings.find("first") is None
    await drawings.add("first", lambda: empty)
    assert drawings.find("first") is empty
    for at in range(100):
        await drawings.add(at, lambda: empty)
    assert drawings.find("first") is None
    assert drawings.find(99) is empty


def _pairs(
    points: tuple[tuple[float, float], ...],
) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    return list(zip(points[::2], points[1::2], strict=True))
