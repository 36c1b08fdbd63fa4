"""The statements of work, one function each."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from psycopg import AsyncCursor
from psycopg.rows import TupleRow, tuple_row

from headgate.core.database import Connection
from headgate.core.sql import int_column, load_queries, text_column
from headgate.core.work.model import POISON_LOSSES, Job, Lease, Outcome, Output, Result
from headgate.core.work.rules import storable

_SQL = load_queries(__package__)

OUTDATED: Mapping[str, Any] = {
    "code": "inputs_changed",
    "message": "What the task read was changed while it ran, so its output was not published.",
    "hint": "Nothing to do: it runs again when its inputs agree.",
    "fault": "state",
    "retry": True,
}

LogLine = tuple[int, int, int, datetime, str, str, str]
"""org, task, attempt, time, level, message, fields as JSON."""


async def jobs(conn: Connection) -> list[Job]:
    """Return every deployed job."""
    cursor = await conn.execute(_SQL["jobs"])
    return [
        Job(
            id=row["id"],
            org_id=row["org_id"],
            name=row["name"],
            operator=row["operator"],
            priority=row["priority"],
            max_concurrency=row["max_concurrency"],
            timeout_ms=row["timeout_ms"],
            runtime=row["runtime"],
            limits=row["limits"],
            params=row["params"],
            outputs={
                o["name"]: Output(o["id"], o["name"], o["partitioning"], o["columns"])
                for o in row["outputs"]
            },
            strategy=row["strategy"],
            deployment_id=row["deployment_id"],
            rated=row["rated"],
            fair=row["fair"],
            memo=row["memo"],
            replaces=row["replaces"],
            gated=row["gated"],
            org_weight=row["org_weight"],
            paused=row["paused"],
        )
        for row in await cursor.fetchall()
    ]


async def open_session(conn: Connection, *, worker: str, capacity: int, lease: float) -> int:
    """Register a worker whose leases last `lease` seconds beyond each heartbeat."""
    cursor = await conn.execute(
        _SQL["open_session"], {"worker": worker, "capacity": capacity, "lease": lease}
    )
    row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - an insert returns its row
    return int(row["id"])


async def renew_session(conn: Connection, *, session: int, lease: float) -> bool:
    """Return False when the session is gone: all its leases were given to others."""
    cursor = await conn.execute(_SQL["renew_session"], {"session": session, "lease": lease})
    return await cursor.fetchone() is not None


async def close_session(conn: Connection, *, session: int) -> None:
    await conn.execute(_SQL["close_session"], {"session": session})


async def stopped_leases(conn: Connection, *, session: int) -> list[tuple[int, bool]]:
    """Return the tokens of this session's leases that are to end, and whether to be cancelled.

    The others are to start anew, on what has changed.
    """
    cursor = await conn.execute(_SQL["stopped_leases"], {"session": session})
    return [(row["token"], row["cancel_requested"]) for row in await cursor.fetchall()]


async def leases_of(conn: Connection, *, session: int, known: Sequence[int]) -> list[Lease]:
    """Return the session's leases but for those with a token in `known`."""
    async with conn.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(_SQL["leases_of"], {"session": session, "known": list(known)})
        return [Lease(*row) for row in await cursor.fetchall()]


async def ready_jobs(conn: Connection) -> set[int]:
    """Return the jobs that have tasks which may be claimed; `conn` is in autocommit."""
    async with conn.pipeline():
        await conn.execute("begin")
        await plan_by_index(conn)
        cursor = await conn.execute(_SQL["ready_jobs"])
        await conn.execute("commit")
    return {row["job_id"] for row in await cursor.fetchall()}


async def lock_capped_jobs(conn: Connection, *, jobs: Sequence[int]) -> None:
    """Take the claim locks of `jobs` until the end of the caller's transaction."""
    await conn.execute(_SQL["lock_capped_jobs"], {"jobs": list(jobs)})


async def plan_by_index(conn: Connection) -> None:
    """Let the rest of the caller's transaction use plans that suit long queues."""
    await conn.execute(_SQL["plan_by_index"])


async def claim(
    conn: Connection,
    *,
    quotas: Sequence[tuple[int, int]],
    session: int,
    after: Mapping[int, int] = MappingProxyType({}),
) -> list[Lease]:
    """Lease up to the quota of each (job id, quota) for the session.

    `after` maps a job to the task id after which to look; by default at its whole queue.
    """
    async with conn.cursor(row_factory=tuple_row) as cursor:
        await _claim(cursor, quotas, session, after)
        return [Lease(*row) for row in await cursor.fetchall()]


