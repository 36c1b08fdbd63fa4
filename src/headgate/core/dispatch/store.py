"""The statements of the Dispatcher, one function each."""

from dataclasses import dataclass
from typing import Any

from psycopg import AsyncCursor
from psycopg.rows import DictRow

from headgate.core.database import Connection
from headgate.core.sql import load_queries
from headgate.core.work.store import plan_by_index

_SQL = load_queries(__package__)

Cursor = AsyncCursor[DictRow]

FANOUT = 1000  # partitions that one event makes at once; of more the rest is carved lazily
CARVED = 2000  # tasks that wait of a backfill whose job has no concurrency limit
_SWEEP_MOST = 5000  # unrouted events that a sweep looks at; with more it waits for the router


@dataclass(frozen=True, slots=True)
class Routed:
    """What a batch held: events, and how many pending tasks they went to.

    `invalidated`: an invalidation was among them. `stale`, `backfill`: there is something to sweep,
    to carve. `deposed`: another leads, and nothing was done.
    """

    events: int
    tasks: int
    invalidated: bool
    stale: bool
    backfill: bool
    deposed: bool


async def relax_commit(conn: Connection) -> None:
    """Let the caller's transaction commit before it is on disk; for what a crash may undo."""
    await conn.execute(_SQL["relax_commit"])


async def lock_router(conn: Connection) -> None:
    """Take the router's lock until the end of the caller's transaction."""
    await conn.execute(_SQL["lock_router"])


async def try_to_lead(conn: Connection) -> bool:
    """Take the leader's lock for as long as `conn` lives; False while another holds it."""
    cursor = await conn.execute(_SQL["try_to_lead"])
    row = await cursor.fetchone()
    return bool(row and row["ours"])


async def begin_term(conn: Connection, *, leader: str, term: float) -> int:
    """Depose whoever led; return the new epoch. The term lasts `term` seconds unless renewed."""
    cursor = await conn.execute(_SQL["begin_term"], {"leader": leader, "term": term})
    row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - the router has one row
    return int(row["epoch"])


async def renew_term(conn: Connection, *, epoch: int, term: float) -> bool:
    """Return False when another epoch has begun."""
    cursor = await conn.execute(_SQL["renew_term"], {"epoch": epoch, "term": term})
    return await cursor.fetchone() is not None


async def stuck_leaders(conn: Connection) -> list[int]:
    """Return the backends that hold the leader's lock beyond their term."""
    cursor = await conn.execute(_SQL["stuck_leaders"])
    return [row["pid"] for row in await cursor.fetchall()]


async def end_backend(conn: Connection, *, pid: int) -> None:
    await conn.execute(_SQL["end_backend"], {"pid": pid})


async def route(conn: Connection, *, limit: int, epoch: int | None = None) -> Routed:
    """Route up to `limit` events.

    The caller holds the router's lock, taken by an earlier statement of the same transaction. With
    `epoch` nothing is done unless it is still the router's.
    """
    return await _routed(await _send_route(conn, limit=limit, epoch=epoch))


async def route_batch(conn: Connection, *, limit: int, epoch: int | None = None) -> Routed:
    """Do what `lock_router` and `route` do in a transaction of its own, in one round trip.

    `conn` is in autocommit. Losing a routed batch in a crash loses its cursor too, so it is routed
    again: the commit does not wait for the disk. Whoever claims its tasks waits for it.
    """
    async with conn.pipeline():
        await conn.execute("begin")
        await relax_commit(conn)
        await lock_router(conn)
        cursor = await _send_route(conn, limit=limit, epoch=epoch)
        await conn.execute("commit")
    return await _routed(cursor)


async def _send_route(conn: Connection, *, limit: int, epoch: int | None) -> Cursor:
    return await conn.execute(_SQL["route"], {"limit": limit, "epoch": epoch, "guard": FANOUT})


async def _routed(cursor: Cursor) -> Routed:
    row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - an aggregate always has a row
    del row["moved"]
    return Routed(**row)


async def sweep(conn: Connection) -> tuple[int, int]:
    """Forget staleness that has ended; return how many rows changed, and how many are left.

    The caller holds the router's lock.
    """
    cursor = await conn.execute(_SQL["sweep"], {"most": _SWEEP_MOST})
    row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - an aggregate always has a row
    return row["changed"], row["left_over"]


async def preempt(conn: Connection) -> int:
    """Mark the attempts whose input was invalidated to start anew; return how many."""
    cursor = await conn.execute(_SQL["preempt"])
    return len(await cursor.fetchall())


async def carve(conn: Connection, *, epoch: int | None = None) -> int:
    """Make tasks of what backfills left, as there is room; return how many.

    The caller holds the router's lock.
    """
    cursor = await conn.execute(_SQL["carve"], {"most": CARVED, "epoch": epoch})
    row = await cursor.fetchone()
    return row["tasks"] if row else 0


async def drop_carved(conn: Connection) -> None:
    await conn.execute(_SQL["drop_carved"])


async def promote(conn: Connection, *, limit: int) -> int:
    """Make due delayed tasks claimable; return how many. `conn` is in autocommit."""
    async with conn.pipeline():
        await conn.execute("begin")
        await plan_by_index(conn)
        cursor = await conn.execute(_SQL["promote"], {"limit": limit})
        await conn.execute("commit")
    return len(await cursor.fetchall())


async def rated_ready(conn: Connection) -> bool:
    """Return whether some job that waited for its rate may start a task now."""
    cursor = await conn.execute(_SQL["rated_ready"])
    row = await cursor.fetchone()
    return bool(row and row["ready"])


async def expired_leases(
    conn: Connection, *, grace: float, limit: int, settle: float = 0.0
) -> list[dict[str, Any]]:
    """Lock and return leases to be reaped.

    `grace` is in seconds past a task's own deadline, `settle` in seconds after a restart of
    Postgres in which sessions from before it are left alone.
    """
    cursor = await conn.execute(
        _SQL["expired_leases"], {"grace": grace, "settle": settle, "limit": limit}
    )
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
