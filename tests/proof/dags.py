"""Flows deployed as people deploy them, and the core's answers about them by name."""

from typing import Any

from headgate.core.dag.deploy import deploy as deploy_dag
from headgate.core.database import Connection
from headgate.core.dispatch import store as dispatch
from proof.by_hand import Hands
from proof.deployment import Deployment


async def hands_on(conn: Connection, dag: str) -> Hands:
    """Deploy a DAG in YAML; jobs and datasets are known by their names in it."""
    await deploy_dag(
        conn, org_id=1, source=dag, file="dag.yaml", known_operators=None, principal="proof"
    )
    jobs = await _rows(conn, "select id, name from core.job where removed_at is null")
    datasets = await _rows(conn, "select id, name from core.dataset where removed_at is null")
    return Hands(
        conn,
        Deployment(
            {row["name"]: row["id"] for row in datasets}, {row["name"]: row["id"] for row in jobs}
        ),
    )


async def sweep(hands: Hands) -> None:
    """Let all staleness go that has ended, hop by hop."""
    changed = 1
    while changed:
        async with hands.conn.transaction():
            await dispatch.lock_router(hands.conn)
            changed, _ = await dispatch.sweep(hands.conn)


async def carve(hands: Hands) -> int:
    """Make tasks of backfills once; return how many."""
    async with hands.conn.transaction():
        await dispatch.lock_router(hands.conn)
        carved = await dispatch.carve(hands.conn)
        await dispatch.drop_carved(hands.conn)
    return carved


async def stale(hands: Hands) -> dict[str, str]:
    """Return what is stale: by dataset its ranges, by `dataset/key` a text key."""
    rows = await _rows(
        hands.conn,
        "select d.name, s.key, s.rngs::text as rngs from core.stale s"
        " join core.dataset d on d.id = s.dataset_id order by d.name, s.key",
    )
    return {
        f"{row['name']}/{row['key']}" if row["key"] else row["name"]: row["rngs"] for row in rows
    }


async def _rows(conn: Connection, query: str) -> list[dict[str, Any]]:
    return await (await conn.execute(query.encode())).fetchall()
