"""The statements of jobs, one function each."""

from typing import Any

from headgate.core.database import Connection
from headgate.core.jobs.graph.model import MOST_COUNTED
from headgate.core.jobs.model import Timing
from headgate.core.sql import load_queries

_SQL = load_queries(__package__)

_LATE = 1000  # attempts that the figures of one job are of

Row = dict[str, Any]


async def list_jobs(
    conn: Connection,
    *,
    org_id: int,
    after: str = "",
    job: str | None = None,
    dag: str | None = None,
    words: str | None = None,
    limit: int,
) -> list[Row]:
    """Return jobs whose full names come after `after`; those of `dag`, or with `words` in it."""
    cursor = await conn.execute(
        _SQL["list_jobs"],
        {
            "org_id": org_id,
            "after": after,
            "job": job,
            "dag": dag,
            "words": words,
            "limit": limit,
            "most": MOST_COUNTED,
        },
    )
    return await cursor.fetchall()


async def find_job(conn: Connection, *, org_id: int, job: str) -> Row | None:
    cursor = await conn.execute(_SQL["find_job"], {"org_id": org_id, "job": job})
    return await cursor.fetchone()


async def inputs(conn: Connection, *, job_id: int) -> list[Row]:
    cursor = await conn.execute(_SQL["inputs"], {"job_id": job_id})
    return await cursor.fetchall()


async def schedules(conn: Connection, *, job_id: int) -> list[Row]:
    cursor = await conn.execute(_SQL["schedules"], {"job_id": job_id})
    return await cursor.fetchall()


async def timings(conn: Connection, *, job_id: int, parts: int) -> list[Timing]:
    """Return one for all of the last attempts, and then one for each of their parts."""
    cursor = await conn.execute(_SQL["timings"], {"job_id": job_id, "parts": parts, "most": _LATE})
    return [Timing(**row) for row in await cursor.fetchall()]
