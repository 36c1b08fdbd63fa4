"""The statements of the graph, one function each."""

from collections.abc import Sequence
from typing import Any

from headgate.core.database import Connection
from headgate.core.jobs.graph.model import MOST_COUNTED
from headgate.core.sql import load_queries

_SQL = load_queries(__package__)

Row = dict[str, Any]


async def versions(conn: Connection, *, org_id: int) -> dict[str, int]:
    """Return the version that runs, by DAG."""
    cursor = await conn.execute(_SQL["versions"], {"org_id": org_id})
    return {row["name"]: row["version"] for row in await cursor.fetchall()}


async def names_around(conn: Connection, *, org_id: int, dag: str) -> list[str] | None:
    """Return the datasets that a DAG declares or reads, or None if there is no such DAG."""
    cursor = await conn.execute(_SQL["names_around"], {"org_id": org_id, "dag": dag})
    row = await cursor.fetchone()
    return row["names"] if row else None


async def live_jobs(
    conn: Connection, *, org_id: int, dag: str | None, opened: Sequence[str] | None = None
) -> list[Row]:
    """Return the jobs of a DAG, or of all; last attempts only of DAGs in `opened`, None: of all."""
    cursor = await conn.execute(
        _SQL["live_jobs"],
        {
            "org_id": org_id,
            "dag": dag,
            "opened": None if opened is None else list(opened),
            "most": MOST_COUNTED,
        },
    )
    return await cursor.fetchall()


async def live_datasets(
    conn: Connection,
    *,
    org_id: int,
    names: Sequence[str] | None,
    opened: Sequence[str] | None = None,
) -> list[Row]:
    """Return datasets by name, or all; the newest events of those in `opened`, None: of all."""
    cursor = await conn.execute(
        _SQL["live_datasets"],
        {
            "org_id": org_id,
            "names": None if names is None else list(names),
            "opened": None if opened is None else list(opened),
        },
    )
    return await cursor.fetchall()
