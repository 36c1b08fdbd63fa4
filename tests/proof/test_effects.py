"""What an operator writes and emits takes effect with its completion, once, or not at all."""

import asyncio
import random
from typing import Any

import psycopg
import pytest

from headgate.core.app import TaskContext
from headgate.core.database import Connection, Database
from headgate.core.events.model import NewEvent
from headgate.core.events.store import emit
from headgate.core.work import store as work
from headgate.core.work.model import Outcome, Result
from proof.by_hand import Hands
from proof.connecting import Connect
from proof.deployment import Input, JobPlan, deploy
from proof.workers import Run, until, working

_OUT = "d0.out"
_DATASETS = {"a": "range", "out": "key", "failed": "key"}


async def _hands(conn: Connection, **plan: object) -> Hands:
    await conn.execute("create table effect (task_id bigint, attempt int)")
    job = JobPlan("job", (Input("a"),), outputs=("out",), failures="failed", operator="proof.run",
                  **plan)  # type: ignore[arg-type]  # fmt: skip
    return Hands(conn, await deploy(conn, datasets=_DATASETS, jobs=[job]))


async def _note(conn: Connection, *, task: int, attempt: int) -> None:
    await conn.execute("insert into effect values (%s, %s)", [task, attempt])


async def _effects(conn: Connection) -> list[tuple[int, int]]:
    cursor = await conn.execute("select task_id, attempt from effect order by 1, 2")
    return [(row["task_id"], row["attempt"]) for row in await cursor.fetchall()]


async def _outcomes(hands: Hands) -> list[Outcome]:
    rows = sorted(await hands.rows("task_history", "job"), key=lambda row: row["done_at"])
    return [Outcome(row["outcome"]) for row in rows]


async def test_a_write_that_raises_undoes_the_completion_the_events_and_the_other_writes(
    database: Database, conn: Connection
) -> None:
    hands = await _hands(conn)

    async def refuse(conn: Connection, *, attempt: int) -> None:
        if attempt == 1:
            await conn.execute("insert into effect values (1 / 0, 0)")

    async def run(ctx: TaskContext[Any]) -> None:
        ctx.emit(_OUT, key=f"attempt {ctx.task.attempt}")
        ctx.write(_note, task=ctx.task.id, attempt=ctx.task.attempt)
        ctx.write(refuse, attempt=ctx.task.attempt)

    async with working(database, {"run": run}) as crew:
        await hands.emit("a", (0, 1))
        crew.nudge()
        await until(lambda: _effects(conn))
    assert await _outcomes(hands) == [Outcome.RETRY, Outcome.OK]
    assert [attempt for _, attempt in await _effects(conn)] == [2]
    assert [row["key"] for row in await hands.events("out")] == ["attempt 2"]


async def test_an_attempt_that_lost_its_lease_writes_and_emits_nothing(
    database: Database, conn: Connection
) -> None:
    hands = await _hands(conn)
    started, go_on = asyncio.Event(), asyncio.Event()

    async def run(ctx: TaskContext[Any]) -> None:
        first = not started.is_set()
        started.set()
        if first:
            await go_on.wait()
        ctx.emit(_OUT, key="first" if first else "second")
        ctx.write(_note, task=ctx.task.id, attempt=1 if first else 2)

    async with working(database, {"run": run}) as crew:
        await hands.emit("a", (0, 1))
        crew.nudge()
        await started.wait()
        (lease,) = await hands.rows("task_lease", "job")
        taken = [Result(lease["task_id"], lease["token"], Outcome.LOST)]
        assert await work.complete(conn, results=taken)
        crew.wake.signal("routed")
        await until(lambda: _effects(conn))
        go_on.set()
        await until(lambda: _counted(crew.worker.counts["stale"]))
    assert [attempt for _, attempt in await _effects(conn)] == [2]
    assert [row["key"] for row in await hands.events("out")] == ["second"]
    assert await _outcomes(hands) == [Outcome.LOST, Outcome.OK]


async def _counted(count: int) -> int:
    return count


async def test_emitting_in_mid_task_again_in_a_retry_adds_nothing(
    database: Database, conn: Connection
) -> None:
    hands = await _hands(conn)

    async def run(ctx: TaskContext[Any]) -> None:
        for step in range(3):
            if ctx.task.attempt == 1 and step == 2:
                raise RuntimeError("after two")
            await ctx.emit_now(_OUT, key=f"step {step}")
        ctx.emit(_OUT, key="end")

    async with working(database, {"run": run}) as crew:
        await hands.emit("a", (0, 1))
        crew.nudge()
        await until(lambda: _ended(hands))
    assert await _outcomes(hands) == [Outcome.RETRY, Outcome.OK]
    keys = [row["key"] for row in await hands.events("out")]
    assert keys == ["step 0", "step 1", "step 2", "end"]


