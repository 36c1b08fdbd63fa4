"""What to draw: a part for each source, job and dataset, a link for each reading and writing."""

from collections.abc import Iterable, Iterator, Mapping

from headgate.core.dag.graph.flow import Flow, Reading
from headgate.core.dag.layout.model import Link, LinkKind, Part, Sketch


def sketch(flows: Iterable[Flow], datasets: Mapping[str, str], *, dag: str | None = None) -> Sketch:
    """Return what there is of one DAG, with what it reads of others; or, without `dag`, of all.

    `datasets` maps each name to the DAG that declares it.
    """
    shown = [flow for flow in flows if dag in {None, flow.dag}]
    homes = {name: home for name, home in datasets.items() if dag in {None, home}}
    for flow in shown:
        for name in (*(reading.dataset for reading in flow.reads), *flow.writes):
            homes.setdefault(name, datasets.get(name, flow.dag))
    parts = [Part(flow_id(flow), flow.kind, flow.name, flow.dag) for flow in shown]
    parts += [Part(f"dataset:{name}", "dataset", name, home) for name, home in homes.items()]
    return Sketch(tuple(parts), tuple(link for flow in shown for link in _links(flow)))


def flow_id(flow: Flow) -> str:
    return f"{flow.kind}:{flow.dag}.{flow.name}"


def _links(flow: Flow) -> Iterator[Link]:
    for reading in flow.reads:
        yield Link(f"dataset:{reading.dataset}", flow_id(flow), *_how(reading))
    for name in flow.outputs:
        yield Link(flow_id(flow), f"dataset:{name}", "output")
    if flow.failures is not None and flow.failures not in flow.outputs:
        yield Link(flow_id(flow), f"dataset:{flow.failures}", "failures")


def _how(reading: Reading) -> tuple[LinkKind, str]:
    if reading.whole:
        return "whole", "any part of it concerns all of the output"
    if reading.lo or reading.hi:
        # A reading says what an input concerns; people think of what an output is made from.
        first, last = -reading.hi, -reading.lo
        read = _at(first) if first == last else f"{_at(first)} to {_at(last)}"
        return "shifted", f"the output at n reads {read}"
    if reading.segments is not None:
        return "input", f"by the first {reading.segments} segments of its key"
    return "input", ""


def _at(offset: int) -> str:
    return "n" if not offset else f"n {'+' if offset > 0 else '-'} {abs(offset)}"
