"""The statements of backfills, one function each."""

from headgate.core.database import Connection
from headgate.core.explain.backfill.model import Backfill
from headgate.core.sql import load_queries

_SQL = load_queries(__package__)

NEWEST = 2**63 - 1


async def list_backfills(
    conn: Connection, *, org_id: int, job: str | None, before: int, limit: int
) -> list[Backfill]:
    """Return backfills with ids below `before`, newest first."""
    cursor = await conn.execute(
        _SQL["list_backfills"], {"org_id": org_id, "job": job, "before": before, "limit": limit}
    )
    return [Backfill(**row) for row in await cursor.fetchall()]


async def find_backfill(conn: Connection, *, org_id: int, id: int) -> Backfill | None:  # noqa: A002
    cursor = await conn.execute(_SQL["find_backfill"], {"org_id": org_id, "id": id})
    row = await cursor.fetchone()
    return Backfill(**row) if row else None


async def set_cancelled(
    conn: Connection,
    *,
    org_id: int,
    id: int,  # noqa: A002
    cancelled: bool,
) -> bool:
    """Return False when nothing changed."""
    cursor = await conn.execute(
        _SQL["set_cancelled"], {"org_id": org_id, "id": id, "cancelled": cancelled}
    )
    return await cursor.fetchone() is not None
