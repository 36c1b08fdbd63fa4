"""A Dispatcher and a Worker at work in this process, over operators given by name."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from headgate.core.app import Operator, TaskContext
from headgate.core.clock import Clock, utc_now
from headgate.core.database import Connection, Database
from headgate.core.dispatch.loop import Dispatcher
from headgate.core.wake import Wake
from headgate.core.work.context import Surroundings
from headgate.core.work.store import LogLine
from headgate.core.work.worker import Bound, Place, Worker

Run = Callable[[TaskContext[Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Crew:
    worker: Worker
    dispatcher: Dispatcher
    wake: Wake
    logs: list[LogLine]
    works: "asyncio.Task[None]"

    def nudge(self) -> None:
        """Say that events were emitted by another connection of this test."""
        self.wake.signal("emitted")


def worker_of(
    database: Database,
    wake: Wake,
    operators: Mapping[str, Run],
    *,
    logs: list[LogLine] | None = None,
    slots: int = 20,
    lease_seconds: float = 15.0,
    name: str = "crew",
    clock: Clock = utc_now,
) -> Worker:
    """Build a worker whose operator `proof.<name>` is the function of that name."""
    return Worker(
        around=Surroundings(
            database=database,
            objects=None,  # type: ignore[arg-type] # no operator of the proof touches objects
            wake=wake,
            clock=clock,
            add_log=[].append if logs is None else logs.append,
        ),
        operators={
            f"proof.{known}": Bound(Operator(known, run, __name__, ""), None)
            for known, run in operators.items()
        },
        places={"in_process": Place(slots)},
        name=name,
        lease_seconds=lease_seconds,
    )


@asynccontextmanager
async def working(
    database: Database,
    operators: Mapping[str, Run],
    *,
    slots: int = 20,
    lease_seconds: float = 15.0,
) -> AsyncIterator[Crew]:
    """Run a crew during the block. A loop that dies ends the block with its error."""
    wake = Wake(database, me="crew")
    logs: list[LogLine] = []
    worker = worker_of(
        database, wake, operators, logs=logs, slots=slots, lease_seconds=lease_seconds
    )
    dispatcher = Dispatcher(database, wake)
    await dispatcher.upkeep()
    async with asyncio.TaskGroup() as group:
        works = group.create_task(worker.run())
        loops = [works, group.create_task(dispatcher.run()), group.create_task(wake.run())]
        yield Crew(worker, dispatcher, wake, logs, works)
        for loop in loops:
            loop.cancel()


async def until(holds: Callable[[], Awaitable[Any]], *, seconds: float = 10) -> None:
    """Wait until `await holds()` is true; fail after `seconds`."""
    async with asyncio.timeout(seconds):
        while not await holds():
            await asyncio.sleep(0.01)


EFFECTS = "create table effect (event bigint, task_id bigint, token bigint, worker text)"


def noting(worker: str) -> Run:
    """Return an operator that writes a row for each event of its task, by the event's range.

    An event of the range [n, n + 1) is known as n: that each has one row is what "once" means.
    """

    async def note(conn: Connection, *, ctx: TaskContext[Any]) -> None:
        for low, high in ctx.task.ranges:
            for event in range(low, high):
                await conn.execute(
                    "insert into effect values (%s, %s, %s, %s)",
                    [event, ctx.task.id, ctx.task.token, worker],
                )

    async def run(ctx: TaskContext[Any]) -> None:
        ctx.write(note, ctx=ctx)

    return run
