"""The statements of tasks, one function each."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from headgate.core.database import Connection
from headgate.core.events.model import KINDS
from headgate.core.events.store import Span
from headgate.core.sql import load_queries
from headgate.core.tasks.model import (
    LETTERS_KEPT,
    Attempt,
    DeadLetter,
    DeadLetterState,
    InputEvent,
    LogLine,
    Payload,
)
from headgate.core.tasks.rules import outcome_name, partition_of
from headgate.core.work.rules import parse_ranges

_SQL = load_queries(__package__)


async def job_id(conn: Connection, *, org_id: int, job: str) -> int | None:
    cursor = await conn.execute(_SQL["job_id"], {"org_id": org_id, "job": job})
    row = await cursor.fetchone()
    return row["id"] if row else None


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


async def inputs(
    conn: Connection, *, org_id: int, spans: Sequence[Span], limit: int
) -> list[InputEvent]:
    """Return the first events of one task's spans, by id; all of them are the org's, as it is."""
    cursor = await conn.execute(
        _SQL["inputs"],
        {
            "org_id": org_id,
            "lows": [span.low for span in spans],
            "highs": [span.high for span in spans],
            "bulk_of": next((span.job_id for span in spans if span.bulk), None),
            "limit": limit,
        },
    )
    return [
        InputEvent(
            id=row["id"],
            dataset=row["dataset"],
            kind=KINDS[row["kind"]],
            key=row["key"],
            range=None if row["low"] is None else (row["low"], row["high"]),
            at=row["at"],
            version=row["version"],
            trace=row["trace"],
            payload_bytes=row["payload_bytes"],
        )
        for row in await cursor.fetchall()
    ]


async def payload(conn: Connection, *, org_id: int, event_id: int, most: int) -> Payload | None:
    """Return the first `most` characters of an event's payload, None if it has none."""
    cursor = await conn.execute(
        _SQL["payload"], {"org_id": org_id, "event_id": event_id, "most": most}
    )
    row = await cursor.fetchone()
    return Payload(event_id=event_id, **row) if row else None


async def heirs(conn: Connection, *, org_id: int, task_id: int, limit: int) -> list[int]:
    """Return whom a task was folded into, whom that was folded into, and so on."""
    cursor = await conn.execute(
        _SQL["heirs"], {"org_id": org_id, "task_id": task_id, "limit": limit}
    )
    return _ids(await cursor.fetchall())


async def folded_here(
    conn: Connection, *, org_id: int, task_id: int, window: int, limit: int
) -> list[int]:
    """Return the newest tasks folded into this one, of the last `window` folded ones."""
    cursor = await conn.execute(
        _SQL["folded_here"],
        {"org_id": org_id, "task_id": task_id, "window": window, "limit": limit},
    )
    return _ids(await cursor.fetchall())


async def letter_of(conn: Connection, *, org_id: int, task_id: int) -> int | None:
    cursor = await conn.execute(_SQL["letter_of"], {"org_id": org_id, "task_id": task_id})
    row = await cursor.fetchone()
    return row["id"] if row else None


async def cancel_pending(
    conn: Connection, *, org_id: int, task_ids: Sequence[int], error: dict[str, Any]
) -> list[int]:
    """End pending tasks; return those that were pending."""
    cursor = await conn.execute(
        _SQL["cancel_pending"],
        {"org_id": org_id, "task_ids": list(task_ids), "error": json.dumps(error)},
    )
    return _ids(await cursor.fetchall())


async def cancel_leased(conn: Connection, *, org_id: int, task_ids: Sequence[int]) -> list[int]:
    """Ask for the end of running tasks; return those that run."""
    cursor = await conn.execute(
        _SQL["cancel_leased"], {"org_id": org_id, "task_ids": list(task_ids)}
    )
    return _ids(await cursor.fetchall())


async def run_now(conn: Connection, *, org_id: int, task_ids: Sequence[int]) -> list[int]:
    """Make waiting tasks claimable; return those that waited."""
    cursor = await conn.execute(_SQL["run_now"], {"org_id": org_id, "task_ids": list(task_ids)})
    return _ids(await cursor.fetchall())


async def lock_ended(conn: Connection, *, org_id: int, task_ids: Sequence[int]) -> None:
    """Hold the last history rows of tasks until the end of the caller's transaction."""
    await conn.execute(_SQL["lock_ended"], {"org_id": org_id, "task_ids": list(task_ids)})


async def run_ended(conn: Connection, *, org_id: int, task_ids: Sequence[int]) -> dict[int, int]:
    """Put ended tasks back to work; return, by task, the pending task that carries it.

    Those whose job was removed, that have not ended (any more), or have a dead letter are left out.
    """
    cursor = await conn.execute(_SQL["run_ended"], {"org_id": org_id, "task_ids": list(task_ids)})
    return {row["id"]: row["carried_by"] for row in await cursor.fetchall()}


async def run_again(conn: Connection, *, org_id: int, task_id: int) -> int | None:
    """Put one ended task back to work; return the pending task, None as `run_ended` says."""
    return (await run_ended(conn, org_id=org_id, task_ids=[task_id])).get(task_id)


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


def _ids(rows: list[dict[str, Any]]) -> list[int]:
    return [row["id"] for row in rows]


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
