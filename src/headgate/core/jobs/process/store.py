"""The statements of processing, one function each."""

from typing import Any

from headgate.core.app import Range
from headgate.core.database import Connection
from headgate.core.sql import load_queries

_SQL = load_queries(__package__)

_LATE = 10_000  # events of a dataset among which one with a payload is looked for


async def event_like(
    conn: Connection,
    *,
    dataset_id: int,
    key: str | None,
    range: Range | None,  # noqa: A002 - the field's name in the contract
) -> tuple[int, Any] | None:
    """Return the id and payload of the newest update there that has a payload, or None."""
    low, high = range or (None, None)
    cursor = await conn.execute(
        _SQL["event_like"],
        {"dataset_id": dataset_id, "key": key, "low": low, "high": high, "most": _LATE},
    )
    row = await cursor.fetchone()
    return (row["id"], row["payload"]) if row else None


async def backfill_of(conn: Connection, *, job_id: int, event_id: int) -> int | None:
    cursor = await conn.execute(_SQL["backfill_of"], {"job_id": job_id, "event_id": event_id})
    row = await cursor.fetchone()
    return row["id"] if row else None