async def test_a_retry_that_covers_more_events_can_tell_of_them(
    database: Database, conn: Connection
) -> None:
    hands = await _hands(conn, strategy="Bulk", backoff_ms=200, max_backoff_ms=200)
    tried = asyncio.Event()

    async def run(ctx: TaskContext[Any]) -> None:
        (low, high), *_ = ctx.task.ranges
        await ctx.emit_now(_OUT, key=f"{low} to {high}")
        if ctx.task.attempt == 1:
            tried.set()
            raise RuntimeError("the first attempt fails")

    async with working(database, {"run": run}) as crew:
        await hands.emit("a", (0, 1))
        crew.nudge()
        await tried.wait()
        await hands.emit("a", (1, 2))
        crew.nudge()
        await until(lambda: _ended(hands))
    assert [row["key"] for row in await hands.events("out")] == ["0 to 1", "0 to 2"]


async def _ended(hands: Hands) -> bool:
    return Outcome.OK in await _outcomes(hands)


async def test_of_many_emits_at_once_with_the_same_keys_each_key_counts_once(
    connect: Connect,
) -> None:
    hands = await _hands(await connect())
    dataset, seed = hands.made.datasets["a"], 13
    print("seed", seed)

    async def tell(chance: random.Random) -> list[int]:
        conn = await connect()
        keys = [f"key {n}" for n in range(20)]
        made = []
        for _ in range(5):
            chance.shuffle(keys)
            events = [NewEvent(dataset, range=(0, 1), idem_key=key) for key in keys[:9]]
            try:
                async with conn.transaction():
                    new = await emit(conn, org_id=1, events=events, scope="x")
                    await asyncio.sleep(chance.random() / 200)
                    if chance.random() < 0.3:
                        raise InterruptedError
            except InterruptedError:
                continue
            made += new
        return made

    told = await asyncio.gather(*(tell(random.Random(seed + n)) for n in range(6)))
    ids = sorted(event for events in told for event in events)
    assert ids == [row["id"] for row in await hands.events("a")]
    cursor = await hands.conn.execute("select event_id from core.event_key order by 1")
    assert ids == [row["event_id"] for row in await cursor.fetchall()]
    assert 9 <= len(ids) <= 20


async def test_a_key_given_twice_in_one_emit_counts_once(conn: Connection) -> None:
    hands = await _hands(conn)
    twice = [NewEvent(hands.made.datasets["a"], range=(n, n + 1), idem_key="k") for n in range(2)]
    (kept,) = await emit(conn, org_id=1, events=twice, scope="x")
    assert await emit(conn, org_id=1, events=twice, scope="x") == []
    (other,) = await emit(conn, org_id=1, events=twice, scope="y")
    assert [row["id"] for row in await hands.events("a")] == [kept, other]


async def test_the_rows_that_an_operator_reads_cannot_be_changed_by_reading(
    database: Database, conn: Connection
) -> None:
    hands = await _hands(conn)
    caught: list[BaseException] = []

    async def run(ctx: TaskContext[Any]) -> None:
        try:
            await ctx.read(_note, task=1, attempt=1)
        except psycopg.errors.ReadOnlySqlTransaction as error:
            caught.append(error)

    async with working(database, {"run": run}) as crew:
        await hands.emit("a", (0, 1))
        crew.nudge()
        await until(lambda: _ended(hands))
    assert len(caught) == 1
    assert await _effects(conn) == []


@pytest.mark.parametrize("with_writes", [False, True])
async def test_events_exist_exactly_for_the_attempts_that_were_accepted(
    database: Database,
    conn: Connection,
    with_writes: bool,
) -> None:
    hands = await _hands(conn, max_attempts=99)
    chance = random.Random(17)
    left = {"all": 60}

    async def run(ctx: TaskContext[Any]) -> None:
        ctx.emit(_OUT, key=str(ctx.task.token))
        if with_writes:
            ctx.write(_note, task=ctx.task.id, attempt=ctx.task.attempt)
        await asyncio.sleep(chance.random() / 50)
        if chance.random() < 0.4:
            raise RuntimeError("now and then")

    operators: dict[str, Run] = {"run": run}
    async with working(database, operators) as crew:
        await hands.emit("a", *((n, n + 1) for n in range(left["all"])))
        crew.nudge()
        for _ in range(8):  # take leases away in mid-work
            await asyncio.sleep(0.02)
            held = await hands.rows("task_lease", "job")
            taken = [Result(r["task_id"], r["token"], Outcome.SNOOZED) for r in held[::3]]
            await work.complete(conn, results=taken)
        await until(lambda: _all_done(hands, left["all"]))
    accepted = {
        str(row["token"]) for row in await hands.rows("task_history", "job") if row["outcome"] == 0
    }
    keys = [row["key"] for row in await hands.events("out")]
    assert sorted(keys) == sorted(accepted)
    assert len(accepted) == left["all"]
    if with_writes:
        assert len({task for task, _ in await _effects(conn)}) == left["all"]
        assert len(await _effects(conn)) == left["all"]


async def _all_done(hands: Hands, count: int) -> bool:
    return (await _outcomes(hands)).count(Outcome.OK) == count
