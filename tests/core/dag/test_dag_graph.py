"""Cycles, order, reach, layout and picture of the graph of datasets, jobs and sources."""

import random
import time
from collections import deque
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headgate.core.dag.check.findings import InvalidDag
from headgate.core.dag.graph.closure import Reach, closure, gates
from headgate.core.dag.graph.flow import Flow, Reading, flows_of, successors
from headgate.core.dag.graph.layout import layout
from headgate.core.dag.graph.order import find_cycles, topological_order
from headgate.core.dag.graph.picture import dag_picture, picture
from headgate.core.dag.load import load_dag

Graph = dict[str, list[str]]


@st.composite
def graphs(draw: st.DrawFn, *, acyclic: bool) -> Graph:
    count = draw(st.integers(0, 9))
    nodes = [f"n{i}" for i in range(count)]
    pairs = st.tuples(st.integers(0, max(count - 1, 0)), st.integers(0, max(count - 1, 0)))
    graph: Graph = {node: [] for node in nodes}
    for one, other in draw(st.lists(pairs, max_size=16, unique=True)) if nodes else []:
        if one < other or not acyclic:
            graph[nodes[one]].append(nodes[other])
    return graph


def reaches_itself(graph: Graph, node: str) -> bool:
    seen: set[str] = set()
    queue = deque(graph[node])
    while queue:
        at = queue.popleft()
        if at == node:
            return True
        if at not in seen:
            seen.add(at)
            queue.extend(graph[at])
    return False


@settings(derandomize=True, deadline=None)
@given(graph=graphs(acyclic=False))
def test_cycles_are_found_exactly_where_there_are_some(graph: Graph) -> None:
    on_cycle = {node for node in graph if reaches_itself(graph, node)}

    cycles = find_cycles(graph)

    assert bool(cycles) == bool(on_cycle)
    for cycle in cycles:
        assert cycle[0] == cycle[-1]
        assert len(set(cycle)) == len(cycle) - 1
        assert all(after in graph[node] for node, after in pairwise(cycle))


@settings(derandomize=True, deadline=None)
@given(graph=graphs(acyclic=True))
def test_in_topological_order_each_node_comes_after_all_it_follows_from(graph: Graph) -> None:
    order = topological_order(graph)

    at = {node: i for i, node in enumerate(order)}
    assert sorted(order) == sorted(graph)
    assert all(at[node] < at[after] for node in graph for after in graph[node])


def test_a_chain_of_a_hundred_thousand_nodes_is_no_problem() -> None:
    graph = {str(i): (str(i + 1),) for i in range(100_000)} | {"100000": ()}

    assert find_cycles(graph) == []
    assert len(topological_order(graph)) == 100_001
    assert len(find_cycles({**graph, "100000": ("0",)})[0]) == 100_002


names = st.sampled_from([f"d.x{i}" for i in range(6)])


@settings(derandomize=True, deadline=None, max_examples=200)
@given(jobs=st.lists(st.tuples(st.lists(names, min_size=1, max_size=3, unique=True), st.lists(names, max_size=2, unique=True)), max_size=6))  # fmt: skip
def test_no_dag_with_a_cycle_or_a_second_producer_is_accepted(
    jobs: list[tuple[list[str], list[str]]],
) -> None:
    text = "dag: d\ndatasets: {" + ", ".join(f"d.x{i}: " for i in range(6)) + "}\njobs:\n"
    for i, (inputs, outputs) in enumerate(jobs):
        text += f"  j{i}: {{operator: d.f, inputs: {inputs}, outputs: {outputs}}}\n".replace(
            "'", ""
        )
    written = [dataset for _, outputs in jobs for dataset in outputs]
    follows: Graph = {f"d.x{i}": [] for i in range(6)}
    for inputs, outputs in jobs:
        for dataset in inputs:
            follows[dataset] += outputs
    sound = len(written) == len(set(written)) and not any(
        reaches_itself(follows, n) for n in follows
    )

    try:
        accepted = bool(load_dag(text if jobs else "dag: d", file="f"))
    except InvalidDag:
        accepted = False

    assert accepted == sound


def ways(flows: list[Flow], start: str) -> dict[str, list[list[Reading]]]:
    """Every path from `start`, as the readings along it, by enumeration."""
    found: dict[str, list[list[Reading]]] = {}
    queue: deque[tuple[str, list[Reading]]] = deque([(start, [])])
    while queue:
        at, path = queue.popleft()
        for flow in flows:
            for reading in flow.reads:
                if reading.dataset == at:
                    for output in flow.outputs:
                        found.setdefault(output, []).append([*path, reading])
                        queue.append((output, [*path, reading]))
    return found


