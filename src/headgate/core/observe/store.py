"""The statements of what people see, one function each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from headgate.core.database import Connection
from headgate.core.sql import load_queries

_SQL = load_queries(__package__)


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker of `capacity` tasks at once; taken for dead at `expires_at` if it stays silent."""

    id: int
    worker: str
    capacity: int
    started_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Lag:
    """What dispatchers are behind with. `routing_seconds` is 0 when every event is routed."""

    routing_seconds: float
    orphaned_leases: int


async def changes(
    conn: Connection, *, org_id: int, topics: Sequence[str], since: str, limit: int
) -> list[dict[str, Any]]:
    """Return changes since a snapshot, with the one to go on from; a single empty row if none."""
    cursor = await conn.execute(
        _SQL["changes"],
        {"org_id": org_id, "topics": list(topics), "since": since, "limit": limit},
    )
    return await cursor.fetchall()


async def snapshot(conn: Connection) -> str:
    cursor = await conn.execute(_SQL["snapshot"])
    row = await cursor.fetchone()
    return str(row["snapshot"]) if row else ""


async def lag(conn: Connection, *, grace: float) -> Lag:
    """Return how far behind dispatching is; leases count `grace` seconds after a worker's death."""
    cursor = await conn.execute(_SQL["lag"], {"grace": grace})
    row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - the statement has one row
    return Lag(row["routing_seconds"] or 0.0, row["orphaned_leases"])


async def workers(conn: Connection) -> list[Worker]:
    cursor = await conn.execute(_SQL["workers"])
    return [Worker(**row) for row in await cursor.fetchall()]


async def server_version(conn: Connection) -> str:
    cursor = await conn.execute(_SQL["server_version"])
    row = await cursor.fetchone()
    return str(row["version"]) if row else ""


async def list_dags(
    conn: Connection, *, org_id: int, after: str, limit: int
) -> list[dict[str, Any]]:
    """Return DAGs by name: name, version, deployed_at, and the names of jobs, datasets, sources."""
    cursor = await conn.execute(
        _SQL["list_dags"], {"org_id": org_id, "after": after, "limit": limit}
    )
    return await cursor.fetchall()


async def find_dag(conn: Connection, *, org_id: int, name: str) -> dict[str, Any] | None:
    """Return a DAG's running version: its YAML `source`, and `spec` as `to_json` wrote it."""
    cursor = await conn.execute(_SQL["find_dag"], {"org_id": org_id, "name": name})
    return await cursor.fetchone()


async def paused_jobs(conn: Connection, *, org_id: int, dag: str) -> frozenset[str]:
    cursor = await conn.execute(_SQL["paused_jobs"], {"org_id": org_id, "dag": dag})
    return frozenset(row["name"] for row in await cursor.fetchall())
