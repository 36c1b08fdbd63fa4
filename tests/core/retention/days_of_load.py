"""A small flow whose rows are written as of any day, and what is left of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from psycopg.rows import dict_row

from headgate.core.database import Connection, Database
from headgate.core.retention.loop import Retention
from headgate.core.retention.rules import Keep
from headgate.core.services import Services
from headgate.core.wake import Wake
from headgate.ports.object_store import ObjectStore
from headgate.ports.object_store.local import LocalObjectStore
from proof.by_hand import Hands
from proof.deployment import Input, JobPlan, deploy

START = datetime(2026, 3, 1, tzinfo=UTC)
KEEP = Keep(
    events=timedelta(days=2),
    history=timedelta(days=2),
    logs=timedelta(days=1),
    dead_letters=timedelta(days=1),
    versions=timedelta(days=1),
)


def noon(day: int) -> datetime:
    """The middle of a day after `START`."""
    return START + timedelta(days=day, hours=12)


class SetClock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True, slots=True)
class Load:
    """`each` makes a task an event of the dataset `a`, `all` one of all of them."""

    hands: Hands
    clock: SetClock
    retention: Retention
    objects: ObjectStore
    database: Database

    @property
    def conn(self) -> Connection:
        return self.hands.conn

    async def sweep(self, day: int) -> None:
        """Run a sweep as if it were noon of that day."""
        self.clock.now = noon(day)
        await self.retention.sweep()

    async def make_days(self, first: int, last: int) -> None:
        await self.conn.execute(
            "select core.ensure_partitions(%s::date, %s::date)", [noon(first), noon(last)]
        )

    async def emit(self, day: int, count: int = 1) -> list[int]:
        """Have events of noon of that day; they are not routed yet."""
        ids = await self.hands.emit("a", *((n, n + 1) for n in range(count)))
        await self.conn.execute(
            "update core.event set at = %s where id = any(%s)", [noon(day), ids]
        )
        return ids

    async def events(self) -> set[int]:
        return {row["id"] for row in await self.rows("event")}

    async def rows(self, table: str) -> list[dict[str, object]]:
        cursor = await self.conn.execute(f"select * from core.{table}")
        return await cursor.fetchall()

    async def days(self, table: str) -> list[int]:
        """The days, counted from `START`, of which the table has a partition."""
        cursor = await self.conn.execute(
            "select right(c.relname, 8) as day from pg_inherits i join pg_class c on c.oid = i.inhrelid"
            " where i.inhparent = %s::regclass and c.relname ~ '\\d{8}$' order by 1",
            [f"core.{table}"],
        )
        days = [datetime.fromisoformat(f"{r['day']}T00Z") for r in await cursor.fetchall()]
        return [(day - START).days for day in days]


@asynccontextmanager
async def opened_load(database_url: str, folder: Path) -> AsyncIterator[Load]:
    """Open a flow on a database of the test's own, with retention by a clock that the test sets."""
    database = Database(database_url, size=4)
    await database.open()
    clock = SetClock()
    objects = LocalObjectStore(folder, base_url="http://localhost", secret=b"s" * 32)
    shared = Services(
        database=database, objects=objects, wake=Wake(database, me="test"), clock=clock
    )
    try:
        async with await psycopg.AsyncConnection.connect(
            database_url, autocommit=True, row_factory=dict_row
        ) as conn:
            jobs = [JobPlan("each", (Input("a"),)), JobPlan("all", (Input("a"),), strategy="Bulk")]
            made = await deploy(conn, datasets={"a": "range"}, jobs=jobs)
            retention = Retention(shared, keep=KEEP, alarm_after=timedelta(minutes=10))
            yield Load(Hands(conn, made), clock, retention, objects, database)
    finally:
        await database.close()
