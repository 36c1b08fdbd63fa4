"""A DAG as the rows of the registry's tables."""

from typing import Any

from headgate.core.dag.graph.flow import flows_of
from headgate.core.dag.scalars import milliseconds
from headgate.core.dag.schema import DagSpec, Job, to_json

STRATEGIES = ("PerUpdate", "PerPartition", "Bulk")  # their places are what core.job.strategy holds
DEFAULT_PARTITION_SIZE = 10_000

Row = dict[str, Any]


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
        }
        for flow in flows_of(spec)
        for reading in flow.reads
    ]