@st.composite
def acyclic_flows(draw: st.DrawFn) -> list[Flow]:
    flows = []
    for i in range(1, draw(st.integers(1, 6))):
        inputs = draw(st.lists(st.integers(0, i - 1), min_size=1, max_size=3, unique=True))
        reads = tuple(
            Reading(
                f"x{n}",
                draw(st.integers(-9, 0)),
                draw(st.integers(0, 9)),
                draw(st.none() | st.integers(1, 3)),
                draw(st.booleans()),
            )
            for n in inputs
        )
        flows.append(Flow("d", "job", f"j{i}", reads, (f"x{i}",), f"failed{i}"))
    return flows


@settings(derandomize=True, deadline=None)
@given(flows=acyclic_flows())
def test_a_change_reaches_as_far_as_its_longest_ways_downstream(flows: list[Flow]) -> None:
    found = closure(flows, {f"x{i}": "range" for i in range(9)})

    expected = {}
    for start in {reading.dataset for flow in flows for reading in flow.reads}:
        for end, paths in ways(flows, start).items():
            segments = [r.segments for path in paths for r in path if r.segments is not None]
            expected[start, end] = Reach(
                lo=min(sum(r.lo for r in path) for path in paths),
                hi=max(sum(r.hi for r in path) for path in paths),
                segments=min(segments, default=None),
                whole=any(r.whole for path in paths for r in path),
                replaces=False,
            )
    assert found == expected


def test_between_keys_and_ranges_a_change_reaches_everything() -> None:
    flows = [
        Flow("d", "job", "a", (Reading("blocks", 0, 10),), ("sums",)),
        Flow("d", "job", "b", (Reading("sums"),), ("report",)),
    ]

    found = closure(flows, {"blocks": "range", "sums": "range", "report": "key"})

    assert found["blocks", "sums"] == Reach(0, 10, None, whole=False, replaces=False)
    assert found["blocks", "report"].whole


def test_offsets_that_add_up_beyond_an_int8_are_cut() -> None:
    far = 2**40
    flows = [
        Flow("d", "job", f"j{i}", (Reading(f"x{i}", -far, far * 2**20),), (f"x{i + 1}",))
        for i in range(9)
    ]

    assert closure(flows, {f"x{i}": "range" for i in range(10)})["x0", "x9"].hi == 2**61


