"""Memo: equal input versions and equal code are not run again; anything else is."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from headgate.core.app import Operator, TaskContext
from headgate.core.clock import utc_now
from headgate.core.database import Database
from headgate.core.dispatch.loop import Dispatcher
from headgate.core.events.model import NewEvent
from headgate.core.events.store import emit
from headgate.core.wake import Wake
from headgate.core.work.context import Surroundings
from headgate.core.work.worker import Bound, Place, Worker
from proof.by_hand import Hands
from proof.dags import hands_on
from proof.workers import until

_DAG = """
dag: d
datasets: {a: , b: }
sources: {in: {kind: http, dataset: a}}
jobs:
  job: {operator: proof.run, inputs: [a], outputs: [b], execution_strategy: PerPartition, memo: true}
"""


class Bench:
    """Runs tasks with a worker of the given code, one event after the other."""

    def __init__(self, database: Database, hands: Hands) -> None:
        self._database = database
        self._hands = hands
        self.runs: list[str | None] = []

    async def tell(
        self, *told: tuple[str, str | None], code: str = "v1", fail: bool = False
    ) -> None:
        """Emit events of (key, version) and wait until all is done."""
        wake = Wake(self._database, me="memo")

        async def run(ctx: TaskContext[Any]) -> None:
            self.runs.append(ctx.task.partition)
            if fail:
                raise RuntimeError("no")
            ctx.emit("b", key=ctx.task.partition)

        around = Surroundings(self._database, None, wake, utc_now, [].append)  # type: ignore[arg-type]
        worker = Worker(
            around=around,
            operators={"proof.run": Bound(Operator("run", run, __name__, ""), None, code)},
            places={"in_process": Place(4)},
            name="memo",
        )
        events = [
            NewEvent(dataset_id=self._hands.made.datasets["a"], key=key, version=version)
            for key, version in told
        ]
        await emit(self._hands.conn, org_id=1, events=events)
        await Dispatcher(self._database, wake).route()
        works = asyncio.create_task(worker.run())
        try:
            await until(self._idle)
        finally:
            works.cancel()
            await asyncio.gather(works, return_exceptions=True)

    async def _idle(self) -> bool:
        cursor = await self._hands.conn.execute(
            "select not exists (select from core.task_pending where not waiting)"
            " and not exists (select from core.task_lease) as idle"
        )
        row = await cursor.fetchone()
        return bool(row and row["idle"])

    async def outcomes(self) -> Sequence[int]:
        return [row["outcome"] for row in await self._hands.rows("task_history", "job")]


@pytest.fixture
async def bench(database: Database, conn: Any) -> Bench:
    return Bench(database, await hands_on(conn, _DAG))


async def test_equal_inputs_and_code_are_not_run_again(bench: Bench) -> None:
    await bench.tell(("x", "1"), ("y", "1"))
    await bench.tell(("x", "1"), ("y", "2"))
    await bench.tell(("x", "1"))

    assert sorted(bench.runs, key=str) == ["x", "y", "y"]
    assert sorted(await bench.outcomes()) == [0, 0, 0, 6, 6]


async def test_new_code_runs_everything_again(bench: Bench) -> None:
    await bench.tell(("x", "1"))
    await bench.tell(("x", "1"), code="v2")
    await bench.tell(("x", "1"), code="v2")

    assert bench.runs == ["x", "x"]


async def test_a_version_that_was_there_before_the_last_one_runs_again(bench: Bench) -> None:
    for version in ("1", "2", "1"):
        await bench.tell(("x", version))

    assert bench.runs == ["x", "x", "x"]


async def test_inputs_without_a_version_always_run(bench: Bench) -> None:
    await bench.tell(("x", None))
    await bench.tell(("x", None))
    await bench.tell(("y", "1"), code="")
    await bench.tell(("y", "1"), code="")

    assert bench.runs == ["x", "x", "y", "y"]


async def test_a_failure_is_not_remembered(bench: Bench, conn: Any) -> None:
    await bench.tell(("x", "1"), fail=True)
    await conn.execute("update core.task_pending set waiting = false")
    await bench.tell(("x", "1"))

    assert len(bench.runs) >= 2
    assert 6 not in await bench.outcomes()


async def test_a_skipped_task_tells_of_no_output(bench: Bench, conn: Any) -> None:
    await bench.tell(("x", "1"))
    await bench.tell(("x", "1"))

    cursor = await conn.execute(
        "select count(*) as told from core.event e join core.dataset d on d.id = e.dataset_id"
        " where d.name = 'b'"
    )
    row = await cursor.fetchone()
    assert row["told"] == 1
