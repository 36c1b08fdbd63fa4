"""The statements of samples, one function each."""

from dataclasses import dataclass
from datetime import datetime

from headgate.core.database import Connection
from headgate.core.flow.model import FlowPoint, HeldSpan
from headgate.core.flow.rules import Window
from headgate.core.sql import load_queries

_SQL = load_queries(__package__)
_ALL_JOBS = 0


@dataclass(frozen=True, slots=True)
class Sampled:
    """Completions before `until` are counted; `rows` were written."""

    until: datetime
    rows: int


async def job_id(conn: Connection, *, org_id: int, job: str) -> int | None:
    cursor = await conn.execute(_SQL["job_id"], {"org_id": org_id, "job": job})
    row = await cursor.fetchone()
    return row["id"] if row else None


async def sample(conn: Connection, *, since: datetime | None, settle: float) -> Sampled:
    """Write a sample of now.

    It counts what ended from `since` (or from a minute ago), but not before the sample before, to
    `settle` seconds ago: what ended in these may not be committed yet.
    """
    cursor = await conn.execute(_SQL["sample"], {"since": since, "settle": settle})
    row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - the span is always there
    return Sampled(**row)


async def series(
    conn: Connection, *, org_id: int, job_id: int | None, window: Window
) -> list[FlowPoint]:
    """Return the steps of the window from the org's first sample on; of all its jobs if None."""
    cursor = await conn.execute(
        _SQL["series"],
        {
            "org_id": org_id,
            "job_id": job_id or _ALL_JOBS,
            "since": window.since,
            "until": window.until,
            "step": window.step.total_seconds(),
        },
    )
    return [FlowPoint(**row) for row in await cursor.fetchall()]


async def held_spans(
    conn: Connection, *, org_id: int, job_id: int, since: datetime, limit: int
) -> list[HeldSpan]:
    """Return the newest spans, each with the end of its last sample."""
    cursor = await conn.execute(
        _SQL["held_spans"], {"org_id": org_id, "job_id": job_id, "since": since, "limit": limit}
    )
    return [HeldSpan(**row) for row in await cursor.fetchall()]
