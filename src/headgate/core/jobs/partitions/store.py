"""The statements of partitions, one function each."""

from typing import Any

from headgate.core.database import Connection
from headgate.core.sql import load_queries

_SQL = load_queries(__package__)

MOST_ATTEMPTS = 10_000
MOST_QUEUED = 50_000

Row = dict[str, Any]


async def cells(
    conn: Connection, *, job_id: int, low: int | None, high: int | None, cells: int, size: int
) -> list[Row]:
    """Return one row a cell, of at most `cells`, whose borders are multiples of `size`.

    Without a span there is one row, whose `at` is None. Each says how much was looked at, which is
    at most one more than `MOST_ATTEMPTS` and `MOST_QUEUED`.
    """
    cursor = await conn.execute(
        _SQL["cells"],
        {
            "job_id": job_id,
            "low": low,
            "high": high,
            "cells": cells,
            "size": size,
            "attempts": MOST_ATTEMPTS + 1,
            "queued": MOST_QUEUED + 1,
        },
    )
    return await cursor.fetchall()


async def keys(conn: Connection, *, job_id: int, after: str, limit: int) -> list[Row]:
    """Return one row a key that comes after `after`; one whose `key` is None if there is none."""
    cursor = await conn.execute(
        _SQL["keys"],
        {
            "job_id": job_id,
            "after": f"k{after}",
            "limit": limit,
            "attempts": MOST_ATTEMPTS + 1,
        },
    )
    return await cursor.fetchall()
