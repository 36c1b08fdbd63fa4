"""The statements of what needs a person, one function each."""

from headgate.core.attention.model import (
    Crew,
    HeldJob,
    LetterGroup,
    PausedJob,
    StuckDataset,
    UnstartedJob,
)
from headgate.core.database import Connection
from headgate.core.sql import load_queries

_SQL = load_queries(__package__)


async def letter_groups(
    conn: Connection, *, org_id: int, most: int, limit: int
) -> list[LetterGroup]:
    """Return the groups of the newest `most` open letters, the newest group first."""
    cursor = await conn.execute(
        _SQL["letter_groups"], {"org_id": org_id, "most": most, "limit": limit}
    )
    return [LetterGroup(**row) for row in await cursor.fetchall()]


async def stuck_datasets(
    conn: Connection, *, org_id: int, most: int, limit: int
) -> list[StuckDataset]:
    """Return the longest stale first; dead letters are counted up to `most`."""
    cursor = await conn.execute(
        _SQL["stuck_datasets"], {"org_id": org_id, "most": most, "limit": limit}
    )
    return [StuckDataset(**row) for row in await cursor.fetchall()]


async def held_jobs(
    conn: Connection, *, org_id: int, after: float, most: int, limit: int
) -> list[HeldJob]:
    """Return jobs that were held `after` seconds ago already; tasks are counted up to `most`."""
    cursor = await conn.execute(
        _SQL["held_jobs"], {"org_id": org_id, "after": after, "most": most, "limit": limit}
    )
    return [HeldJob(**row) for row in await cursor.fetchall()]


async def paused_jobs(conn: Connection, *, org_id: int, most: int, limit: int) -> list[PausedJob]:
    cursor = await conn.execute(
        _SQL["paused_jobs"], {"org_id": org_id, "most": most, "limit": limit}
    )
    return [PausedJob(**row) for row in await cursor.fetchall()]


async def unstarted_jobs(
    conn: Connection, *, org_id: int, after: float, most: int, limit: int
) -> list[UnstartedJob]:
    """Return jobs of which a task has been ready for `after` seconds, and none runs."""
    cursor = await conn.execute(
        _SQL["unstarted_jobs"], {"org_id": org_id, "after": after, "most": most, "limit": limit}
    )
    return [UnstartedJob(**row) for row in await cursor.fetchall()]


async def crew(conn: Connection, *, org_id: int) -> Crew:
    cursor = await conn.execute(_SQL["crew"], {"org_id": org_id})
    row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - the statement has one row
    return Crew(**row)
