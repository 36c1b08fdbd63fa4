"""The statements of queues, one function each."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from headgate.core.database import Connection
from headgate.core.explain.waiting.model import Hold
from headgate.core.queues.model import MOST, QueueState
from headgate.core.sql import load_queries

_SQL = load_queries(__package__)

Place = tuple[int, int, int]
"""Where a queue is in the list: 1 if it stands still or 0, what waits, the id of its job."""

FIRST: Place = (2, 0, 0)
NEWEST = 2**63 - 1


async def queues(
    conn: Connection,
    *,
    org_id: int,
    limit: int,
    after: Place = FIRST,
    state: QueueState | None = None,
    q: str | None = None,
    job: str | None = None,
) -> list[dict[str, Any]]:
    """Return queues after a place of the list, each with the valve of its fullest input.

    `q` is part of a job's name, `job` a whole one. A row has `rank`, `waiting` and `id`, its place.
    """
    rank, waiting, id_ = after
    cursor = await conn.execute(
        _SQL["queues"],
        {
            "org_id": org_id,
            "limit": limit,
            "rank": rank,
            "waiting": waiting,
            "id": id_,
            "state": state,
            "q": q,
            "job": job,
            "most": MOST,
        },
    )
    return await cursor.fetchall()


async def holds(conn: Connection, *, jobs: Sequence[int]) -> dict[int, list[Hold]]:
    """Return what holds these jobs, by job, for how long first."""
    cursor = await conn.execute(_SQL["holds"], {"jobs": list(jobs)})
    found: defaultdict[int, list[Hold]] = defaultdict(list)
    for row in await cursor.fetchall():
        del row["nth"]
        found[row.pop("job_id")].append(Hold(**row))
    return found


async def workers(
    conn: Connection, *, org_id: int, before: int, limit: int, job_id: int | None = None
) -> list[dict[str, Any]]:
    """Return workers with ids below `before`, newest first; with a job those that know it.

    `expired_seconds` is how long ago the session ran out, below zero while it lives.
    """
    cursor = await conn.execute(
        _SQL["workers"], {"org_id": org_id, "before": before, "limit": limit, "job_id": job_id}
    )
    return await cursor.fetchall()
