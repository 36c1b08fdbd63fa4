"""The statement of how jobs stand."""

from collections.abc import Sequence

from headgate.core.database import Connection
from headgate.core.explain.standing.model import Standing
from headgate.core.sql import load_queries

_SQL = load_queries(__package__)


async def standings(
    conn: Connection, *, org_id: int, jobs: Sequence[int] | None, most: int
) -> list[Standing]:
    """Return how `jobs` stand, or (None) every deployed one; counts end at `most`."""
    cursor = await conn.execute(
        _SQL["standings"],
        {"org_id": org_id, "jobs": None if jobs is None else list(jobs), "most": most},
    )
    return [Standing(**row) for row in await cursor.fetchall()]
