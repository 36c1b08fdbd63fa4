"""The statements of tasks, one function each."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from headgate.core.database import Connection
from headgate.core.sql import load_queries
from headgate.core.tasks.model import (
    LETTERS_KEPT,
    Attempt,
    DeadLetter,
    DeadLetterState,
    LogLine,
)
from headgate.core.tasks.rules import outcome_name, partition_of
from headgate.core.work.rules import parse_ranges

_SQL = load_queries(__package__)


async def job_id(conn: Connection, *, org_id: int, job: str) -> int | None:
    cursor = await conn.execute(_SQL["job_id"], {"org_id": org_id, "job": job})
    row = await cursor.fetchone()
    return row["id"] if row else None


async def pending_tasks(
    conn: Connection,
    *,
    org_id: int,
    job_id: int | None,
    waiting: bool | None,
    before: int,
    limit: int,
) -> list[int]:
    cursor = await conn.execute(
        _SQL["pending_tasks"],
        {
            "org_id": org_id,
            "job_id": job_id,
            "waiting": waiting,
            "before": before,
            "limit": limit,
        },
    )
    return [row["id"] for row in await cursor.fetchall()]


async def leased_tasks(
    conn: Connection, *, org_id: int, job_id: int | None, before: int, limit: int
) -> list[int]:
    cursor = await conn.execute(
        _SQL["leased_tasks"],
        {"org_id": org_id, "job_id": job_id, "before": before, "limit": limit},
    )
    return [row["id"] for row in await cursor.fetchall()]


async def ended_tasks(
    conn: Connection, *, org_id: int, outcomes: Sequence[int] | None, before: int, limit: int
) -> list[int]:
    cursor = await conn.execute(
        _SQL["ended_tasks"],
        {
            "org_id": org_id,
            "outcomes": outcomes and list(map(int, outcomes)),
            "before": before,
            "limit": limit,
        },
    )
    return [row["id"] for row in await cursor.fetchall()]


async def ended_tasks_of_job(
    conn: Connection,
    *,
    org_id: int,
    job_id: int,
    outcomes: Sequence[int] | None,
    before: int,
    limit: int,
) -> list[int]:
    cursor = await conn.execute(
        _SQL["ended_tasks_of_job"],
        {
            "org_id": org_id,
            "job_id": job_id,
            "outcomes": outcomes and list(map(int, outcomes)),
            "before": before,
            "limit": limit,
        },
    )
    return [row["id"] for row in await cursor.fetchall()]


async def cancelled_tasks(
    conn: Connection, *, org_id: int, job_id: int | None, before: int, limit: int
) -> list[int]:
    cursor = await conn.execute(
        _SQL["cancelled_tasks"],
        {"org_id": org_id, "job_id": job_id, "before": before, "limit": limit},
    )
    return [row["id"] for row in await cursor.fetchall()]


async def folded_tasks(
    conn: Connection, *, org_id: int, job_id: int | None, before: int, limit: int
) -> list[int]:
    cursor = await conn.execute(
        _SQL["folded_tasks"],
        {"org_id": org_id, "job_id": job_id, "before": before, "limit": limit},
    )
    return [row["id"] for row in await cursor.fetchall()]


async def dead_tasks(
    conn: Connection, *, org_id: int, job_id: int | None, before: int, limit: int
) -> list[int]:
    cursor = await conn.execute(
        _SQL["dead_tasks"],
        {"org_id": org_id, "job_id": job_id, "before": before, "limit": limit},
    )
    return [row["id"] for row in await cursor.fetchall()]


async def describe_tasks(
    conn: Connection, *, org_id: int, ids: Sequence[int]
) -> list[dict[str, Any]]:
    """Return a row for each of `ids` that is a task, by falling id."""
    cursor = await conn.execute(_SQL["describe_tasks"], {"org_id": org_id, "ids": list(ids)})
    return await cursor.fetchall()


async def attempts(conn: Connection, *, org_id: int, task_id: int, limit: int) -> list[Attempt]:
    """Return the newest attempts, oldest of them first."""
    cursor = await conn.execute(
        _SQL["attempts"], {"org_id": org_id, "task_id": task_id, "limit": limit}
    )
    return [
        Attempt(**{**row, "outcome": outcome_name(row["outcome"])})
        for row in reversed(await cursor.fetchall())
    ]


async def task_logs(
    conn: Connection,
    *,
    org_id: int,
    task_id: int,
    since: datetime | None,
    skip: int,
    limit: int,
) -> list[LogLine]:
    """Return lines from `since` on, without the first `skip`."""
    cursor = await conn.execute(
        _SQL["task_logs"],
        {"org_id": org_id, "task_id": task_id, "since": since, "skip": skip, "limit": limit},
    )
    return [LogLine(**row) for row in await cursor.fetchall()]


async def cancel_pending(
    conn: Connection, *, org_id: int, task_id: int, error: dict[str, Any]
) -> bool:
    """End a pending task; False when it is not pending (any more)."""
    cursor = await conn.execute(
        _SQL["cancel_pending"],
        {"org_id": org_id, "task_id": task_id, "error": json.dumps(error)},
    )
    return await cursor.fetchone() is not None


async def cancel_leased(conn: Connection, *, org_id: int, task_id: int) -> bool:
    """Ask for the end of a running task; False when it does not run."""
    cursor = await conn.execute(_SQL["cancel_leased"], {"org_id": org_id, "task_id": task_id})
    return await cursor.fetchone() is not None


async def run_now(conn: Connection, *, org_id: int, task_id: int) -> bool:
    """Make a waiting task claimable; False when it does not wait."""
    cursor = await conn.execute(_SQL["run_now"], {"org_id": org_id, "task_id": task_id})
    return await cursor.fetchone() is not None


async def lock_ended(conn: Connection, *, org_id: int, task_id: int) -> None:
    """Hold the last history row of a task until the end of the caller's transaction."""
    await conn.execute(_SQL["lock_ended"], {"org_id": org_id, "task_id": task_id})


