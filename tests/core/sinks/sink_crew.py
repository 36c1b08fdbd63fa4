"""A DAG with buffered datasets, a dispatcher and a worker that knows the core's operators."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from headgate.core.app import Operator
from headgate.core.clock import utc_now
from headgate.core.dag.deploy import Deployed, deploy
from headgate.core.database import Connection, Database
from headgate.core.dispatch import store as dispatch
from headgate.core.dispatch.loop import Dispatcher
from headgate.core.events.model import NewEvent
from headgate.core.events.store import emit
from headgate.core.sinks import app
from headgate.core.wake import Wake
from headgate.core.work.context import Surroundings
from headgate.core.work.worker import Bound, Place, Worker
from proof.workers import Run

TWO = """\
dag: d
datasets:
  d.left: {partitioning: range, write_mode: buffered, schema: {n: bigint, word: text}}
  d.right: {write_mode: buffered, schema: {n: bigint, word: text}}
sources: {left: {kind: http, dataset: d.left}, right: {kind: http, dataset: d.right}}
"""


async def put(conn: Connection, source: str = TWO) -> Deployed:
    """Deploy a DAG; its sinks try again at once."""
    done = await deploy(
        conn, org_id=1, source=source, file="dag.yaml", known_operators=None, principal="test"
    )
    await conn.execute("update core.job set backoff_ms = 0 where operator = 'core.sink'")
    return done


async def rows(conn: Connection, query: str) -> list[Any]:
    """The rows of a query; single columns as plain values."""
    cursor = await conn.execute(query.encode())
    found = [tuple(row.values()) for row in await cursor.fetchall()]
    return [row[0] if len(row) == 1 else row for row in found]


async def tell(conn: Connection, dataset: str, *events: Mapping[str, Any]) -> list[int]:
    """Emit events in one transaction, as fields of `NewEvent` besides the dataset."""
    (dataset_id,) = await rows(conn, f"select id from core.dataset where name = '{dataset}'")
    return await emit(conn, org_id=1, events=[NewEvent(dataset_id, **fields) for fields in events])


def some(*numbers: int, word: str = "") -> list[dict[str, Any]]:
    """Rows for the datasets of `TWO`."""
    return [{"n": n, "word": word} for n in numbers]


async def route(conn: Connection) -> None:
    """Turn what was emitted into tasks."""
    for _ in range(2):  # the first time may only close a window
        async with conn.transaction():
            await dispatch.lock_router(conn)
            await dispatch.route(conn, limit=100)


async def redrive(conn: Connection) -> None:
    """Put every dead letter back to work."""
    await conn.execute(
        """with gone as (update core.dead_letter set state = 'redriven' where state = 'open' returning *)
           insert into core.task_pending (org_id, job_id, ckey, rngs, inval, evs, n, heavy)
           select org_id, job_id, ckey, range_agg(rngs), range_agg(inval), range_agg(evs), sum(n), true
             from gone group by 1, 2, 3"""
    )


async def drain(database: Database, *, tries: int = 400) -> None:
    """Run a crew until no event and no task is left to be worked on."""
    async with at_work(database) as crew:
        await crew.idle(tries=tries)


@dataclass(frozen=True, slots=True)
class SinkCrew:
    worker: Worker
    wake: Wake
    database: Database

    def nudge(self) -> None:
        self.wake.signal("emitted")

    async def idle(self, *, tries: int = 400) -> None:
        """Wait until every event that is committed is in a table or in a dead letter."""
        for _ in range(tries):
            self.nudge()
            await asyncio.sleep(0.02)
            if not await self._left():
                return
        raise AssertionError(await self._left())

    async def _left(self) -> str:
        """What is not covered by a success or a dead letter, as text; empty if all is."""
        async with self.database.connection() as conn:
            cursor = await conn.execute(
                """with done as (
                       select job_id, evs from core.task_history where outcome = 0
                       union all select job_id, evs from core.dead_letter where state = 'open')
                   select j.name, e.id from core.event e
                     join core.subscription s using (dataset_id) join core.job j on j.id = s.job_id
                    where not exists (select from done where job_id = j.id and e.id <@ evs)
                    union all
                   select 'leased', task_id from core.task_lease"""
            )
            return json.dumps(found) if (found := await cursor.fetchall()) else ""


@asynccontextmanager
async def at_work(
    database: Database,
    *,
    run: Run | None = None,
    others: Mapping[str, Run] | None = None,
    lease_seconds: float = 15.0,
) -> AsyncIterator[SinkCrew]:
    """Run a dispatcher and a worker during the block; `run` takes the place of the sink."""
    wake = Wake(database, me="sinks")
    worker = worker_of(database, wake, run=run, others=others or {}, lease_seconds=lease_seconds)
    dispatcher = Dispatcher(database, wake)
    await dispatcher.upkeep()
    async with asyncio.TaskGroup() as group:
        duties: Sequence[asyncio.Task[Any]] = [
            group.create_task(duty) for duty in (wake.run(), dispatcher.run(), worker.run())
        ]
        yield SinkCrew(worker, wake, database)
        for duty in duties:
            duty.cancel()


def worker_of(
    database: Database,
    wake: Wake,
    *,
    run: Run | None = None,
    others: Mapping[str, Run] | None = None,
    lease_seconds: float = 15.0,
) -> Worker:
    (sink,) = app.operators
    known = {"core.sink": sink if run is None else Operator("sink", run, __name__, "")}
    known |= {name: Operator(name, other, __name__, "") for name, other in (others or {}).items()}
    return Worker(
        around=Surroundings(
            database=database,
            objects=None,  # type: ignore[arg-type] # no sink touches objects
            wake=wake,
            clock=utc_now,
            add_log=lambda _: None,
        ),
        operators={name: Bound(operator, None) for name, operator in known.items()},
        places={"in_process": Place(20)},
        name="sinks",
        lease_seconds=lease_seconds,
    )
