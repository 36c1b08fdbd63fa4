"""The statements of operations, one function each."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from headgate.core.database import Connection
from headgate.core.sql import load_queries

_SQL = load_queries(__package__)

State = Literal["running", "succeeded", "failed", "cancelled"]


async def start(
    conn: Connection,
    *,
    id: UUID,  # noqa: A002
    org_id: int,
    kind: str,
    actor: str,
    subject: str,
    total: int = 0,
    result: dict[str, Any] | None = None,
) -> None:
    """Record a running operation; an id that is known stays as it is.

    `result` is what there is to say before anything is done, or what resuming it will need.
    """
    await conn.execute(
        _SQL["start"],
        {
            "id": id,
            "org_id": org_id,
            "kind": kind,
            "actor": actor,
            "subject": subject,
            "total": total,
            "result": None if result is None else json.dumps(result),
        },
    )


async def advance(
    conn: Connection,
    *,
    id: UUID,  # noqa: A002
    org_id: int,
    state: State,
    done: int,
    total: int,
    message: str,
    result: dict[str, Any] | None = None,
    problems: Sequence[dict[str, Any]] = (),
    reopen: bool = False,
) -> None:
    """Set an operation's state and progress, and tell watchers.

    An operation that has ended is left alone, unless `reopen`: a redrive of its dead letters makes
    a failed one go on.
    """
    await conn.execute(
        _SQL["advance"],
        {
            "id": id,
            "org_id": org_id,
            "state": state,
            "done": done,
            "total": total,
            "message": message,
            "result": None if result is None else json.dumps(result),
            "problems": json.dumps(list(problems)),
            "reopen": reopen,
        },
    )


async def request_cancel(conn: Connection, *, org_id: int, id: UUID) -> bool:  # noqa: A002
    """Ask for the end of a running operation; False when it does not run."""
    cursor = await conn.execute(_SQL["request_cancel"], {"org_id": org_id, "id": id})
    return await cursor.fetchone() is not None


async def find(conn: Connection, *, org_id: int, id: UUID) -> dict[str, Any] | None:  # noqa: A002
    cursor = await conn.execute(_SQL["find"], {"org_id": org_id, "id": id})
    return await cursor.fetchone()


async def list_operations(
    conn: Connection,
    *,
    org_id: int,
    kind: str | None,
    state: str | None,
    actor: str | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[dict[str, Any]]:
    """Return operations older than `before`, newest first."""
    cursor = await conn.execute(
        _SQL["list_operations"],
        {
            "org_id": org_id,
            "kind": kind,
            "state": state,
            "actor": actor,
            "before": before and before[0],
            "before_id": before and before[1],
            "limit": limit,
        },
    )
    return await cursor.fetchall()
