"""The statements of an impact, one function each."""

from collections.abc import Mapping, Sequence
from typing import Any

from headgate.core.database import Connection
from headgate.core.explain.impact.model import Reached, Reader
from headgate.core.explain.places import Reading
from headgate.core.sql import load_queries

_SQL = load_queries(__package__)

_LATE = 500  # rows of a job's history that its median is of


async def downstream(conn: Connection, *, dataset_id: int, limit: int) -> list[Reached]:
    cursor = await conn.execute(_SQL["downstream"], {"dataset_id": dataset_id, "limit": limit})
    return [Reached(row["dataset"], _reading(row)) for row in await cursor.fetchall()]


async def readers(
    conn: Connection, *, org_id: int, datasets: Sequence[str], limit: int
) -> list[Reader]:
    cursor = await conn.execute(
        _SQL["readers"], {"org_id": org_id, "datasets": list(datasets), "limit": limit}
    )
    return [
        Reader(
            job_id=row["job_id"],
            job=row["job"],
            dataset=row["dataset"],
            strategy=row["strategy"],
            part_size=row["part_size"],
            replaces=row["replaces"],
            max_concurrency=row["max_concurrency"],
            rate_per_second=row["rate_per_second"],
            paused=row["paused"],
            reading=_reading(row),
            outputs=row["outputs"],
        )
        for row in await cursor.fetchall()
    ]


async def medians(conn: Connection, *, jobs: Sequence[int]) -> dict[int, float]:
    """Return seconds by job id; jobs that have not succeeded of late are left out."""
    cursor = await conn.execute(_SQL["medians"], {"jobs": list(jobs), "most": _LATE})
    return {row["job_id"]: row["seconds"] for row in await cursor.fetchall()}


async def slots(conn: Connection) -> int:
    cursor = await conn.execute(_SQL["slots"])
    row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - an aggregate always has a row
    return int(row["slots"])


def _reading(row: Mapping[str, Any]) -> Reading:
    return Reading(row["lo"], row["hi"], row["segments"], row["whole"])
