"""The statements of acts on many tasks, one function each."""

from collections.abc import Sequence
from typing import Any

from headgate.core.database import Connection
from headgate.core.sql import load_queries
from headgate.core.tasks.bulk.model import Moment

_SQL = load_queries(__package__)


async def moment(conn: Connection) -> Moment:
    """Return the present moment: tasks that come later have higher ids."""
    cursor = await conn.execute(_SQL["moment"])
    row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - a sequence has a row
    return Moment(**row)


async def next_act(conn: Connection) -> dict[str, Any] | None:
    """Lock the running act that is due first until the end of the caller's transaction."""
    cursor = await conn.execute(_SQL["next_act"])
    return await cursor.fetchone()


async def hold_pending(conn: Connection, *, org_id: int, task_ids: Sequence[int]) -> list[int]:
    """Lock pending tasks until the end of the caller's transaction; return those that it got."""
    cursor = await conn.execute(
        _SQL["hold_pending"], {"org_id": org_id, "task_ids": list(task_ids)}
    )
    return [row["id"] for row in await cursor.fetchall()]


async def hold_leased(conn: Connection, *, org_id: int, task_ids: Sequence[int]) -> list[int]:
    """Lock the leases of tasks until the end of the caller's transaction; return those it got."""
    cursor = await conn.execute(_SQL["hold_leased"], {"org_id": org_id, "task_ids": list(task_ids)})
    return [row["id"] for row in await cursor.fetchall()]
