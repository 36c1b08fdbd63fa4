"""Drops day partitions that are past their age, unless something needs them or is in the way."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from psycopg.errors import DependentObjectsStillExist, LockNotAvailable, UndefinedTable

from headgate.core.database import Connection, Database
from headgate.core.retention import store
from headgate.core.retention.rules import Keep, Table
from headgate.core.retention.store import Day, Hold

# Nobody waits for the lock on one old day, but for autovacuum, which lets go after a second.
_SETTLE_MS = 2000
# Every emit waits behind the lock on the whole table, for as long as it is not to be had.
_EMITS_MAY_WAIT_MS = 100


@dataclass(slots=True)
class Swept:
    """What one sweep did: days dropped, days that wait with what holds them, tables in use.

    The sweep left the days of a table in `busy` for later: a transaction that reads or writes the
    table went on for longer than others may be made to wait.
    """

    dropped: list[Day] = field(default_factory=list)
    held: dict[Day, Sequence[Hold]] = field(default_factory=dict)
    busy: set[Table] = field(default_factory=set)


async def drop_old_days(database: Database, *, keep: Keep, now: datetime) -> Swept:
    """Drop what is past its age, oldest day first."""
    async with database.connection() as conn:
        old = await store.old_partitions(conn, first_kept=keep.first_days(now))
    swept = Swept()
    for day in old:
        if day.table not in swept.busy:
            await _drop(database, day, swept)
    return swept


async def _drop(database: Database, day: Day, swept: Swept) -> None:
    """Drop one day, or note why not.

    The day itself is locked first, so that a transaction that wrote into it has ended, and what it
    wrote is seen, before anyone asks whether it is needed. Only then, and for the drop alone, the
    whole table is locked.
    """
    async with database.connection() as conn:
        try:
            async with conn.transaction():
                await store.bound_lock_waits(conn, milliseconds=_SETTLE_MS)
                await store.lock_partition(conn, name=day.name)
                holds = await _holds(conn, day)
                if not holds:
                    await store.bound_lock_waits(conn, milliseconds=_EMITS_MAY_WAIT_MS)
                    await store.drop_partition(conn, name=day.name)
        except LockNotAvailable:
            swept.busy.add(day.table)
        except DependentObjectsStillExist as error:
            # Somebody's view of one day. It is theirs to drop, and no reason to stop the server.
            swept.held[day] = [Hold(f"dependent object ({error.diag.message_detail})", None, 1)]
        except UndefinedTable:
            pass  # another process has just dropped it
        else:
            if holds:
                swept.held[day] = holds
            else:
                swept.dropped.append(day)


async def _holds(conn: Connection, day: Day) -> Sequence[Hold]:
    if day.table != "event":
        return ()
    return await store.holds_on_events(conn, since=day.since, until=day.until)


def why_days_wait(swept: Swept) -> list[str]:
    """Say for people which days are past their age and still there, and because of what."""
    said = []
    for table in sorted({day.table for day in swept.held}):
        days = [day for day in swept.held if day.table == table]
        needed: Counter[str] = Counter()
        for hold in chain.from_iterable(swept.held[day] for day in days):
            needed[f"{hold.what} of {hold.job}" if hold.job else hold.what] += hold.n
        said.append(
            f"Old days of core.{table} ({len(days)}, from {days[0].since:%Y-%m-%d} on) stay: needed"
            f" by {', '.join(f'{n} {what}' for what, n in needed.items())}. They go by themselves"
            " when these are done, redriven or discarded."
        )
    said += [
        f"Old days of core.{table} wait: a long transaction uses the table. They are tried again."
        for table in sorted(swept.busy)
    ]
    return said
