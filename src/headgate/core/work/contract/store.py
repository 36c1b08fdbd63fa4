"""The statements of the worker contract, one function each; attempts are named by their grants."""

import json
from collections.abc import Sequence
from typing import Any

import msgspec
from psycopg.rows import tuple_row

from headgate.core.database import Connection
from headgate.core.events.model import KINDS
from headgate.core.sql import load_queries
from headgate.core.work.contract.messages import InputEvent, TaskProgress
from headgate.core.work.contract.tokens import TaskGrant
from headgate.core.work.model import Lease, Outcome
from headgate.core.work.rules import storable

_SQL = load_queries(__package__)
_NULL = msgspec.Raw(b"null")

Covered = tuple[InputEvent, str | None, int]
"""An event, its trace, and the id below which all events of its task are."""


def _pairs(grants: Sequence[TaskGrant]) -> dict[str, list[int]]:
    return {"task_ids": [g.task_id for g in grants], "tokens": [g.lease for g in grants]}


async def held(conn: Connection, *, grants: Sequence[TaskGrant]) -> dict[int, Lease]:
    """Return, by its token, each lease that still holds."""
    async with conn.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(_SQL["held"], _pairs(grants))
        leases = [Lease(*row) for row in await cursor.fetchall()]
    return {lease.token: lease for lease in leases}


async def ended(
    conn: Connection, *, grants: Sequence[TaskGrant]
) -> dict[int, tuple[Outcome, str | None]]:
    """Return, by the token of its lease, how each attempt ended and its error's code."""
    cursor = await conn.execute(_SQL["ended"], _pairs(grants))
    return {row["token"]: (Outcome(row["outcome"]), row["code"]) for row in await cursor.fetchall()}


async def inputs(
    conn: Connection, *, grants: Sequence[TaskGrant], start: int, most: int, max_bytes: int
) -> dict[int, list[Covered]]:
    """Return, by task, covered events with an id from `start` on: `most`, `max_bytes` of payload.

    An event that alone is larger comes alone. Tasks whose lease is gone have none.
    """
    cursor = await conn.execute(
        _SQL["inputs"], {**_pairs(grants), "start": start, "most": most, "bytes": max_bytes}
    )
    found: dict[int, list[Covered]] = {}
    for row in await cursor.fetchall():
        event = _event(row)
        found.setdefault(row["task_id"], []).append((event, row["trace"], row["until"]))
    return found


async def report(
    conn: Connection, *, progress: Sequence[tuple[TaskGrant, TaskProgress]]
) -> set[int]:
    """Keep how far attempts are; return the tokens of the leases that still hold."""
    told = [{"done": p.done, "total": p.total, "message": storable(p.message)} for _, p in progress]
    cursor = await conn.execute(
        _SQL["report"],
        {**_pairs([grant for grant, _ in progress]), "progress": [json.dumps(t) for t in told]},
    )
    return {row["token"] for row in await cursor.fetchall()}


def _event(row: dict[str, Any]) -> InputEvent:
    return InputEvent(
        id=row["id"],
        dataset=row["dataset"],
        kind=KINDS[row["kind"]],
        key=row["key"],
        range=None if row["low"] is None else (row["low"], row["high"]),
        payload=_NULL if row["payload"] is None else msgspec.Raw(row["payload"].encode()),
        at=row["at"],
        version=row["version"],
    )