async def run_again(conn: Connection, *, org_id: int, task_id: int) -> int | None:
    """Put an ended task back to work; return the pending task.

    None when its job was removed, when it has not ended (any more), or has a dead letter.
    """
    cursor = await conn.execute(_SQL["run_again"], {"org_id": org_id, "task_id": task_id})
    row = await cursor.fetchone()
    return row["id"] if row else None


async def list_dead_letters(
    conn: Connection,
    *,
    org_id: int,
    job_id: int | None,
    states: Sequence[DeadLetterState],
    fingerprint: str | None = None,
    before: int,
    limit: int,
    kept: timedelta = LETTERS_KEPT,
) -> list[DeadLetter]:
    """Return letters with ids below `before`, newest first, without the traces of their errors."""
    cursor = await conn.execute(
        _SQL["list_dead_letters"],
        {
            "org_id": org_id,
            "job_id": job_id,
            "states": list(states),
            "fingerprint": fingerprint,
            "before": before,
            "limit": limit,
        },
    )
    return [_dead_letter(row, kept) for row in await cursor.fetchall()]


async def find_dead_letter(
    conn: Connection,
    *,
    org_id: int,
    id: int,  # noqa: A002
    kept: timedelta = LETTERS_KEPT,
) -> DeadLetter | None:
    cursor = await conn.execute(_SQL["find_dead_letter"], {"org_id": org_id, "id": id})
    row = await cursor.fetchone()
    return _dead_letter(row, kept) if row else None


def _dead_letter(row: dict[str, Any], kept: timedelta) -> DeadLetter:
    return DeadLetter(
        id=row["id"],
        task_id=row["task_id"],
        job=row["job"],
        state=row["state"],
        partition=partition_of(row["ckey"]),
        ranges=parse_ranges(row["rngs"]),
        events_covered=row["n"],
        attempts=row["attempts"],
        error=row["error"],
        fingerprint=row["fingerprint"],
        created_at=row["created_at"],
        died_at=row["died_at"],
        # A letter that was reopened has one as well: it is kept as long as if it had died then.
        resolved_at=None if row["state"] == "open" else row["resolved_at"],
        event_id=row["event_id"],
        expires_at=(row["resolved_at"] or row["died_at"]) + kept,
    )
