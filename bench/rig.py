"""Headgate's dispatcher and worker over a fresh bundled Postgres, for benchmarks."""

import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headgate.core.app import TaskContext, operator
from headgate.core.clock import utc_now
from headgate.core.dag.deploy import deploy
from headgate.core.database import Database
from headgate.core.dispatch.loop import Dispatcher
from headgate.core.events.model import NewEvent
from headgate.core.events.store import emit
from headgate.core.migrate import migrate, migrations_of
from headgate.core.wake import Wake
from headgate.core.work.context import Surroundings
from headgate.core.work.worker import Bound, Place, Worker
from headgate.ports.object_store.local import LocalObjectStore
from headgate.ports.postgres.embedded import EmbeddedPostgres

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


@dataclass
class Rig:
    database: Database
    wake: Wake
    worker: Worker
    datasets: dict[str, int]
    duties: "list[asyncio.Task[None]]"
    started: "asyncio.Queue[int]"  # perf_counter_ns of each `stamp`

    async def emit(self, dataset: str, count: int) -> None:
        """Emit `count` events in one transaction and wake the dispatcher, as a source does."""
        events = [NewEvent(self.datasets[dataset], range=(n, n + 1)) for n in range(count)]
        async with self.database.connection() as conn:
            await emit(conn, org_id=1, events=events)
        self.wake.signal("emitted")

    @property
    def done(self) -> int:
        """How many tasks succeeded; raises what ended a part, rather than wait for ever."""
        for duty in self.duties:
            if duty.done():
                duty.result()
        return self.worker.counts["ok"]


@asynccontextmanager
async def rig(*, slots: int = 1000) -> AsyncIterator[Rig]:
    """Run everything in this process until the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="headgate-bench-"))
    server = EmbeddedPostgres(folder / "postgres", log=folder / "postgres.log")
    started: asyncio.Queue[int] = asyncio.Queue()

    @operator
    async def noop(_: TaskContext[Any]) -> None:
        return

    @operator
    async def stamp(_: TaskContext[Any]) -> None:
        started.put_nowait(time.perf_counter_ns())

    try:
        url = server.start()
        await migrate(url, migrations_of("core", "headgate.core"))
        database = Database(url)
        await database.open()
        wake = Wake(database, me="bench")
        dispatcher = Dispatcher(database, wake)
        await dispatcher.upkeep()
        async with database.connection() as conn:
            await deploy(
                conn, org_id=1, source=DAG, file="bench", known_operators=None, principal="bench"
            )
            rows = await (await conn.execute("select id, name from core.dataset")).fetchall()
        objects = LocalObjectStore(
            folder / "objects", base_url="http://localhost", secret=b"x" * 32
        )
        worker = Worker(
            around=Surroundings(database, objects, wake, utc_now, lambda _: None),
            operators={"bench.noop": Bound(noop, None), "bench.stamp": Bound(stamp, None)},
            places={"in_process": Place(slots)},
            name="bench",
        )
        duties = [asyncio.create_task(d) for d in (wake.run(), dispatcher.run(), worker.run())]
        await asyncio.sleep(0.5)
        datasets = {row["name"]: row["id"] for row in rows}
        yield Rig(database, wake, worker, datasets, duties, started)
        for duty in duties:
            duty.cancel()
        await asyncio.gather(*duties, return_exceptions=True)
        await database.close()
    finally:
        server.stop()
        shutil.rmtree(folder)
