"""Finds what keeps Postgres from removing dead rows, and says so before the queues slow down."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from headgate.core.database import Database
from headgate.core.observe.metrics import Family, gauge
from headgate.core.retention import store
from headgate.core.retention.rules import (
    DEAD_ROWS_FOR,
    DeadRows,
    Holder,
    first_seen,
    held_seconds,
    is_alarming,
)

_log = logging.getLogger("headgate.retention")
_KINDS = ("session", "standby", "slot", "prepared")


class VacuumWatch:
    """Remembers who held vacuum back at the last looks; `warnings` and `families` tell of it."""

    def __init__(self, database: Database, *, alarm_after: timedelta) -> None:
        self._database = database
        self._alarm_after = alarm_after
        self._holders: dict[tuple[str, str, str], datetime] = {}
        self._swollen: dict[str, datetime] = {}
        self._oldest: dict[str, float] = {}
        self._dead: list[DeadRows] = []
        self._told: set[tuple[str, ...]] = set()
        self.warnings: tuple[str, ...] = ()

    async def look(self, *, now: datetime) -> None:
        """Look once; log what is new."""
        async with self._database.connection() as conn:
            holders = await store.vacuum_holders(conn)
            self._dead = await store.dead_rows(conn)
        self._holders = first_seen(self._holders, (holder.key for holder in holders), now=now)
        held = {h: held_seconds(h, seen=self._holders[h.key], now=now) for h in holders}
        self._oldest = {
            kind: max((s for h, s in held.items() if h.kind == kind), default=0.0)
            for kind in _KINDS
        }
        swollen = {rows.table: rows for rows in self._dead if rows.too_many}
        self._swollen = first_seen(self._swollen, swollen, now=now)
        found: dict[tuple[str, ...], str] = {
            holder.key: why_held(holder, seconds=seconds)
            for holder, seconds in held.items()
            if is_alarming(holder, seconds=seconds, after=self._alarm_after)
        }
        found |= {
            (table,): why_swollen(rows)
            for table, rows in swollen.items()
            if now - self._swollen[table] >= DEAD_ROWS_FOR
        }
        self._tell(found)

    def families(self) -> Iterator[Family]:
        """Yield the figures of the last look."""
        yield gauge(
            "headgate_vacuum_held_seconds",
            "How long the oldest of a kind has kept Postgres from removing dead rows.",
            [({"kind": kind}, seconds) for kind, seconds in self._oldest.items()],
        )
        yield gauge(
            "headgate_dead_rows",
            "Rows of the core's tables that vacuum has not removed yet.",
            [({"table": rows.table}, rows.dead) for rows in self._dead],
        )

    def _tell(self, found: dict[tuple[str, ...], str]) -> None:
        for key, text in found.items():
            if key not in self._told:
                _log.warning("%s", text)
        if self._told and not found:
            _log.info("nothing holds vacuum back any more")
        self._told = set(found)
        self.warnings = tuple(found.values())


def why_held(holder: Holder, *, seconds: float) -> str:
    """Say who holds vacuum back, for how long, and what to do."""
    minutes = f"{seconds / 60:.0f} min"
    harm = "Until then Postgres keeps every dead row, and the queues slow down."
    quoted = holder.name.replace("'", "''")
    match holder.kind:
        case "session":
            asked = (
                f", its last query began {holder.query_start:%H:%M:%S}"
                if holder.query_start
                else ""
            )
            return (
                f"A transaction is open for {minutes}: pid {holder.name}, {holder.application!r},"
                f" {holder.state}{asked}. Let it end, or end it:"
                f" select pg_terminate_backend({holder.name}); {harm}"
            )
        case "standby":
            return (
                f"A standby ({holder.application!r}, pid {holder.name}) holds back vacuum for"
                f" {minutes}, by hot_standby_feedback. End the long query that runs there. {harm}"
            )
        case "slot":
            return (
                f"The {holder.state} replication slot {holder.name!r} ({holder.application}) has"
                f" stood still for {minutes}. Start its consumer, or drop it:"
                f" select pg_drop_replication_slot('{quoted}'); {harm}"
            )
        case "prepared":
            return (
                f"The transaction {holder.name!r} of {holder.application} was prepared {minutes}"
                f" ago and never ended: commit prepared '{quoted}'; or rollback prepared"
                f" '{quoted}'; {harm}"
            )


def why_swollen(rows: DeadRows) -> str:
    """Say which table has too many dead rows, and how to learn why."""
    return (
        f"core.{rows.table} has {rows.dead:,} dead rows and {rows.live:,} live ones: vacuum does"
        f" not keep up, or is held back. `vacuum (verbose) core.{rows.table};` says which. Is"
        " autovacuum on?"
    )
