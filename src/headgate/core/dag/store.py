"""The statements of the DAG registry, one function each. The caller owns the transaction."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from headgate.core.dag.check.registry import Registered
from headgate.core.dag.graph.flow import Flow, Reading
from headgate.core.database import Connection
from headgate.core.sql import load_queries

_SQL = load_queries(__package__)

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Target:
    """The rows that a deploy writes belong to one DAG of one org, and name their deployment."""

    org_id: int
    dag_id: int
    deployment_id: int
    version: int


@dataclass(frozen=True, slots=True)
class CurrentRow:
    """The deployment that runs now; `spec` is as `to_json` wrote it."""

    target: Target
    spec: Mapping[str, Any]
    spec_hash: str


@dataclass(frozen=True, slots=True)
class JobState:
    """A job by its full name, and whether somebody paused it."""

    job: str
    paused: bool


@dataclass(frozen=True, slots=True)
class Version:
    version: int
    principal: str
    created_at: datetime
    current: bool


async def lock_registry(conn: Connection, *, org_id: int) -> None:
    """Wait until no other deploy of the org runs; holds to the end of the transaction."""
    await conn.execute(_SQL["lock_registry"], {"org_id": org_id})


async def registered_datasets(conn: Connection, *, org_id: int) -> dict[str, Registered]:
    """Return the org's datasets by name."""
    cursor = await conn.execute(_SQL["registered_datasets"], {"org_id": org_id})
    return {
        row["name"]: Registered(dag=row["dag"], partitioning=row["partitioning"])
        for row in await cursor.fetchall()
    }


async def registered_flows(conn: Connection, *, org_id: int) -> tuple[Flow, ...]:
    """Return every job and source of the org."""
    cursor = await conn.execute(_SQL["registered_flows"], {"org_id": org_id})
    return tuple(
        Flow(
            dag=row["dag"],
            kind=row["kind"],
            name=row["name"],
            reads=tuple(Reading(**reading) for reading in row["reads"]),
            outputs=tuple(row["outputs"]),
            failures=row["failures"],
            replaces=row["replaces"],
            waits=row["waits"],
        )
        for row in await cursor.fetchall()
    )


async def current_deployment(conn: Connection, *, org_id: int, dag: str) -> CurrentRow | None:
    """Return what runs of a DAG now, or None if it was never deployed."""
    cursor = await conn.execute(_SQL["current_deployment"], {"org_id": org_id, "dag": dag})
    row = await cursor.fetchone()
    if row is None:
        return None
    target = Target(org_id, row["dag_id"], row["deployment_id"], row["version"])
    return CurrentRow(target, row["spec"], row["spec_hash"])


async def deployed_source(conn: Connection, *, org_id: int, dag: str, version: int) -> str | None:
    """Return the YAML text of a version, or None if there is no such version."""
    cursor = await conn.execute(
        _SQL["deployed_source"], {"org_id": org_id, "dag": dag, "version": version}
    )
    row = await cursor.fetchone()
    return row["source"] if row else None


async def list_deployments(conn: Connection, *, org_id: int, dag: str, limit: int) -> list[Version]:
    """Return the newest versions of a DAG, newest first."""
    cursor = await conn.execute(
        _SQL["list_deployments"], {"org_id": org_id, "dag": dag, "limit": limit}
    )
    return [Version(**row) for row in await cursor.fetchall()]


async def set_paused(conn: Connection, *, org_id: int, dag: str, job: str, paused: bool) -> None:
    """Pause or resume a job, if it is there and is not so already."""
    await conn.execute(
        _SQL["set_paused"], {"org_id": org_id, "dag": dag, "job": job, "paused": paused}
    )


async def job_state(conn: Connection, *, org_id: int, dag: str, job: str) -> JobState | None:
    """Return a deployed job, or None."""
    cursor = await conn.execute(_SQL["job_state"], {"org_id": org_id, "dag": dag, "job": job})
    row = await cursor.fetchone()
    return JobState(**row) if row else None


async def last_source_of(conn: Connection, *, org_id: int, dag: str, principal: str) -> str | None:
    """Return the text that `principal` deployed last for a DAG, if it ever did."""
    cursor = await conn.execute(
        _SQL["last_source_of"], {"org_id": org_id, "dag": dag, "principal": principal}
    )
    row = await cursor.fetchone()
    return row["source"] if row else None


