"""The statements of idempotency keys, one function each. Spans of time are in seconds."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from headgate.core.database import Connection
from headgate.core.sql import load_queries

_SQL = load_queries(__package__)


@dataclass(frozen=True, slots=True)
class Known:
    """What is kept of a key; `status` is None while the first request is at work."""

    request_hash: str
    status: int | None
    headers: Mapping[str, str]
    body: str


async def claim(
    conn: Connection, *, org_id: int, key: str, request_hash: str, keep: float, abandoned: float
) -> datetime | None:
    """Take the key; return the time that fences this claim, or None if it is taken."""
    cursor = await conn.execute(
        _SQL["claim"],
        {
            "org_id": org_id,
            "key": key,
            "request_hash": request_hash,
            "keep": keep,
            "abandoned": abandoned,
        },
    )
    row = await cursor.fetchone()
    return row["at"] if row else None


async def find_reply(conn: Connection, *, org_id: int, key: str) -> Known | None:
    cursor = await conn.execute(_SQL["find_reply"], {"org_id": org_id, "key": key})
    row = await cursor.fetchone()
    if row is None:
        return None
    return Known(row["request_hash"], row["status"], row["headers"] or {}, row["body"] or "")


async def keep_reply(
    conn: Connection,
    *,
    org_id: int,
    key: str,
    at: datetime,
    status: int,
    headers: Mapping[str, str],
    body: str,
) -> None:
    await conn.execute(
        _SQL["keep_reply"],
        {
            "org_id": org_id,
            "key": key,
            "at": at,
            "status": status,
            "headers": json.dumps(dict(headers)),
            "body": body,
        },
    )


async def release(conn: Connection, *, org_id: int, key: str, at: datetime) -> None:
    await conn.execute(_SQL["release"], {"org_id": org_id, "key": key, "at": at})
