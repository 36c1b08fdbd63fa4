"""What holds within a job, a source or a dataset beyond the types of its fields."""

from collections.abc import Iterator, Mapping, Sequence

from headgate.core.dag.check.buffered import buffered_issues
from headgate.core.dag.check.findings import Issue, Path
from headgate.core.dag.schema import DagSpec, Dataset, Http, Input, Job, Partitioning
from headgate.core.dag.suggest import did_you_mean

Kinds = Mapping[str, Partitioning]


def part_issues(spec: DagSpec, partitioning: Kinds) -> Iterator[Issue]:
    """Yield the faults of each part.

    `partitioning` tells it for the datasets where it is known, of this DAG and of others; of the
    rest nothing is said.
    """
    for name, dataset in spec.datasets.items():
        yield from _dataset(("datasets", name), dataset)
    for name, source in spec.sources.items():
        if partitioning.get(source.dataset) == "range" and not isinstance(source, Http):
            message = (
                f"a source of kind {source.kind} emits text keys, but {source.dataset} has ranges"
            )
            path: Path = ("sources", name, "dataset")
            yield Issue(
                path, "partitioning_mismatch", message, "use a dataset with partitioning: key"
            )
    for name, job in spec.jobs.items():
        yield from _job(("jobs", name), job, spec, partitioning)


def _dataset(path: Path, dataset: Dataset) -> Iterator[Issue]:
    if dataset.unit is not None and dataset.partitioning == "key":
        hint = "set partitioning: range, or remove it"
        yield Issue(
            (*path, "unit"), "meaningless", "a unit counts ranges, this dataset has keys", hint
        )
    yield from _repeated((*path, "pii_columns"), dataset.pii_columns, "column")
    if dataset.columns:
        for at, column in enumerate(dataset.pii_columns):
            if column not in dataset.columns:
                yield _no_column((*path, "pii_columns", at), column, dataset, of=str(path[-1]))
    yield from buffered_issues(path, dataset)


def _job(path: Path, job: Job, spec: DagSpec, partitioning: Kinds) -> Iterator[Issue]:
    for at, given in enumerate(job.inputs):
        yield from _input((*path, "inputs", at), given, job, partitioning.get(given.dataset))
    yield from _repeated((*path, "inputs"), [given.dataset for given in job.inputs], "input")
    yield from _repeated((*path, "outputs"), job.outputs, "output")
    yield from _partitions(path, job, partitioning)
    yield from _rows(path, job, spec)
    yield from _waits(path, job, [partitioning.get(given.dataset) for given in job.inputs])
    if job.failures in job.outputs:
        message = f"{job.failures} is an output too: its events could not be told apart"
        yield Issue((*path, "failures"), "failures_is_output", message, "use a dataset of its own")
    if partitioning.get(job.failures or "") == "range":
        message = f"{job.failures} has ranges, but failures are told by a text key"
        hint = "use a dataset with partitioning: key"
        yield Issue((*path, "failures"), "partitioning_mismatch", message, hint)
    if job.runtime != "child_process" and (job.limits.memory_mb or job.limits.cpu):
        hint = "set runtime: child_process, or remove the limits"
        message = "limits can be enforced only in a child process"
        yield Issue((*path, "limits"), "limits_without_child", message, hint, at_key=True)
    if job.retry.backoff > job.retry.max_backoff:
        message = "the first wait is longer than the longest one"
        yield Issue(
            (*path, "retry", "backoff"), "bad_value", message, "raise max_backoff, or lower it"
        )


def _input(path: Path, given: Input, job: Job, kind: Partitioning | None) -> Iterator[Issue]:
    chosen = [f for f in ("segments", "window") if getattr(given, f) is not None]
    chosen += ["whole"] if given.whole else []
    if len(chosen) > 1:
        message = f"{' and '.join(chosen)} exclude each other"
        yield Issue((*path, chosen[1]), "mapping_conflict", message, "keep one of them")
        return
    if given.window is not None and given.window[0] > given.window[1]:
        message = f"the window {list(given.window)} ends before it begins"
        yield Issue((*path, "window"), "bad_value", message, "write the lower number first")
    if given.window is not None and kind == "key":
        message = f"a window needs ranges, but {given.dataset} has text keys"
        yield Issue((*path, "window"), "mapping_mismatch", message, "use segments, or no mapping")
    if given.segments is not None and kind == "range":
        message = f"segments need text keys, but {given.dataset} has ranges"
        yield Issue((*path, "segments"), "mapping_mismatch", message, "use a window, or no mapping")
    if given.segments is not None and job.execution_strategy != "PerPartition":
        message = f"segments make partitions, and {job.execution_strategy} has none"
        hint = "set execution_strategy: PerPartition, or remove segments"
        yield Issue((*path, "segments"), "mapping_mismatch", message, hint)
    if given.whole and job.execution_strategy == "PerPartition":
        message = "an event here would concern every partition, and those cannot be listed"
        hint = "set execution_strategy: Bulk, or read the dataset from the operator"
        yield Issue((*path, "whole"), "mapping_mismatch", message, hint)


