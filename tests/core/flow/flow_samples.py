"""Samples taken and written by hand, and a flow to sample."""

from datetime import UTC, datetime, timedelta
from typing import Any

from headgate.core.database import Connection

NOW = datetime(2026, 3, 9, 12, 0, 12, tzinfo=UTC)
"""A series that is asked for now ends at 12:00:00."""

CHAIN = """
dag: d
datasets: {a: {partitioning: range}, b: {partitioning: range}}
sources: {in: {kind: http, dataset: a}}
jobs:
  first: {operator: proof.f, inputs: [a], outputs: [b], update_strategy: append}
  second:
    operator: proof.s
    inputs: [{dataset: b, backlog: {rows: 10, reopen: 0.3}}]
    update_strategy: append
"""

_NOTHING = {
    "org_id": 1,
    "job_id": 0,
    "seconds": 10.0,
    "jobs": 1,
    "held": 0,
    "reasons": None,
    **dict.fromkeys(("waiting", "delayed", "running", "units", "bytes", "oldest_seconds"), 0),
    **dict.fromkeys(("succeeded", "failed", "dead"), 0),
}


async def samples(conn: Connection) -> list[dict[str, Any]]:
    """Return all samples, oldest first, the org's before those of its jobs."""
    cursor = await conn.execute("select * from core.sample order by at, job_id")
    return await cursor.fetchall()


async def put(conn: Connection, *, ago: float, **figures: Any) -> None:
    """Write a sample that was taken `ago` seconds before 12:00:00; of ten quiet seconds if bare."""
    row = {"at": NOW - timedelta(seconds=12 + ago), **_NOTHING, **figures}
    names = ", ".join(row)
    places = ", ".join(f"%({name})s" for name in row)
    await conn.execute(f"insert into core.sample ({names}) values ({places})".encode(), row)


async def let_pass(conn: Connection, seconds: float) -> None:
    """Have what was sampled and what ended be that much older."""
    by = timedelta(seconds=seconds)
    await conn.execute("update core.sample set at = at - %s", [by])
    await conn.execute("update core.task_history set done_at = done_at - %s", [by])
