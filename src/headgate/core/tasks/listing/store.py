"""The statements of lists of tasks, one function each."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, LiteralString

from headgate.core.database import Connection
from headgate.core.sql import load_queries
from headgate.core.tasks.listing.model import Bounds, Look

_SQL = load_queries(__package__)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter as the statements take it, and how many rows they may read.

    `sessions` are those of a worker, `code` is an error's. Of each place `window` rows are read, of
    the history of each of `jobs` `each`, for at most `most` candidates.
    """

    org_id: int
    bounds: Bounds
    jobs: Sequence[int] | None
    sessions: Sequence[int] | None
    partition: str | None
    since: datetime | None
    until: datetime | None
    code: str | None
    window: int
    each: int
    most: int


async def pending_tasks(conn: Connection, wanted: Wanted, *, waiting: bool | None) -> Look:
    """Look for delayed tasks (`waiting`), ready ones, or (None) both."""
    tried = wanted.code is not None or wanted.sessions is not None
    return await _look(conn, _SQL["pending_tasks"], wanted, waiting=waiting, tried=tried)


async def leased_tasks(conn: Connection, wanted: Wanted) -> Look:
    return await _look(conn, _SQL["leased_tasks"], wanted)


async def ended_tasks(conn: Connection, wanted: Wanted, *, outcomes: Sequence[int] | None) -> Look:
    """Look for attempts that ended so, or (None) in any way."""
    return await _look(conn, _SQL["ended_tasks"], wanted, outcomes=outcomes)


async def ended_tasks_of_jobs(
    conn: Connection, wanted: Wanted, *, outcomes: Sequence[int] | None
) -> Look:
    """Do the same for jobs, which have to be given."""
    return await _look(conn, _SQL["ended_tasks_of_jobs"], wanted, outcomes=outcomes)


async def folded_tasks(conn: Connection, wanted: Wanted, *, outcomes: Sequence[int]) -> Look:
    """Look for rare outcomes: any but a success and a death."""
    return await _look(conn, _SQL["folded_tasks"], wanted, outcomes=outcomes)


async def dead_tasks(conn: Connection, wanted: Wanted) -> Look:
    return await _look(conn, _SQL["dead_tasks"], wanted)


async def jobs_of_dag(conn: Connection, *, org_id: int, dag: str) -> list[int]:
    cursor = await conn.execute(_SQL["jobs_of_dag"], {"org_id": org_id, "dag": dag})
    return [row["id"] for row in await cursor.fetchall()]


async def sessions_of(conn: Connection, *, worker: str) -> list[int]:
    cursor = await conn.execute(_SQL["sessions_of"], {"worker": worker})
    return [row["id"] for row in await cursor.fetchall()]


async def first_created_since(conn: Connection, *, at: datetime) -> tuple[int, int | None]:
    """Return an id above which are all tasks created since, and one below which are all others."""
    cursor = await conn.execute(_SQL["first_created_since"], {"at": at})
    row = await cursor.fetchone()
    return (row["low"], row["high"]) if row else (0, None)


async def count_tasks(
    conn: Connection, wanted: Wanted, *, with_ended: bool, with_cancelled: bool, with_dead: bool
) -> list[dict[str, Any]]:
    """Return a row for each state and job, or one without a state; each tells what was cut."""
    cursor = await conn.execute(
        _SQL["count_tasks"],
        {
            **_parameters(wanted),
            "with_ended": with_ended,
            "with_cancelled": with_cancelled,
            "with_dead": with_dead,
        },
    )
    return await cursor.fetchall()


async def _look(
    conn: Connection, statement: LiteralString, wanted: Wanted, **given: object
) -> Look:
    cursor = await conn.execute(statement, {**_parameters(wanted), **given})
    row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - an aggregate has a row
    ids, reached = row["ids"], row["reached"]
    if len(ids) == wanted.most:  # there may be more between the last one and the end of the look
        *ids, reached = ids
    return Look(ids, reached)


def _parameters(wanted: Wanted) -> dict[str, Any]:
    given = asdict(wanted)
    return {**given, **given.pop("bounds")}