def _partitions(path: Path, job: Job, partitioning: Kinds) -> Iterator[Issue]:
    kinds = [partitioning.get(given.dataset) for given in job.inputs]
    per_partition = job.execution_strategy == "PerPartition"
    if job.partition_size is not None and not (per_partition and kinds[0] != "key"):
        message = "partition_size has a meaning only for PerPartition over ranges"
        yield Issue((*path, "partition_size"), "meaningless", message, "remove it", at_key=True)
    if not per_partition:
        return
    for at, kind in enumerate(kinds):
        if kind and kinds[0] and kind != kinds[0]:
            message = (
                f"the inputs of a PerPartition job are all keys or all ranges:"
                f" {job.inputs[0].dataset} has {kinds[0]}s, {job.inputs[at].dataset} has {kind}s"
            )
            hint = "split the job, or set execution_strategy: PerUpdate"
            yield Issue((*path, "inputs", at), "mixed_partitioning", message, hint)


def _waits(path: Path, job: Job, kinds: Sequence[Partitioning | None]) -> Iterator[Issue]:
    if job.debounce and job.debounce.quiet > job.debounce.max_wait:
        message = "the quiet time is longer than the longest wait"
        hint = "raise max_wait, or lower quiet"
        yield Issue((*path, "debounce", "quiet"), "bad_value", message, hint)
    if job.update_strategy == "append":
        for name, given in (
            ("max_hold", job.max_hold),
            ("cancel_on_invalidate", job.cancel_on_invalidate),
        ):
            if given:
                message = f"{name} has a meaning only with update_strategy: replace"
                yield Issue(
                    (*path, name), "meaningless", message, "remove it, or replace", at_key=True
                )
    if job.memo and job.execution_strategy == "PerUpdate":
        message = "each event of PerUpdate is a task of its own, so none comes again"
        hint = "set execution_strategy: PerPartition, or remove it"
        yield Issue((*path, "memo"), "meaningless", message, hint, at_key=True)
    if job.fairness and (job.execution_strategy == "Bulk" or "range" in kinds):
        message = "turns go by groups of text keys, and this job has none"
        yield Issue((*path, "fairness"), "meaningless", message, "remove it", at_key=True)


def _rows(path: Path, job: Job, spec: DagSpec) -> Iterator[Issue]:
    """Yield what is wrong with the columns that tell rows apart."""
    key = (*path, "unique_key")
    yield from _repeated(key, job.unique_key, "column")
    if job.unique_key and job.update_strategy == "replace":
        message = "unique_key has a meaning only with update_strategy: append"
        yield Issue(key, "meaningless", message, "remove it, or append", at_key=True)
    made = [(name, spec.datasets[name]) for name in job.outputs if name in spec.datasets]
    if job.update_strategy == "append" and not job.unique_key and any(d.columns for _, d in made):
        message = "without a unique_key a repeated attempt may append the same rows again"
        hint = "name the columns that tell rows apart"
        where = (*path, "update_strategy")
        yield Issue(where, "append_without_key", message, hint, severity="warning")
    for output, dataset in made:
        if dataset.columns:
            for at, column in enumerate(job.unique_key):
                if column not in dataset.columns:
                    yield _no_column((*key, at), column, dataset, of=output)


def _no_column(path: Path, column: str, dataset: Dataset, *, of: str) -> Issue:
    message = f'dataset {of} has no column "{column}" in its schema'
    hint = did_you_mean(column, dataset.columns) or f"one of {', '.join(dataset.columns)}"
    return Issue(path, "unknown_column", message, hint)


def _repeated(path: Path, names: Sequence[str], what: str) -> Iterator[Issue]:
    seen: set[str] = set()
    for at, name in enumerate(names):
        if name in seen:
            yield Issue((*path, at), "repeated", f"{what} {name} occurs twice", "keep one of them")
        seen.add(name)
