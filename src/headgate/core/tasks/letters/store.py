"""The statements of acts on dead letters, one function each."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from headgate.core.database import Connection
from headgate.core.sql import load_queries
from headgate.core.tasks.letters.model import (
    KEEP,
    Counted,
    CountedGroup,
    Edit,
    LetterFilter,
    LetterGroup,
    Plan,
)
from headgate.core.tasks.model import DeadLetterState, Redriven

_SQL = load_queries(__package__)


async def groups(
    conn: Connection,
    *,
    org_id: int,
    job_id: int | None,
    states: Sequence[DeadLetterState],
    before: int,
    limit: int,
) -> list[LetterGroup]:
    """Return the groups whose newest letter has an id below `before`, by falling newest letter."""
    cursor = await conn.execute(
        _SQL["groups"],
        {
            "org_id": org_id,
            "job_id": job_id,
            "states": list(states),
            "before": before,
            "limit": limit,
        },
    )
    return [LetterGroup(**row) for row in await cursor.fetchall()]


async def plan(
    conn: Connection,
    *,
    org_id: int,
    chosen: LetterFilter,
    state: DeadLetterState,
    with_removed: bool,
    limit: int,
) -> Plan:
    """Count the chosen letters in `state`, by up to `limit` groups; of removed jobs if so asked."""
    cursor = await conn.execute(
        _SQL["plan"],
        {
            **_parameters(chosen),
            "org_id": org_id,
            "state": state,
            "with_removed": with_removed,
            "limit": limit,
        },
    )
    total, *rest = await cursor.fetchall()
    return Plan(
        total=Counted(**_counts(total)),
        groups=[
            CountedGroup(**_counts(row), job=row["job"], fingerprint=row["fingerprint"])
            for row in rest
        ],
        last=total["last"] or 0,
    )


async def redrive(
    conn: Connection, *, org_id: int, chosen: LetterFilter, after: int = 0, last: int, limit: int
) -> list[Redriven]:
    """Put up to `limit` open letters with ids above `after` and up to `last` back to work."""
    cursor = await conn.execute(
        _SQL["redrive"],
        {**_parameters(chosen), "org_id": org_id, "after": after, "last": last, "limit": limit},
    )
    return [Redriven(**row) for row in await cursor.fetchall()]


async def next_redrive(conn: Connection) -> dict[str, Any] | None:
    """Lock the running redrive that is due first until the end of the caller's transaction."""
    cursor = await conn.execute(_SQL["next_redrive"])
    return await cursor.fetchone()


async def settle(
    conn: Connection,
    *,
    org_id: int,
    chosen: LetterFilter,
    was: DeadLetterState,
    becomes: DeadLetterState,
    after: int = 0,
    last: int,
    limit: int,
) -> list[int]:
    """Move up to `limit` letters from state `was`; return their ids in order."""
    cursor = await conn.execute(
        _SQL["settle"],
        {
            **_parameters(chosen),
            "org_id": org_id,
            "was": was,
            "becomes": becomes,
            "after": after,
            "last": last,
            "limit": limit,
        },
    )
    return [row["id"] for row in await cursor.fetchall()]


async def open_of_task(conn: Connection, *, org_id: int, task_id: int) -> int | None:
    """Open and hold the letter of a dead task; None if it has none, or it is back at work."""
    cursor = await conn.execute(_SQL["open_of_task"], {"org_id": org_id, "task_id": task_id})
    row = await cursor.fetchone()
    return row["id"] if row else None


async def lock_letter(conn: Connection, *, org_id: int, id: int) -> DeadLetterState | None:  # noqa: A002
    """Hold a letter until the end of the caller's transaction; return its state if it exists."""
    cursor = await conn.execute(_SQL["lock_letter"], {"org_id": org_id, "id": id})
    row = await cursor.fetchone()
    return row["state"] if row else None


async def covered_event(conn: Connection, *, org_id: int, id: int) -> dict[str, Any] | None:  # noqa: A002
    """Return the event of a letter that covers exactly one, while the log has it."""
    cursor = await conn.execute(_SQL["covered_event"], {"org_id": org_id, "id": id})
    return await cursor.fetchone()


async def replay(conn: Connection, *, org_id: int, id: int, edit: Edit, actor: str) -> int:  # noqa: A002
    """Return the event that takes the place of an open letter, which the caller holds."""
    keep = edit.payload is KEEP
    cursor = await conn.execute(
        _SQL["replay"],
        {
            "org_id": org_id,
            "id": id,
            "key": edit.key,
            "keep_payload": keep,
            "payload": None if keep or edit.payload is None else json.dumps(edit.payload),
            "actor": actor,
        },
    )
    row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - the caller holds the open letter
    return int(row["event_id"])


def _parameters(chosen: LetterFilter) -> dict[str, Any]:
    given = asdict(chosen)
    return {**given, "ids": None if chosen.ids is None else list(chosen.ids)}


def _counts(row: dict[str, Any]) -> dict[str, int]:
    return {name: row[name] for name in ("letters", "events_covered", "tasks", "merged")}
