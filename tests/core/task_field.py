"""A place to steer tasks in: a small flow, and the hands that move it step by step."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import psycopg
from proof.by_hand import Hands
from proof.deployment import Input, JobPlan, deploy
from psycopg.rows import dict_row

from headgate.core.access import LOCAL
from headgate.core.clock import utc_now
from headgate.core.database import Database
from headgate.core.services import Services
from headgate.core.tasks import reading
from headgate.core.tasks.model import Task, TaskState
from headgate.core.wake import Wake
from headgate.core.work.model import Lease, Outcome

JOB = "d0.job"


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
            sum(row["n"] for row in last.values() if row["outcome"] in (0, 4))
            + sum(row["n"] for row in letters if row["state"] == "open")
            + sum(row["n"] for row in await self.rows("task_pending"))
            + sum(row["n"] for row in await self.rows("task_lease"))
        )


@contextlib.asynccontextmanager
async def opened_field(database_url: str) -> AsyncIterator[Field]:
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
            clock=utc_now,
        )
        yield Field(services, hands, await hands.session())
    await database.close()
