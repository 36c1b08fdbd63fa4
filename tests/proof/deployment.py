"""A data flow put into a test database by SQL, and read back by name."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from headgate.core.database import Connection

STRATEGIES = ("PerUpdate", "PerPartition", "Bulk")


@dataclass(frozen=True, slots=True)
class Input:
    """What a job reads: output n depends on the input from n - hi_off to n - lo_off."""

    dataset: str
    lo_off: int = 0
    hi_off: int = 0
    segments: int | None = None


@dataclass(frozen=True, slots=True)
class JobPlan:
    name: str
    inputs: tuple[Input, ...]
    strategy: str = "PerUpdate"
    outputs: tuple[str, ...] = ()
    failures: str | None = None
    operator: str = "proof.noop"
    part_size: int = 10
    priority: int = 0
    max_concurrency: int | None = None
    max_attempts: int = 3
    backoff_ms: int = 0
    max_backoff_ms: int = 300_000
    timeout_ms: int = 300_000


@dataclass(frozen=True, slots=True)
class Deployment:
    """The ids that the names of one flow got. Any number of flows live in one database."""

    datasets: dict[str, int] = field(default_factory=dict)
    jobs: dict[str, int] = field(default_factory=dict)

    def name_of(self, job_id: int) -> str:
        return next(name for name, known in self.jobs.items() if known == job_id)


async def deploy(
    conn: Connection, *, datasets: dict[str, str], jobs: Sequence[JobPlan]
) -> Deployment:
    """Deploy a flow under a DAG of its own; `datasets` maps a name to `key` or `range`."""
    dag = await _one(
        conn,
        "insert into core.dag (org_id, name) select 1, 'd' || coalesce(max(id), 0) from core.dag"
        " returning id, name",
    )
    deployment = await _one(
        conn,
        "insert into core.deployment (org_id, dag_id, version, source, spec, spec_hash, principal)"
        " values (1, %s, 1, '', '{}', '', 'proof') returning id",
        dag["id"],
    )
    made = Deployment()
    for name, partitioning in datasets.items():
        row = await _one(
            conn,
            "insert into core.dataset (org_id, dag_id, name, partitioning) values (1, %s, %s, %s)"
            " returning id",
            dag["id"],
            f"{dag['name']}.{name}",
            partitioning,
        )
        made.datasets[name] = row["id"]
    for plan in jobs:
        made.jobs[plan.name] = await _add_job(conn, dag["id"], deployment["id"], plan, made)
    return made


async def _add_job(
    conn: Connection, dag: int, deployment: int, plan: JobPlan, made: Deployment
) -> int:
    row = await _one(
        conn,
        "insert into core.job (org_id, dag_id, deployment_id, name, operator, strategy,"
        " update_strategy, part_size, priority, max_concurrency, max_attempts, backoff_ms,"
        " max_backoff_ms, timeout_ms, failures_dataset_id)"
        " values (1, %s, %s, %s, %s, %s, 'append', %s, %s, %s, %s, %s, %s, %s, %s) returning id",
        dag,
        deployment,
        plan.name,
        plan.operator,
        STRATEGIES.index(plan.strategy),
        plan.part_size,
        plan.priority,
        plan.max_concurrency,
        plan.max_attempts,
        plan.backoff_ms,
        plan.max_backoff_ms,
        plan.timeout_ms,
        plan.failures and made.datasets[plan.failures],
    )
    for read in plan.inputs:
        await conn.execute(
            "insert into core.subscription (dataset_id, job_id, org_id, lo_off, hi_off, segments)"
            " values (%s, %s, 1, %s, %s, %s)",
            [made.datasets[read.dataset], row["id"], read.lo_off, read.hi_off, read.segments],
        )
    for output in plan.outputs:
        await conn.execute(
            "update core.dataset set producer_job_id = %s where id = %s",
            [row["id"], made.datasets[output]],
        )
    return int(row["id"])


async def _one(conn: Connection, statement: str, *values: object) -> dict[str, Any]:
    cursor = await conn.execute(statement.encode(), values)
    row = await cursor.fetchone()
    assert row is not None
    return row
