"""What holds between a DAG and everything else: operators, the org's datasets, other DAGs."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from headgate.core.dag.check.buffered import table_issues
from headgate.core.dag.check.findings import Issue, Path
from headgate.core.dag.graph.flow import Flow, flows_of, producers, successors
from headgate.core.dag.graph.order import find_cycles
from headgate.core.dag.schema import DagSpec, Partitioning
from headgate.core.dag.suggest import did_you_mean
from headgate.core.sinks.model import Existing


@dataclass(frozen=True, slots=True)
class Registered:
    """A dataset of the org's registry and the DAG that declares it."""

    dag: str
    partitioning: Partitioning


@dataclass(frozen=True, slots=True)
class Known:
    """What is installed and deployed. None means unknown: what depends on it is not checked.

    It may contain the DAG that is being checked; that part is left out of account. `tables` are
    those of buffered datasets, of removed ones too.
    """

    operators: frozenset[str] | None = None
    datasets: Mapping[str, Registered] | None = None
    flows: tuple[Flow, ...] = field(default=())
    tables: Mapping[str, Existing] = field(default_factory=dict)

    def besides(self, dag: str) -> "Known":
        """Return what there is without one DAG."""
        datasets = self.datasets
        if datasets is not None:
            datasets = {name: d for name, d in datasets.items() if d.dag != dag}
        flows = tuple(f for f in self.flows if f.dag != dag)
        return Known(self.operators, datasets, flows, self.tables)


@dataclass(frozen=True, slots=True)
class Subject:
    """The DAG under check. After faults of form `spec` lacks the parts that have them.

    `declared` has all names under `datasets`, also of those left out of the spec.
    """

    spec: DagSpec
    declared: AbstractSet[str]
    whole: bool = True


def registry_issues(subject: Subject, known: Known) -> Iterator[Issue]:
    """Yield what does not fit what is installed or deployed."""
    known = known.besides(subject.spec.dag)
    yield from _declarations(subject, known)
    yield from _operators(subject.spec, known)
    yield from _inputs(subject, known)
    yield from _writes(subject, known)
    yield from _cycles(subject.spec, known)
    yield from table_issues(subject.spec, known.tables)
    if subject.whole:
        yield from _loose_ends(subject.spec, known)


def _declarations(subject: Subject, known: Known) -> Iterator[Issue]:
    # Of what this DAG writes as well, `_writes` says who produces it.
    told = producers(known.flows).keys() & producers(flows_of(subject.spec)).keys()
    for name in subject.declared:
        if (other := (known.datasets or {}).get(name)) and name not in told:
            yield Issue(
                ("datasets", name),
                "declared_elsewhere",
                f"dataset {name} is already declared by DAG {other.dag}",
                "leave it out here to read it, or give this one another name",
                at_key=True,
            )


def _operators(spec: DagSpec, known: Known) -> Iterator[Issue]:
    for name, job in spec.jobs.items():
        if job.runtime == "remote" or known.operators is None:
            continue
        if job.operator not in known.operators:
            hint = did_you_mean(job.operator, known.operators)
            path: Path = ("jobs", name, "operator")
            message = f'no installed app has the operator "{job.operator}"'
            yield Issue(path, "unknown_operator", message, hint or "install its app, or correct it")


def _inputs(subject: Subject, known: Known) -> Iterator[Issue]:
    if known.datasets is None:
        return
    names = subject.declared | known.datasets.keys()
    for job_name, job in subject.spec.jobs.items():
        for at, given in enumerate(job.inputs):
            if given.dataset not in names:
                yield Issue(
                    ("jobs", job_name, "inputs", at, "dataset"),
                    "unknown_dataset",
                    f"there is no dataset {given.dataset}",
                    did_you_mean(given.dataset, names) or "declare it under datasets",
                )


def _writes(subject: Subject, known: Known) -> Iterator[Issue]:
    """Yield what is written without being declared here, or written by something else too."""
    foreign = producers(known.flows)
    first: dict[str, Flow] = {}
    for flow in flows_of(subject.spec):
        for path, dataset in _written(flow):
            if others := foreign.get(dataset):
                message = f"dataset {dataset} is already produced by {others[0].label}"
                hint = "a dataset has one producer: write to another one, or remove that one first"
                yield Issue(path, "second_producer", message, hint)
            elif first.get(dataset, flow) != flow:
                other = f"{first[dataset].kind} {first[dataset].name}"
                message = f"dataset {dataset} is already produced by {other}"
                hint = "a dataset has one producer: give each its own and read both"
                yield Issue(path, "second_producer", message, hint)
            elif dataset not in subject.declared:
                hint = did_you_mean(dataset, subject.declared) or "declare it under datasets"
                message = f"dataset {dataset} is written but not declared in this DAG"
                yield Issue(path, "undeclared_dataset", message, hint)
            first.setdefault(dataset, flow)


def _written(flow: Flow) -> Iterator[tuple[Path, str]]:
    if flow.kind == "source":
        yield ("sources", flow.name, "dataset"), flow.outputs[0]
        return
    for at, dataset in enumerate(flow.outputs):
        yield ("jobs", flow.name, "outputs", at), dataset
    if flow.failures and flow.failures not in flow.outputs:
        yield ("jobs", flow.name, "failures"), flow.failures


def _cycles(spec: DagSpec, known: Known) -> Iterator[Issue]:
    own = {flow.label: flow for flow in flows_of(spec)}
    for cycle in find_cycles(successors((*own.values(), *known.flows))):
        inside = next((own[node] for node in cycle if node in own), None)
        if inside is None:
            continue  # older than this DAG, and no fault of it
        before = cycle[cycle.index(inside.label) - 1] if inside.label != cycle[0] else cycle[-2]
        at = next(i for i, reading in enumerate(inside.reads) if reading.dataset == before)
        way = " → ".join(node.removesuffix(f" of DAG {spec.dag}") for node in cycle)
        path: Path = ("jobs", inside.name, "inputs", at)
        hint = "a job may not come to read what it makes"
        yield Issue(path, "cycle", f"this input closes a cycle: {way}", hint)


def _loose_ends(spec: DagSpec, known: Known) -> Iterator[Issue]:
    written = {dataset for flow in flows_of(spec) for dataset in flow.writes}
    readers = (*flows_of(spec), *known.flows)
    read = {reading.dataset for flow in readers for reading in flow.reads}
    for name in spec.datasets:
        if name in written:
            continue
        used = name in read
        yield Issue(
            ("datasets", name),
            "no_producer" if used else "unused_dataset",
            f"nothing {'produces' if used else 'reads or writes'} dataset {name}",
            "add a job or a source that writes it" if used else "remove it",
            severity="warning",
            at_key=True,
        )
