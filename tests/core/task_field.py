"""A place to steer tasks in: a small flow, and the hands that move it step by step."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import dict_row

from headgate.core.access import LOCAL
from headgate.core.clock import Clock, utc_now
from headgate.core.database import Database
from headgate.core.services import Services
from headgate.core.tasks import reading
from headgate.core.tasks.model import Task, TaskState
from headgate.core.wake import Wake
from headgate.core.work.model import Lease, Outcome, Result
from headgate.core.work.rules import parse_ranges
from headgate.core.work.store import complete
from proof.by_hand import ERROR, Hands
from proof.deployment import Input, JobPlan, deploy

JOB = "d0.job"
_HELD = ("open", "discarded", "superseded")  # letters in which what they cover still is


@dataclass(frozen=True, slots=True)
class Field:
    """`job` makes a task a key; a worker is registered as `session`."""

    services: Services
    hands: Hands
    session: int

    async def pending(self, *keys: str) -> None:
        """Have a pending task for each key, or more covered by the one that is there."""
        await self.hands.emit("names", *keys)
        await self.hands.route()

    async def leased(self, key: str) -> Lease:
        """Have a running task of this key."""
        await self.pending(key)
        (lease,) = await self.hands.claim(self.session, "job")
        return lease

    async def ended(self, key: str, outcome: Outcome) -> int:
        """Have a task whose attempt ended so; return its id."""
        lease = await self.leased(key)
        await self.hands.end(lease, outcome)
        return lease.task_id

    async def dead(self, *keys: str, message: str = "it broke") -> list[int]:
        """Have a dead letter for each key; return the letters' ids."""
        await self.pending(*keys)
        return await self.fail(message=message)

    async def fail(self, *, message: str = "it broke") -> list[int]:
        """Make dead letters of all that is pending; return their ids."""
        before = {row["id"] for row in await self.rows("dead_letter")}
        leases = await self.hands.claim(self.session, "job", quota=10_000)
        error = {**ERROR, "message": message}
        results = [Result(x.task_id, x.token, Outcome.DEAD, error) for x in leases]
        await complete(self.hands.conn, results=results)
        return sorted({row["id"] for row in await self.rows("dead_letter")} - before)

    async def task(self, task_id: int) -> Task:
        async with self.services.database.connection() as conn:
            return await reading.find_task(conn, org_id=LOCAL.org_id, task_id=task_id)

    async def listed(self, state: TaskState | None, *, limit: int = 100) -> list[int]:
        async with self.services.database.connection() as conn:
            found = await reading.list_tasks(conn, org_id=1, state=state, job=JOB, limit=limit)
        return [task.id for task in found]

    async def rows(self, table: str) -> list[dict[str, Any]]:
        return await self.hands.rows(table, "job")

    async def covered(self) -> int:
        """Return how many hits are done, given up, pending or running: all that there ever were.

        Of a task that was put back to work only where it is now counts.
        """
        history = sorted(await self.rows("task_history"), key=lambda row: row["done_at"])
        last = {row["task_id"]: row for row in history}
        letters = await self.rows("dead_letter")
        return (
            sum(row["n"] for row in last.values() if row["outcome"] in (0, 4, 6))
            + sum(row["n"] for row in letters if row["state"] in _HELD)
            + sum(row["n"] for row in await self.rows("task_pending"))
            + sum(row["n"] for row in await self.rows("task_lease"))
        )

    async def places(self) -> Counter[int]:
        """Return in how many places each event is that ever came: one, if nothing went wrong."""
        cursor = await self.hands.conn.execute(
            "select evs::text as evs from core.task_pending"
            " union all select evs::text from core.task_lease"
            " union all select evs::text from core.dead_letter where state = any(%s)"
            " union all select evs::text from ("
            "   select distinct on (task_id) * from core.task_history"
            "    order by task_id, done_at desc) h where outcome in (0, 4, 6)",
            [list(_HELD)],
        )
        return Counter(
            event
            for row in await cursor.fetchall()
            for low, high in parse_ranges(row["evs"])
            for event in range(low, high)
        )

    async def waits_for_a_lock(self, work: "asyncio.Task[Any]") -> int:
        """Return the backend by which `work` waits for somebody else's row, once it does."""
        while not work.done():
            async with self.services.database.connection() as conn:
                cursor = await conn.execute(
                    "select pid from pg_stat_activity where wait_event_type = 'Lock'"
                    " and datname = current_database()"
                )
                if row := await cursor.fetchone():
                    return int(row["pid"])
            await asyncio.sleep(0.01)
        raise AssertionError("it did not wait")

    async def states(self) -> Counter[str]:
        """Return how many letters are in each state."""
        return Counter(row["state"] for row in await self.rows("dead_letter"))


@contextlib.asynccontextmanager
async def opened_field(database_url: str, *, clock: Clock = utc_now) -> AsyncIterator[Field]:
    """Open a field on a database of the test's own."""
    database = Database(database_url, size=8)
    await database.open()
    async with await psycopg.AsyncConnection.connect(
        database_url, autocommit=True, row_factory=dict_row
    ) as conn:
        plan = JobPlan("job", (Input("names"),), strategy="PerPartition", backoff_ms=3_600_000)
        hands = Hands(conn, await deploy(conn, datasets={"names": "key"}, jobs=[plan]))
        services = Services(
            database=database,
            objects=None,  # type: ignore[arg-type]  # no test of tasks has to do with objects
            wake=Wake(database, me="test"),
            clock=clock,
        )
        yield Field(services, hands, await hands.session())
    await database.close()