def test_the_reach_of_two_hundred_datasets_in_ten_layers_is_quick() -> None:
    chance = random.Random(7)
    flows = [
        Flow("d", "job", f"j{i}", tuple(Reading(f"x{n}", 0, 1) for n in chance.sample(range(i // 20 * 20 - 20, i // 20 * 20), 3)), (f"x{i}",))
        for i in range(20, 200)
    ]  # fmt: skip

    begun = time.process_time()
    found = closure(flows, {f"x{i}": "range" for i in range(200)})

    assert len(found) > 5000
    assert time.process_time() - begun < 2


@settings(derandomize=True, deadline=None)
@given(graph=graphs(acyclic=True))
def test_in_a_layout_edges_run_to_the_right_and_nothing_overlaps(graph: Graph) -> None:
    found = layout(graph)

    assert found == layout(graph)
    assert found.nodes.keys() == graph.keys()
    columns: dict[float, list[float]] = {}
    for x, y in {*found.nodes.values(), *(p for points in found.edges.values() for p in points)}:
        columns.setdefault(x, []).append(y)
    for ys in columns.values():
        ys.sort()
        assert all(after - before > 0.99 for before, after in pairwise(ys))
    for (one, other), points in found.edges.items():
        xs = [x for x, _ in points]
        assert (points[0], points[-1]) == (found.nodes[one], found.nodes[other])
        assert xs == [xs[0] + i for i in range(len(xs))]
    assert len(found.edges) == sum(map(len, graph.values()))
    assert all(0 <= x <= found.width and 0 <= y <= found.height for x, y in found.nodes.values())


def test_a_line_of_nodes_is_laid_out_as_a_line() -> None:
    found = layout({"a": ["b"], "b": ["c"], "c": []})

    assert found.nodes == {"a": (0, 0), "b": (1, 0), "c": (2, 0)}


DOWN = set("│╮╭┤├┬┼")


def edges_in(drawing: str) -> set[tuple[str, str]]:
    """Follow the strokes of a picture, as a reader would."""
    lines = [line.ljust(200) for line in drawing.split("\n")]
    found = set()
    for row, line in enumerate(lines[:-1]):
        if "●" not in line:
            continue
        column = line.index("●")
        below = lines[row + 1]
        if below[column] in "╰├┴┤┬┼╯╮╭─":
            first = last = column
            while last + 1 < len(below) and below[last] in "╰├┴┬┼╭─│" and below[last + 1] == "─":
                last += 2
            while first and below[first - 1] == "─":
                first -= 2
            ends = [c for c in range(first, last + 1, 2) if below[c] in DOWN - {"│"}]
        else:
            ends = [column] if below[column] in "│●" else []
        found |= {(line.split()[-1], follow(lines, row + 1, end)) for end in ends}
    return found


def follow(lines: list[str], row: int, column: int) -> str:
    allowed = DOWN
    while lines[row][column] != "●":
        assert lines[row][column] in allowed, lines[row]
        allowed = set("│├┤┼")  # from above and on down
        row += 1
    return lines[row].split()[-1]


@settings(derandomize=True, deadline=None, max_examples=300)
@given(graph=graphs(acyclic=True))
def test_the_strokes_of_a_picture_lead_where_the_edges_do(graph: Graph) -> None:
    drawing = picture(graph, label=lambda node: node, symbol=lambda _: "●")

    assert edges_in(drawing) == {(node, after) for node in graph for after in graph[node]}, drawing


def test_a_dag_is_drawn_from_its_sources_down() -> None:
    spec = load_dag(
        """\
dag: creative
datasets: {c.brief: , c.reused: , c.new: , c.variants: }
sources: {briefs: {kind: http, dataset: c.brief}}
jobs:
  parse: {operator: creative.parse, inputs: [c.brief], outputs: [c.reused, c.new]}
  variants: {operator: creative.make, inputs: [c.reused, c.new, other.brand], outputs: [c.variants]}
""",
        file="f",
    )

    assert (
        dag_picture(spec)
        == """\
▶ briefs
○ c.brief
● parse (creative.parse)
├─╮
○ │ c.reused
│ ○ c.new
├─╯
│
│ ◌ other.brand
├─╯
● variants (creative.make)
○ c.variants"""
    )


@pytest.mark.parametrize("window", [(-10, 0), (0, 3), (-2, 5)])
def test_a_window_is_turned_into_what_an_input_concerns(window: tuple[int, int]) -> None:
    first, last = window
    text = f"dag: d\njobs: {{j: {{operator: a.b, inputs: [{{dataset: x, window: [{first}, {last}]}}]}}}}"
    (flow,) = flows_of(load_dag(text, file="f"))
    reading = flow.reads[0]

    reads = {n: set(range(n + first, n + last + 1)) for n in range(-20, 20)}

    concerned = {n for n, read in reads.items() if 0 in read}
    assert concerned == set(range(0 + reading.lo, 1 + reading.hi))
    assert successors([flow]) == {"x": (flow.label,), flow.label: ()}


def _job(name: str, *reads: str, makes: str, replaces: bool = True, waits: bool = True) -> Flow:
    readings = tuple(Reading(dataset) for dataset in reads)
    return Flow("d", "job", name, readings, (makes,), replaces=replaces, waits=waits)


def test_an_invalidation_goes_on_where_every_job_of_some_way_replaces() -> None:
    flows = [_job("b", "a", makes="b"), _job("c", "b", makes="c", replaces=False)]
    kinds = dict.fromkeys("abc", "range")

    reaches = closure([*flows, _job("d", "c", makes="d")], {**kinds, "d": "range"})

    assert {pair for pair, reach in reaches.items() if reach.replaces} == {("a", "b"), ("c", "d")}
    around = closure([*flows, _job("d", "c", "b", makes="d")], {**kinds, "d": "range"})
    assert around["a", "d"].replaces


def test_a_job_that_reads_an_ancestor_on_two_ways_waits_for_all_that_is_between() -> None:
    flows = [
        _job("b1", "a", makes="b1"),
        _job("b2", "b1", makes="b2", replaces=False),
        _job("c", "a", makes="c"),
        _job("d", "b2", "c", makes="d"),
        _job("e", "d", makes="e"),
    ]

    found = gates(flows, closure(flows, dict.fromkeys(["a", "b1", "b2", "c", "d", "e"], "range")))

    assert found.jobs == {"d.d"}
    assert found.pairs == {("a", "b1"), ("a", "b2"), ("a", "c")}


def test_a_job_that_reads_an_ancestor_itself_waits_for_what_is_made_of_it() -> None:
    flows = [_job("b", "a", makes="b"), _job("d", "a", "b", makes="d")]

    found = gates(flows, closure(flows, dict.fromkeys("abd", "range")))

    assert found.jobs == {"d.d"}
    assert found.pairs == {("a", "b")}


def test_nobody_waits_without_two_ways_or_without_wanting_to() -> None:
    one_way = [_job("b", "a", makes="b"), _job("d", "b", "x", makes="d")]
    unwilling = [_job("b", "a", makes="b"), _job("d", "a", "b", makes="d", waits=False)]
    appends = [_job("b", "a", makes="b"), _job("d", "a", "b", makes="d", replaces=False)]

    for flows in (one_way, unwilling, appends):
        kinds = dict.fromkeys("abdx", "range")
        assert not gates(flows, closure(flows, kinds)).jobs
