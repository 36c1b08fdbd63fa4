"""The statements of retention, one function each. `limit` is in rows; times are aware."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, LiteralString

import psycopg

from headgate.core.database import Connection
from headgate.core.retention.rules import DeadRows, Holder, Table
from headgate.core.sql import load_queries

_SQL = load_queries(__package__)


@dataclass(frozen=True, slots=True)
class Day:
    """A day partition: of which table, its own name in schema `core`, and its UTC day."""

    table: Table
    name: str
    since: datetime

    @property
    def until(self) -> datetime:
        return self.since + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hold:
    """`n` things (1,000 may be more) of a job, or of none, that still need events of a day."""

    what: str
    job: str | None
    n: int


@dataclass(frozen=True, slots=True)
class Seen:
    """The put of an object that was announced."""

    org_id: int
    key: str
    version: str


async def old_partitions(conn: Connection, *, first_kept: Mapping[Table, date]) -> list[Day]:
    """Return the partitions of days before the first kept ones, oldest first for each table."""
    cursor = await conn.execute(
        _SQL["old_partitions"],
        {"tables": list(first_kept), "days": list(first_kept.values())},
    )
    return [
        Day(row["table"], row["name"], datetime.strptime(row["day"], "%Y%m%d").replace(tzinfo=UTC))
        for row in await cursor.fetchall()
    ]


async def bound_lock_waits(conn: Connection, *, milliseconds: int) -> None:
    """Bound each later wait for a lock in the caller's transaction."""
    await conn.execute(_SQL["bound_lock_waits"], {"milliseconds": milliseconds})


async def lock_partition(conn: Connection, *, name: str) -> None:
    """Keep writers and other sweeps out of one partition; readers go on."""
    await conn.execute(
        psycopg.sql.SQL("lock table core.{} in share row exclusive mode").format(
            psycopg.sql.Identifier(name)
        )
    )


async def drop_partition(conn: Connection, *, name: str) -> None:
    """Drop one partition. Until the commit nobody reads or writes the whole table."""
    await conn.execute(psycopg.sql.SQL("drop table core.{}").format(psycopg.sql.Identifier(name)))


async def holds_on_events(conn: Connection, *, since: datetime, until: datetime) -> list[Hold]:
    """Return what still needs an event of this time; empty when the events may go."""
    cursor = await conn.execute(_SQL["holds_on_events"], {"since": since, "until": until})
    return [Hold(**row) for row in await cursor.fetchall()]


async def drop_stray_events(conn: Connection, *, before: datetime, limit: int) -> int:
    """Delete old events that have no day partition and are not needed; return how many."""
    return await _drop(conn, _SQL["drop_stray_events"], before, limit)


async def drop_stray_history(conn: Connection, *, before: datetime, limit: int) -> int:
    return await _drop(conn, _SQL["drop_stray_history"], before, limit)


async def drop_stray_logs(conn: Connection, *, before: datetime, limit: int) -> int:
    return await _drop(conn, _SQL["drop_stray_logs"], before, limit)


async def drop_stray_samples(conn: Connection, *, before: datetime, limit: int) -> int:
    return await _drop(conn, _SQL["drop_stray_samples"], before, limit)


async def drop_dead_letters(conn: Connection, *, before: datetime, limit: int) -> int:
    """Delete dead letters that were resolved before this time; return how many."""
    return await _drop(conn, _SQL["drop_dead_letters"], before, limit)


async def expire_dead_letters(conn: Connection, *, before: datetime, limit: int) -> int:
    """Delete open dead letters of deaths before this time; return how many."""
    return await _drop(conn, _SQL["expire_dead_letters"], before, limit)


async def drop_event_keys(conn: Connection, *, before: datetime, limit: int) -> int:
    return await _drop(conn, _SQL["drop_event_keys"], before, limit)


async def drop_replies(conn: Connection, *, before: datetime, limit: int) -> int:
    return await _drop(conn, _SQL["drop_replies"], before, limit)


async def drop_changes(conn: Connection, *, before: datetime, limit: int) -> int:
    return await _drop(conn, _SQL["drop_changes"], before, limit)


async def drop_operations(conn: Connection, *, before: datetime, limit: int) -> int:
    return await _drop(conn, _SQL["drop_operations"], before, limit)


async def drop_backfills(conn: Connection, *, before: datetime, limit: int) -> int:
    return await _drop(conn, _SQL["drop_backfills"], before, limit)


async def drop_memos(conn: Connection, *, before: datetime, limit: int) -> int:
    """Delete the memos of jobs that were removed before this time."""
    return await _drop(conn, _SQL["drop_memos"], before, limit)


async def drop_turns(conn: Connection, *, before: datetime, limit: int) -> int:
    """Delete the turns of jobs that were removed before this time."""
    return await _drop(conn, _SQL["drop_turns"], before, limit)


async def seen_objects(
    conn: Connection, *, after: tuple[int, str], before: datetime, limit: int
) -> list[Seen]:
    """Return puts that were announced before a time, by org and key, after the pair `after`."""
    cursor = await conn.execute(
        _SQL["seen_objects"],
        {"org_id": after[0], "key": after[1], "before": before, "limit": limit},
    )
    return [Seen(**row) for row in await cursor.fetchall()]


async def drop_seen_objects(conn: Connection, *, puts: Sequence[Seen]) -> int:
    """Forget these puts, but not later ones of the same keys; return how many."""
    cursor = await conn.execute(
        _SQL["drop_seen_objects"],
        {
            "orgs": [put.org_id for put in puts],
            "keys": [put.key for put in puts],
            "versions": [put.version for put in puts],
        },
    )
    return cursor.rowcount


async def vacuum_holders(conn: Connection) -> list[Holder]:
    cursor = await conn.execute(_SQL["vacuum_holders"])
    return [Holder(**row) for row in await cursor.fetchall()]


async def dead_rows(conn: Connection) -> list[DeadRows]:
    cursor = await conn.execute(_SQL["dead_rows"])
    return [DeadRows(**row) for row in await cursor.fetchall()]


async def from_elsewhere(conn: Connection) -> bool:
    """Tell whether the log holds transaction ids that this server has not given out."""
    cursor = await conn.execute(_SQL["from_elsewhere"])
    row = await cursor.fetchone()
    return bool(row and row["from_elsewhere"])


async def renumber_events(conn: Connection) -> tuple[int, int]:
    """Renumber by the old cursor; return how many events, and how many of them are not routed.

    The caller holds the router's lock and goes on to `restart_cursor`.
    """
    cursor = await conn.execute(_SQL["renumber_events"])
    row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - an aggregate always has a row
    return row["renumbered"], row["unrouted"]


async def restart_cursor(conn: Connection) -> None:
    """Set the cursor so that exactly the events numbered 3 and later ones are not routed."""
    await conn.execute(_SQL["restart_cursor"])


async def tell_again(conn: Connection) -> None:
    await conn.execute(_SQL["tell_again"])


async def _drop(conn: Connection, statement: LiteralString, before: datetime, limit: int) -> int:
    parameters: dict[str, Any] = {"before": before, "limit": limit}
    return (await conn.execute(statement, parameters)).rowcount
