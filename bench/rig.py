"""Headgate's dispatcher and worker over a server of the benchmark's own, in this process."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import perf_counter, perf_counter_ns
from typing import Any

from headgate.core.app import TaskContext, operator
from headgate.core.clock import utc_now
from headgate.core.dag.deploy import deploy
from headgate.core.database import Database
from headgate.core.dispatch.loop import Dispatcher
from headgate.core.events.model import NewEvent
from headgate.core.events.store import emit
from headgate.core.wake import Wake
from headgate.core.work.context import Surroundings
from headgate.core.work.worker import Bound, Place, Worker
from headgate.ports.object_store.local import LocalObjectStore
from server import Server

_SLOTS = 1000
_STALL = 20.0  # seconds without one success: something is broken, and waiting shows nothing
_SETTLE = 0.5  # seconds until every loop waits for work

DAG = """
dag: bench
datasets:
  bench.work: {partitioning: range}
  bench.ping: {partitioning: range}
jobs:
  noop:
    {operator: bench.noop, inputs: [bench.work],
     execution_strategy: PerUpdate, update_strategy: append}
  stamp:
    {operator: bench.stamp, inputs: [bench.ping],
     execution_strategy: PerUpdate, update_strategy: append}
"""


@dataclass(frozen=True, slots=True)
class Core:
    """The core with DAGs deployed and no loop running; `datasets` are ids by name."""

    database: Database
    wake: Wake
    dispatcher: Dispatcher
    datasets: dict[str, int]

    async def emit(self, events: Sequence[NewEvent]) -> None:
        """Emit in one transaction and wake the dispatcher, as a source does."""
        async with self.database.connection() as conn:
            await emit(conn, org_id=1, events=events)
        self.wake.signal("emitted")

    async def route_all(self) -> int:
        """Route until nothing is left; return how many events that were."""
        total = 0
        while routed := await self.dispatcher.route():
            total += routed
        return total


@asynccontextmanager
async def core(url: str, *dags: str) -> AsyncIterator[Core]:
    """Open the core and deploy `dags` as people do."""
    database = Database(url)
    await database.open()
    try:
        wake = Wake(database, me="bench")
        dispatcher = Dispatcher(database, wake)
        await dispatcher.upkeep()
        async with database.connection() as conn:
            for dag in dags:
                await deploy(
                    conn, org_id=1, source=dag, file="-", known_operators=None, principal="bench"
                )
            rows = await (await conn.execute("select id, name from core.dataset")).fetchall()
        yield Core(database, wake, dispatcher, {row["name"]: row["id"] for row in rows})
    finally:
        await database.close()


@dataclass(slots=True)
class Rig:
    """A core that runs. `starts` are when each `stamp` began, by its number, in perf_counter_ns."""

    core: Core
    worker: Worker
    duties: "list[asyncio.Task[None]]"
    starts: dict[int, int] = field(default_factory=dict)

    async def emit(self, dataset: str, first: int, count: int = 1) -> None:
        """Emit the numbers from `first` on, each an event of its own, in one transaction."""
        target = self.core.datasets[dataset]
        await self.core.emit(
            [NewEvent(target, range=(n, n + 1)) for n in range(first, first + count)]
        )

    @property
    def done(self) -> int:
        """How many tasks succeeded."""
        return self.worker.counts["ok"]

    async def finish(self, count: int) -> None:
        """Wait until `count` tasks succeeded; raises what ended a part, and when nothing moves."""
        seen, since = -1, perf_counter()
        while self.done < count:
            for duty in self.duties:
                if duty.done():
                    duty.result()
            if self.done > seen:
                seen, since = self.done, perf_counter()
            elif perf_counter() - since > _STALL:
                raise RuntimeError(f"{seen} of {count} tasks were done, then none: {self.counts()}")
            await asyncio.sleep(0.002)

    def counts(self) -> dict[str, dict[str, int]]:
        return {"dispatcher": dict(self.core.dispatcher.counts), "worker": dict(self.worker.counts)}


@asynccontextmanager
async def rig(server: Server, *more_dags: str) -> AsyncIterator[Rig]:
    """Run everything in this process until the block ends."""
    starts: dict[int, int] = {}

    @operator
    async def noop(_: TaskContext[Any]) -> None:
        return

    @operator
    async def stamp(ctx: TaskContext[Any]) -> None:
        now = perf_counter_ns()
        starts[ctx.task.ranges[0][0]] = now

    async with core(server.url, DAG, *more_dags) as parts:
        objects = LocalObjectStore(
            server.folder / "objects", base_url="http://localhost", secret=b"x" * 32
        )
        worker = Worker(
            around=Surroundings(parts.database, objects, parts.wake, utc_now, lambda _: None),
            operators={"bench.noop": Bound(noop, None), "bench.stamp": Bound(stamp, None)},
            places={"in_process": Place(_SLOTS)},
            name="bench",
        )
        loops = (parts.wake.run(), parts.dispatcher.run(), worker.run())
        duties = [asyncio.create_task(loop) for loop in loops]
        try:
            await asyncio.sleep(_SETTLE)
            yield Rig(parts, worker, duties, starts)
        finally:
            for duty in duties:
                duty.cancel()
            await asyncio.gather(*duties, return_exceptions=True)