async def pending_work(conn: Connection, *, dag_id: int) -> dict[str, int]:
    """Return how many tasks of each job of a DAG wait or run."""
    cursor = await conn.execute(_SQL["pending_work"], {"dag_id": dag_id})
    return {row["name"]: row["tasks"] for row in await cursor.fetchall()}


async def add_deployment(
    conn: Connection,
    *,
    org_id: int,
    dag: str,
    source: str,
    spec: Mapping[str, Any],
    spec_hash: str,
    principal: str,
) -> Target:
    """Make the next version of a DAG, from 1, the current one."""
    cursor = await conn.execute(
        _SQL["add_deployment"],
        {
            "org_id": org_id,
            "dag": dag,
            "source": source,
            "spec": json.dumps(spec),
            "spec_hash": spec_hash,
            "principal": principal,
        },
    )
    row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - an insert that returns
    return Target(org_id, row["dag_id"], row["deployment_id"], row["version"])


async def remove_missing(
    conn: Connection,
    target: Target,
    *,
    datasets: Sequence[str],
    sources: Sequence[str],
    jobs: Sequence[str],
) -> None:
    """Mark as removed all of the DAG but what is named; no dataset of it has a producer after."""
    await conn.execute(
        _SQL["remove_missing"],
        {
            "dag_id": target.dag_id,
            "datasets": list(datasets),
            "sources": list(sources),
            "jobs": list(jobs),
        },
    )


async def upsert_datasets(conn: Connection, target: Target, *, datasets: Rows) -> None:
    await conn.execute(
        _SQL["upsert_datasets"],
        {"org_id": target.org_id, "dag_id": target.dag_id, "datasets": json.dumps(datasets)},
    )


async def upsert_jobs(conn: Connection, target: Target, *, jobs: Rows) -> None:
    """Write jobs; the datasets of their failures are there already."""
    await conn.execute(
        _SQL["upsert_jobs"],
        {
            "org_id": target.org_id,
            "dag_id": target.dag_id,
            "deployment_id": target.deployment_id,
            "jobs": json.dumps(jobs),
        },
    )


async def upsert_sources(conn: Connection, target: Target, *, sources: Rows) -> None:
    """Write sources; their datasets are there already."""
    await conn.execute(
        _SQL["upsert_sources"],
        {
            "org_id": target.org_id,
            "dag_id": target.dag_id,
            "deployment_id": target.deployment_id,
            "sources": json.dumps(sources),
        },
    )


async def set_producers(conn: Connection, target: Target, *, producers: Rows) -> None:
    """Say which job or source of the DAG makes each of its datasets."""
    await conn.execute(
        _SQL["set_producers"],
        {"org_id": target.org_id, "dag_id": target.dag_id, "producers": json.dumps(producers)},
    )


async def forget_memos(conn: Connection, target: Target) -> None:
    """Drop the memos of jobs of the DAG that have no memo (any more)."""
    await conn.execute(_SQL["forget_memos"], {"dag_id": target.dag_id})


async def drop_subscriptions(conn: Connection, target: Target, *, keep: Rows) -> None:
    """Delete the subscriptions of the DAG's jobs, removed ones too, that are not among `keep`."""
    await conn.execute(
        _SQL["drop_subscriptions"],
        {"dag_id": target.dag_id, "subscriptions": json.dumps(keep)},
    )


async def upsert_subscriptions(conn: Connection, target: Target, *, subscriptions: Rows) -> None:
    await conn.execute(
        _SQL["upsert_subscriptions"],
        {
            "org_id": target.org_id,
            "dag_id": target.dag_id,
            "subscriptions": json.dumps(subscriptions),
        },
    )


async def replace_closure(conn: Connection, *, org_id: int, closure: Rows) -> None:
    """Keep `closure` (dataset names, as `Reach` has them) as the whole of the org's."""
    await conn.execute(_SQL["replace_closure"], {"org_id": org_id, "closure": json.dumps(closure)})


async def set_gated(conn: Connection, *, org_id: int, jobs: Sequence[str]) -> None:
    """Make exactly `jobs` (`<dag>.<job>`) of the org wait until their inputs agree."""
    await conn.execute(_SQL["set_gated"], {"org_id": org_id, "jobs": list(jobs)})