async def claim_batch(
    conn: Connection,
    *,
    quotas: Sequence[tuple[int, int]],
    session: int,
    capped: Sequence[int],
    after: Mapping[int, int],
) -> list[Lease]:
    """Do what `lock_capped_jobs` and `claim` do in a transaction of its own, in one round trip.

    `conn` is in autocommit.
    """
    async with conn.cursor(row_factory=tuple_row) as cursor:
        async with conn.pipeline():
            await conn.execute("begin")
            await plan_by_index(conn)
            if capped:
                await lock_capped_jobs(conn, jobs=capped)
            await _claim(cursor, quotas, session, after)
            await conn.execute("commit")
        return [Lease(*row) for row in await cursor.fetchall()]


async def _claim(
    cursor: AsyncCursor[TupleRow],
    quotas: Sequence[tuple[int, int]],
    session: int,
    after: Mapping[int, int],
) -> None:
    await cursor.execute(
        _SQL["claim"],
        {
            "jobs": [job for job, _ in quotas],
            "quotas": [quota for _, quota in quotas],
            "after": [after.get(job, 0) for job, _ in quotas],
            "session": session,
        },
    )


async def complete(
    conn: Connection, *, results: Sequence[Result]
) -> dict[tuple[int, int], Outcome]:
    """End attempts; return what each (task, token) that still held became.

    A missing pair is stale: its attempt was ended by another, and nothing changed.
    """
    cursor = await conn.execute(
        _SQL["complete"],
        {
            "task_ids": int_column([r.task_id for r in results]),
            "tokens": int_column([r.token for r in results]),
            "outcomes": int_column([int(r.outcome) for r in results]),
            "errors": text_column(
                [None if r.error is None else json.dumps(storable(r.error)) for r in results]
            ),
            "delays": int_column([r.delay_ms or None for r in results]),
            "poison": POISON_LOSSES,
            "outdated": json.dumps(OUTDATED),
        },
    )
    return {
        (row["task_id"], row["token"]): Outcome(row["outcome"]) for row in await cursor.fetchall()
    }


async def memos(
    conn: Connection, *, keys: Sequence[tuple[int, str]]
) -> dict[tuple[int, str], tuple[str, int]]:
    """Return, by (job id, task key), the hash of the last success and its task."""
    cursor = await conn.execute(
        _SQL["memos"], {"jobs": [job for job, _ in keys], "ckeys": [ckey for _, ckey in keys]}
    )
    return {
        (row["job_id"], row["ckey"]): (row["hash"], row["task_id"])
        for row in await cursor.fetchall()
    }


async def set_memo(
    conn: Connection,
    *,
    job_id: int,
    ckey: str,
    hash: str,  # noqa: A002
    task_id: int,
) -> None:
    """Keep what a success was made from."""
    await conn.execute(
        _SQL["set_memo"], {"job_id": job_id, "ckey": ckey, "hash": hash, "task_id": task_id}
    )


async def set_progress(
    conn: Connection, *, task_id: int, token: int, progress: dict[str, Any]
) -> bool:
    """Return False when the lease no longer holds."""
    cursor = await conn.execute(
        _SQL["set_progress"],
        {"task_id": task_id, "token": token, "progress": json.dumps(storable(progress))},
    )
    return await cursor.fetchone() is not None


async def hold_lease(conn: Connection, *, task_id: int, token: int) -> bool:
    """Lock the lease until the end of the caller's transaction; False when it is gone."""
    cursor = await conn.execute(_SQL["hold_lease"], {"task_id": task_id, "token": token})
    return await cursor.fetchone() is not None


async def add_logs(conn: Connection, *, lines: Sequence[LogLine]) -> None:
    """Append log lines, by sets."""
    if not lines:
        return
    columns: list[list[Any]] = [list(column) for column in zip(*lines, strict=True)]
    columns[5] = storable(columns[5])
    columns[6] = [json.dumps(storable(json.loads(fields))) for fields in columns[6]]
    names = ("orgs", "tasks", "attempts", "times", "levels", "messages", "fields")
    await conn.execute(_SQL["add_logs"], dict(zip(names, columns, strict=True)))
