"""The statements of the inventory of datasets, one function each."""

from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from headgate.core.database import Connection
from headgate.core.explain.inventory.model import MOST, DatasetHistory, HistoryBin
from headgate.core.sinks.model import OPERATOR
from headgate.core.sql import load_queries

_SQL = load_queries(__package__)

_COUNTED = 20_000  # events


async def inventory(
    conn: Connection,
    *,
    org_id: int,
    name: str | None = None,
    words: str | None = None,
    stale: bool | None = None,
    after: str = "",
    limit: int,
) -> list[dict[str, Any]]:
    """Return datasets by name from behind `after`, or the one called `name`.

    `words` is in the name; `stale`: only stale ones, or only fresh ones.
    """
    cursor = await conn.execute(
        _SQL["inventory"],
        {
            "org_id": org_id,
            "name": name,
            "words": words,
            "stale": stale,
            "after": after,
            "limit": limit,
            "most": MOST,
            "sink": OPERATOR,
        },
    )
    return await cursor.fetchall()


async def event_bins(
    conn: Connection,
    *,
    dataset_id: int,
    dataset: str,
    since: datetime,
    until: datetime,
    step: timedelta,
) -> DatasetHistory:
    cursor = await conn.execute(
        _SQL["event_bins"],
        {
            "dataset_id": dataset_id,
            "since": since,
            "until": until,
            "step": step,
            "most": _COUNTED,
        },
    )
    rows = await cursor.fetchall()
    complete = not rows or rows[0]["counted"] < _COUNTED
    return DatasetHistory(
        dataset=dataset,
        since=since,
        until=until,
        step_seconds=int(step.total_seconds()),
        bins=[HistoryBin(**{of.name: row[of.name] for of in fields(HistoryBin)}) for row in rows],
        complete=complete,
        counted_since=None if complete else rows[0]["oldest"],
    )
