"""The statements of the Dispatcher, one function each."""

from datetime import datetime
from typing import Any

from psycopg import AsyncCursor
from psycopg.rows import DictRow

from headgate.core.database import Connection
from headgate.core.sql import load_queries
from headgate.core.work.store import plan_by_index

_SQL = load_queries(__package__)

Cursor = AsyncCursor[DictRow]


async def relax_commit(conn: Connection) -> None:
    """Let the caller's transaction commit before it is on disk; for what a crash may undo."""
    await conn.execute(_SQL["relax_commit"])


async def lock_router(conn: Connection) -> None:
    """Take the router's lock until the end of the caller's transaction."""
    await conn.execute(_SQL["lock_router"])


async def route(conn: Connection, *, limit: int) -> tuple[int, int]:
    """Route up to `limit` events; return how many events, and into how many pending tasks.

    The caller holds the router's lock, taken by an earlier statement of the same transaction.
    """
    return await _routed(await _send_route(conn, limit=limit))


async def route_batch(conn: Connection, *, limit: int) -> tuple[int, int]:
    """Do what `lock_router` and `route` do in a transaction of its own, in one round trip.

    `conn` is in autocommit. Losing a routed batch in a crash loses its cursor too, so it is routed
    again: the commit does not wait for the disk. Whoever claims its tasks waits for it.
    """
    async with conn.pipeline():
        await conn.execute("begin")
        await relax_commit(conn)
        await lock_router(conn)
        cursor = await _send_route(conn, limit=limit)
        await conn.execute("commit")
    return await _routed(cursor)


async def _send_route(conn: Connection, *, limit: int) -> Cursor:
    return await conn.execute(_SQL["route"], {"limit": limit})


async def _routed(cursor: Cursor) -> tuple[int, int]:
    row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - an aggregate always has a row
    return row["events"], row["tasks"]


async def promote(conn: Connection, *, limit: int) -> int:
    """Make due delayed tasks claimable; return how many. `conn` is in autocommit."""
    async with conn.pipeline():
        await conn.execute("begin")
        await plan_by_index(conn)
        cursor = await conn.execute(_SQL["promote"], {"limit": limit})
        await conn.execute("commit")
    return len(await cursor.fetchall())


async def next_due(conn: Connection) -> datetime | None:
    """Return when the next delayed task is due, or None."""
    cursor = await conn.execute(_SQL["next_due"])
    row = await cursor.fetchone()
    return row["at"] if row else None


async def expired_leases(conn: Connection, *, grace: float, limit: int) -> list[dict[str, Any]]:
    """Lock and return leases to be reaped; `grace` in seconds past a task's own deadline."""
    cursor = await conn.execute(_SQL["expired_leases"], {"grace": grace, "limit": limit})
    return await cursor.fetchall()


async def drop_dead_sessions(conn: Connection) -> None:
    await conn.execute(_SQL["drop_dead_sessions"])


async def ensure_partitions(conn: Connection) -> int:
    """Make the day partitions ahead; return how many were missing."""
    cursor = await conn.execute(_SQL["ensure_partitions"])
    row = await cursor.fetchone()
    return row["made"] if row else 0


async def backlog(conn: Connection, *, org_id: int | None = None) -> list[dict[str, Any]]:
    """Return one row a job: pending, waiting (delayed), leased, dead, and the oldest pending."""
    cursor = await conn.execute(_SQL["backlog"], {"org_id": org_id})
    return await cursor.fetchall()
