"""The statements about a task, one function each."""

from datetime import datetime

from headgate.core.database import Connection
from headgate.core.explain.task.model import End, Folded, TaskFacts
from headgate.core.sql import load_queries

_SQL = load_queries(__package__)

_RARE = 500  # rows of rare outcomes on either side that may have been folded into a task
_LATER = 2000  # tasks after a dead one among which the one that superseded it is looked for


async def task_facts(conn: Connection, *, org_id: int, task_id: int) -> TaskFacts | None:
    cursor = await conn.execute(_SQL["task_facts"], {"org_id": org_id, "task_id": task_id})
    row = await cursor.fetchone()
    return TaskFacts(**row) if row else None


async def ends_of(conn: Connection, *, org_id: int, task_id: int, limit: int) -> list[End]:
    cursor = await conn.execute(
        _SQL["ends_of"], {"org_id": org_id, "task_id": task_id, "limit": limit}
    )
    return [End(**row) for row in await cursor.fetchall()]


async def folded_tasks(conn: Connection, *, org_id: int, task_id: int, limit: int) -> list[Folded]:
    cursor = await conn.execute(
        _SQL["folded_tasks"],
        {"org_id": org_id, "task_id": task_id, "most": _RARE, "limit": limit},
    )
    return [Folded(**row) for row in await cursor.fetchall() if row["task_id"] != task_id]


async def superseding_task(
    conn: Connection, *, job_id: int, task_id: int, resolved_at: datetime
) -> int | None:
    cursor = await conn.execute(
        _SQL["superseding_task"],
        {"job_id": job_id, "task_id": task_id, "resolved_at": resolved_at, "most": _LATER},
    )
    row = await cursor.fetchone()
    return row["task_id"] if row else None
