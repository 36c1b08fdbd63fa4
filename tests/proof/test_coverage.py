"""What a task covers: exactly the events that made it, and what is told of them."""

from typing import Any

from headgate.core.app import TaskContext
from headgate.core.database import Connection, Database
from headgate.core.events.model import NewEvent
from headgate.core.events.store import emit
from headgate.core.work.model import Outcome
from proof.dags import hands_on
from proof.workers import until, working

_DAG = """
dag: d
datasets: {mine: , other: , gone: }
sources:
  one: {kind: http, dataset: mine}
  two: {kind: http, dataset: other}
jobs:
  all: {operator: proof.all, inputs: [mine], execution_strategy: Bulk, failures: gone,
        retry: {attempts: 1}}
  else: {operator: proof.else, inputs: [mine]}
"""


async def test_a_long_queue_of_events_in_turn_is_few_ranges(conn: Connection) -> None:
    hands = await hands_on(conn, _DAG)
    mine, other = hands.made.datasets["mine"], hands.made.datasets["other"]
    for _ in range(3):
        events = [NewEvent(mine if n % 3 == 0 else other, key=str(n)) for n in range(600)]
        await emit(conn, org_id=1, events=events)
        await hands.route()

    (row,) = await hands.rows("task_pending", "all")
    assert row["n"] == 600
    assert len(row["evs"]) <= 3


async def test_a_task_sees_the_events_of_its_inputs_alone(
    conn: Connection, database: Database
) -> None:
    hands = await hands_on(conn, _DAG)
    mine, other = hands.made.datasets["mine"], hands.made.datasets["other"]
    seen: list[str | None] = []

    async def run(ctx: TaskContext[Any]) -> None:
        seen.extend(event.key for event in ctx.events)

    async def ignore(_: TaskContext[Any]) -> None:
        pass

    events = [NewEvent(mine if n % 2 else other, key=str(n)) for n in range(20)]
    # One that goes to another job, as an edited replay does.
    events.insert(9, NewEvent(mine, key="theirs", only_job=hands.made.jobs["else"]))
    await emit(conn, org_id=1, events=events)
    async with working(database, {"all": run, "else": ignore}) as crew:
        crew.nudge()

        async def done() -> bool:
            return len(await hands.rows("task_history", "else")) == 11 and bool(seen)

        await until(done)
    assert seen == [str(n) for n in range(1, 20, 2)]


async def test_failures_tell_of_the_events_of_the_inputs_alone(conn: Connection) -> None:
    hands = await hands_on(conn, _DAG)
    mine, other = hands.made.datasets["mine"], hands.made.datasets["other"]
    events = [NewEvent(mine if n % 2 else other, key=str(n)) for n in range(10)]
    await emit(conn, org_id=1, events=events)
    await hands.route()
    (lease,) = await hands.claim(await hands.session(), "all")
    await hands.end(lease, Outcome.DEAD)

    assert [row["key"] for row in await hands.events("gone")] == ["1", "3", "5", "7", "9"]
