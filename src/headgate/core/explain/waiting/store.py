"""The statements about a pending task, one function each."""

from headgate.core.database import Connection
from headgate.core.explain.waiting.model import MOST, Hold, LastEnd, Pending, StaleInput
from headgate.core.sql import load_queries

_SQL = load_queries(__package__)

_FOLDED = 500  # rows of rare outcomes on either side that may have been folded into a task


async def pending_facts(conn: Connection, *, org_id: int, task_id: int) -> Pending | None:
    """Return None for a task that is not pending."""
    cursor = await conn.execute(
        _SQL["pending_facts"], {"org_id": org_id, "task_id": task_id, "most": MOST + 1}
    )
    row = await cursor.fetchone()
    return Pending(**row) if row else None


async def holds(conn: Connection, *, job_id: int, limit: int) -> list[Hold]:
    cursor = await conn.execute(_SQL["holds"], {"job_id": job_id, "limit": limit})
    return [Hold(**row) for row in await cursor.fetchall()]


async def stale_inputs(
    conn: Connection, *, job_id: int, ckey: str, rngs: str, limit: int
) -> list[StaleInput]:
    cursor = await conn.execute(
        _SQL["stale_inputs"], {"job_id": job_id, "ckey": ckey, "rngs": rngs, "limit": limit}
    )
    return [StaleInput(**row) for row in await cursor.fetchall()]


async def last_end(conn: Connection, *, org_id: int, task_id: int) -> LastEnd | None:
    cursor = await conn.execute(
        _SQL["last_end"], {"org_id": org_id, "task_id": task_id, "most": _FOLDED}
    )
    row = await cursor.fetchone()
    return LastEnd(**row) if row else None
