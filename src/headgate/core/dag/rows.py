"""A DAG as the rows of the registry's tables."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from headgate.core.dag.check.buffered import is_buffered
from headgate.core.dag.graph.closure import Reach
from headgate.core.dag.graph.flow import flows_of
from headgate.core.dag.scalars import milliseconds
from headgate.core.dag.schema import Backlog, DagSpec, Input, Job, Retry, to_json
from headgate.core.sinks.model import OPERATOR, Table, sink_name

STRATEGIES = ("PerUpdate", "PerPartition", "Bulk")  # their places are what core.job.strategy holds
DEFAULT_PARTITION_SIZE = 10_000
# What may wait for a sink before whoever makes the rows is held: minutes of its work. Sources are
# never held, so its time is longer than that.
_SINK_BACKLOG = Backlog(rows=None, bytes=2**30)
_SINK_TIMEOUT = timedelta(hours=1)
_SINK_RETRY = Retry(attempts=5, backoff=timedelta(seconds=1), max_backoff=timedelta(minutes=1))

Row = dict[str, Any]


def with_sinks(spec: DagSpec) -> DagSpec:
    """Return the spec with the job that the core adds for each buffered dataset: its sink."""
    sinks = {
        sink_name(name): Job(
            operator=OPERATOR,
            description=f"Write the rows of {name} into its table.",
            inputs=(Input(dataset=name, backlog=_SINK_BACKLOG),),
            execution_strategy="Bulk",
            update_strategy="append",
            timeout=_SINK_TIMEOUT,
            retry=_SINK_RETRY,
            params={"dataset": name},
        )
        for name, dataset in spec.datasets.items()
        if is_buffered(dataset)
    }
    return spec.model_copy(update={"jobs": {**spec.jobs, **sinks}})


def buffered_tables(spec: DagSpec, *, org_id: int) -> list[Table]:
    return [
        Table(org_id, name, dataset.columns)
        for name, dataset in spec.datasets.items()
        if is_buffered(dataset)
    ]


def dataset_rows(spec: DagSpec) -> list[Row]:
    return [{"name": name, **fields} for name, fields in to_json(spec)["datasets"].items()]


def source_rows(spec: DagSpec) -> list[Row]:
    return [
        {"name": name, "kind": fields["kind"], "dataset": fields["dataset"], "spec": fields}
        for name, fields in to_json(spec)["sources"].items()
    ]


def job_rows(spec: DagSpec) -> list[Row]:
    return [_job_row(name, job) for name, job in spec.jobs.items()]


def _job_row(name: str, job: Job) -> Row:
    limits = {
        "memory_mb": job.limits.memory_mb,
        "cpu_seconds": job.limits.cpu and job.limits.cpu.total_seconds(),
    }
    return {
        "name": name,
        "description": job.description,
        "operator": job.operator,
        "strategy": STRATEGIES.index(job.execution_strategy),
        "update_strategy": job.update_strategy,
        "unique_key": job.unique_key,
        "part_size": job.partition_size or DEFAULT_PARTITION_SIZE,
        "scaling_mode": job.scaling.mode,
        "max_concurrency": job.scaling.max_concurrency,
        "priority": job.priority,
        "max_attempts": job.retry.attempts,
        "backoff_ms": milliseconds(job.retry.backoff),
        "max_backoff_ms": milliseconds(job.retry.max_backoff),
        "timeout_ms": milliseconds(job.timeout),
        "runtime": job.runtime,
        "limits": {limit: value for limit, value in limits.items() if value is not None},
        "params": job.params,
        "failures": job.failures,
        "debounce_ms": milliseconds(job.debounce.quiet) if job.debounce else 0,
        "max_wait_ms": milliseconds(job.debounce.max_wait) if job.debounce else 0,
        "fair_segments": job.fairness and job.fairness.segments,
        "rate_per_second": job.rate and job.rate.limit / job.rate.per.total_seconds(),
        "rate_burst": job.rate.burst if job.rate else 1,
        "waits_for_inputs": job.on_stale_input == "wait",
        "max_hold_ms": job.max_hold and milliseconds(job.max_hold),
        "cancel_on_invalidate": job.cancel_on_invalidate,
        "memo": job.memo,
    }


def producer_rows(spec: DagSpec) -> list[Row]:
    return [
        {"dataset": dataset, flow.kind: flow.name}
        for flow in flows_of(spec)
        for dataset in flow.writes
    ]


def subscription_rows(spec: DagSpec) -> list[Row]:
    return [
        {
            "job": flow.name,
            "dataset": reading.dataset,
            "lo": reading.lo,
            "hi": reading.hi,
            "segments": reading.segments,
            "whole": reading.whole,
            **_limits(spec.jobs[flow.name], reading.dataset),
        }
        for flow in flows_of(spec)
        for reading in flow.reads
    ]


def _limits(job: Job, dataset: str) -> Row:
    backlog = next(given.backlog for given in job.inputs if given.dataset == dataset) or Backlog()
    return {
        "max_rows": backlog.rows,
        "max_units": backlog.units,
        "max_bytes": backlog.bytes,
        "max_age_ms": backlog.age and milliseconds(backlog.age),
        "reopen": backlog.reopen,
    }


def closure_rows(
    reaches: Mapping[tuple[str, str], Reach], gates: Collection[tuple[str, str]]
) -> list[Row]:
    return [
        {
            "src": src,
            "dst": dst,
            "lo": reach.lo,
            "hi": reach.hi,
            "segments": reach.segments,
            "whole": reach.whole,
            "replaces": reach.replaces,
            "gates": (src, dst) in gates,
        }
        for (src, dst), reach in reaches.items()
        if reach.replaces or (src, dst) in gates
    ]
