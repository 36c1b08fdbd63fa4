"""The statements of the overview, one function each."""

from headgate.core.attention.overview.model import MOST_WAITING, EndedTask, Kpis
from headgate.core.attention.overview.rules import outcome_name
from headgate.core.database import Connection
from headgate.core.sql import load_queries

_SQL = load_queries(__package__)

_NEWEST = 500  # rows of the history


async def kpis(conn: Connection, *, org_id: int, routing_lag_seconds: float) -> Kpis:
    cursor = await conn.execute(_SQL["kpis"], {"org_id": org_id, "most": MOST_WAITING})
    row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - the statement has one row
    return Kpis(**row, routing_lag_seconds=routing_lag_seconds)


async def dags(conn: Connection, *, org_id: int, limit: int) -> list[tuple[str, int]]:
    """Return names and versions, by name."""
    cursor = await conn.execute(_SQL["dags"], {"org_id": org_id, "limit": limit})
    return [(row["name"], row["version"]) for row in await cursor.fetchall()]


async def last_ended(conn: Connection, *, org_id: int, limit: int) -> list[EndedTask]:
    """Return the tasks that ended last, newest first."""
    cursor = await conn.execute(
        _SQL["last_ended"], {"org_id": org_id, "most": _NEWEST, "limit": limit}
    )
    return [
        EndedTask(
            id=row["id"],
            job=row["job"],
            outcome=outcome_name(row["outcome"]),
            partition=row["ckey"][1:] if row["ckey"][0] in "pk" else None,
            ended_at=row["ended_at"],
            seconds=row["seconds"],
            error=row["error"],
        )
        for row in await cursor.fetchall()
    ]
