"""Make a DAG run: check it against the registry, then write it, all in one transaction.

Deploys of an org take turns, so what a deploy was checked against is still true when it commits:
of two DAGs that claim one dataset the second gets the fault. Wake the workers after the commit.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from headgate.core.dag import rows, store
from headgate.core.dag.check.findings import Finding, InvalidDag
from headgate.core.dag.check.registry import Known
from headgate.core.dag.graph.closure import closure, gates
from headgate.core.dag.load import check_dag
from headgate.core.dag.plan import Current, Plan, plan
from headgate.core.dag.schema import DagSpec, to_json
from headgate.core.database import Connection
from headgate.core.errors import Conflict, NotFound, Problem
from headgate.core.sinks.tables import align_tables, existing_tables


@dataclass(frozen=True, slots=True)
class Preview:
    """What a deploy would do; `findings` are warnings, since a fault would have been raised."""

    spec: DagSpec
    plan: Plan
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Deployed:
    """What a deploy did. `changed` is false if the version had been running already."""

    dag: str
    version: int
    changed: bool
    plan: Plan
    findings: tuple[Finding, ...]


async def known_to(
    conn: Connection, *, org_id: int, known_operators: Collection[str] | None
) -> Known:
    """Return what a DAG of the org is checked against."""
    return Known(
        operators=None if known_operators is None else frozenset(known_operators),
        datasets=await store.registered_datasets(conn, org_id=org_id),
        flows=await store.registered_flows(conn, org_id=org_id),
    )


async def preview(
    conn: Connection,
    *,
    org_id: int,
    source: str,
    file: str,
    known_operators: Collection[str] | None,
) -> Preview:
    """Check a DAG and compare it with what runs of it; raises `InvalidDag` with every fault."""
    known = await known_to(conn, org_id=org_id, known_operators=known_operators)
    tables = await existing_tables(conn, org_id=org_id)
    known = replace(known, tables=tables)
    checked = check_dag(source, file=file, known=known)
    if checked.spec is None:
        raise InvalidDag(checked.findings)
    spec = checked.spec
    running = await store.current_deployment(conn, org_id=org_id, dag=spec.dag)
    if running is None:
        return Preview(spec, plan(None, spec), checked.findings)
    current = Current(
        version=running.target.version,
        spec=running.spec,
        consumers=_readers_elsewhere(known.besides(spec.dag)),
        pending=await store.pending_work(conn, dag_id=running.target.dag_id),
    )
    return Preview(spec, plan(current, spec), checked.findings)


async def deploy(
    conn: Connection,
    *,
    org_id: int,
    source: str,
    file: str,
    known_operators: Collection[str] | None,
    principal: str,
    expect_version: int | None = None,
) -> Deployed:
    """Make the DAG in `source` (YAML) the running version of its name.

    The same DAG again changes nothing and is the same version, however it is written; tables of
    buffered datasets that somebody took away are made again. With `expect_version` (0: not deployed
    yet) it must be the one that runs now.

    Raises `InvalidDag` with every fault, and `Conflict` if another version runs or the change would
    break another DAG; then nothing is changed.
    """
    async with conn.transaction():
        await store.lock_registry(conn, org_id=org_id)
        seen = await preview(
            conn, org_id=org_id, source=source, file=file, known_operators=known_operators
        )
        _refuse(seen.plan, expect_version)
        spec = seen.spec
        running = await store.current_deployment(conn, org_id=org_id, dag=spec.dag)
        written = to_json(spec)
        digest = _digest(written)
        await align_tables(conn, org_id=org_id, wanted=rows.buffered_tables(spec, org_id=org_id))
        if running and running.spec_hash == digest:
            version = running.target.version
            return Deployed(
                spec.dag, version, changed=False, plan=seen.plan, findings=seen.findings
            )
        target = await store.add_deployment(
            conn,
            org_id=org_id,
            dag=spec.dag,
            source=source,
            spec=written,
            spec_hash=digest,
            principal=principal,
        )
        await _write(conn, target, rows.with_sinks(spec))
        await _write_reach(conn, org_id=org_id)
    return Deployed(spec.dag, target.version, changed=True, plan=seen.plan, findings=seen.findings)


async def rollback(
    conn: Connection,
    *,
    org_id: int,
    dag: str,
    version: int,
    known_operators: Collection[str] | None,
    principal: str,
    expect_version: int | None = None,
) -> Deployed:
    """Deploy the text of an earlier version as a new version; raises as `deploy` does."""
    source = await store.deployed_source(conn, org_id=org_id, dag=dag, version=version)
    if source is None:
        raise NotFound(
            f"DAG {dag} has no version {version}.",
            hint=f"`headgate dag versions {dag}` lists them.",
        )
    return await deploy(
        conn,
        org_id=org_id,
        source=source,
        file=f"{dag}@{version}",
        known_operators=known_operators,
        principal=principal,
        expect_version=expect_version,
    )


async def _write(conn: Connection, target: store.Target, spec: DagSpec) -> None:
    """Bring the registry's rows in line with the spec; each step needs those before it."""
    await store.remove_missing(
        conn,
        target,
        datasets=list(spec.datasets),
        sources=list(spec.sources),
        jobs=list(spec.jobs),
    )
    await store.upsert_datasets(conn, target, datasets=rows.dataset_rows(spec))
    await store.upsert_sources(conn, target, sources=rows.source_rows(spec))
    await store.upsert_jobs(conn, target, jobs=rows.job_rows(spec))
    await store.forget_memos(conn, target)
    await store.set_producers(conn, target, producers=rows.producer_rows(spec))
    subscriptions = rows.subscription_rows(spec)
    await store.drop_subscriptions(conn, target, keep=subscriptions)
    await store.upsert_subscriptions(conn, target, subscriptions=subscriptions)


async def _write_reach(conn: Connection, *, org_id: int) -> None:
    """Compute anew what changes reach in the org: a deploy may join DAGs that were apart."""
    known = await known_to(conn, org_id=org_id, known_operators=None)
    datasets = known.datasets or {}
    reaches = closure(known.flows, {name: each.partitioning for name, each in datasets.items()})
    watched = gates(known.flows, reaches)
    await store.replace_closure(
        conn, org_id=org_id, closure=rows.closure_rows(reaches, watched.pairs)
    )
    await store.set_gated(conn, org_id=org_id, jobs=sorted(watched.jobs))


def _refuse(proposed: Plan, expect_version: int | None) -> None:
    if expect_version is not None and expect_version != proposed.before:
        raise Conflict(
            f"DAG {proposed.dag} is at version {proposed.before}, not {expect_version}.",
            hint="Someone else deployed it: look at their version, then deploy again.",
        )
    if proposed.errors:
        raise Conflict(
            f"DAG {proposed.dag} cannot be deployed: other DAGs depend on what it changes.",
            hint="Change or remove the readers first.",
            problems=[
                Problem(f"{change.what} {change.name}", "in_use", change.error)
                for change in proposed.changes
                if change.error
            ],
        )


def _readers_elsewhere(others: Known) -> dict[str, tuple[str, ...]]:
    readers: dict[str, tuple[str, ...]] = {}
    for flow in others.flows:
        for reading in flow.reads:
            readers[reading.dataset] = (*readers.get(reading.dataset, ()), flow.label)
    return readers


def _digest(spec: Mapping[str, Any]) -> str:
    text = json.dumps(spec, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
