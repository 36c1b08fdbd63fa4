"""The graph's nouns: a flow reads datasets and writes datasets."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from headgate.core.dag.schema import DagSpec, Input


@dataclass(frozen=True, slots=True)
class Reading:
    """How events of `dataset` map to what a job makes.

    An event over [a, b) concerns the output over [a + lo, b + hi). Of a text key the first
    `segments` parts name the partition, all of them if None. `whole`: it concerns everything.
    """

    dataset: str
    lo: int = 0
    hi: int = 0
    segments: int | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """A job or a source of some DAG. Failures are written too, but are not made from the inputs.

    `replaces`: an invalidated input is computed again. `waits`: until inputs that share an ancestor
    agree.
    """

    dag: str
    kind: Literal["job", "source"]
    name: str
    reads: tuple[Reading, ...]
    outputs: tuple[str, ...]
    failures: str | None = None
    replaces: bool = False
    waits: bool = False

    @property
    def label(self) -> str:
        return f"{self.kind} {self.name} of DAG {self.dag}"

    @property
    def writes(self) -> tuple[str, ...]:
        return (*self.outputs, self.failures) if self.failures else self.outputs


def reading_of(given: Input) -> Reading:
    """Turn a window, which says what the output at n reads, round: what the input at n concerns."""
    first, last = given.window or (0, 0)
    return Reading(given.dataset, -last, -first, given.segments, given.whole)


def flows_of(spec: DagSpec) -> tuple[Flow, ...]:
    """Return the sources and then the jobs of a DAG, in file order."""
    sources = (
        Flow(spec.dag, "source", name, (), (source.dataset,))
        for name, source in spec.sources.items()
    )
    jobs = (
        Flow(
            spec.dag,
            "job",
            name,
            tuple(reading_of(given) for given in job.inputs),
            job.outputs,
            job.failures,
            job.update_strategy == "replace",
            job.on_stale_input == "wait",
        )
        for name, job in spec.jobs.items()
    )
    return (*sources, *jobs)


def successors(flows: Iterable[Flow]) -> dict[str, tuple[str, ...]]:
    """Return the graph of datasets (by name) and flows (by label): what follows each node."""
    following: dict[str, list[str]] = {}
    for flow in flows:
        for reading in flow.reads:
            following.setdefault(reading.dataset, []).append(flow.label)
        following.setdefault(flow.label, []).extend(flow.writes)
        for written in flow.writes:
            following.setdefault(written, [])
    return {node: tuple(dict.fromkeys(nodes)) for node, nodes in following.items()}


def producers(flows: Iterable[Flow]) -> dict[str, tuple[Flow, ...]]:
    """Return the flows that write each dataset, in the order given."""
    found: dict[str, list[Flow]] = {}
    for flow in flows:
        for dataset in dict.fromkeys(flow.writes):
            found.setdefault(dataset, []).append(flow)
    return {dataset: tuple(writers) for dataset, writers in found.items()}
