"""The cursor of two snapshots: nothing lost, nothing twice, whatever the order of commits."""

import asyncio
import random
from collections import Counter

import pytest

from headgate.core.database import Connection, Database
from headgate.core.dispatch import store as dispatch
from headgate.core.events.model import NewEvent
from headgate.core.events.store import emit
from proof.connecting import Connect
from proof.deployment import Input, JobPlan, deploy
from proof.waiting import until_blocked
from proof.writers import Writer

_JOBS = [JobPlan("each", (Input("a"),)), JobPlan("all", (Input("a"),), strategy="Bulk")]


class NaiveReader:
    """What most queues do: remember the highest id seen. The negative control."""

    def __init__(self) -> None:
        self.seen: set[int] = set()

    async def read(self, conn: Connection, *, limit: int) -> None:
        cursor = await conn.execute(
            "select id from core.event where id > %s order by id limit %s",
            [max(self.seen, default=0), limit],
        )
        self.seen |= {row["id"] for row in await cursor.fetchall()}


async def _route(conn: Connection, *, limit: int) -> int:
    async with conn.transaction():
        await dispatch.lock_router(conn)
        return (await dispatch.route(conn, limit=limit)).events


async def _drain(conn: Connection, *, limit: int) -> None:
    empty = 0
    while empty < 2:  # the first empty batch may only close a window
        empty = 0 if await _route(conn, limit=limit) else empty + 1


async def _covered(conn: Connection, job: int) -> Counter[int]:
    """Return how often each event is covered; `n` has to agree with what the ranges say."""
    cursor = await conn.execute(
        "select evs, n from core.task_pending where job_id = %s order by id", [job]
    )
    covered: Counter[int] = Counter()
    for row in await cursor.fetchall():
        ids = [i for r in row["evs"] for i in range(r.lower, r.upper)]
        assert row["n"] == len(ids)
        covered.update(ids)
    return covered


@pytest.mark.parametrize("seed", range(4))
async def test_late_and_rolled_back_transactions_neither_lose_nor_double_an_event(
    seed: int, connect: Connect
) -> None:
    print("seed", seed)
    chance = random.Random(seed)
    control = await connect()
    made = await deploy(control, datasets={"a": "range"}, jobs=_JOBS)
    writers = [Writer(await connect(), made.datasets["a"]) for _ in range(5)]
    naive = NaiveReader()
    for _ in range(250):
        if chance.random() < 0.35:
            limit = chance.choice([1, 2, 3, 7, 1000])
            await _route(control, limit=limit)
            await naive.read(control, limit=limit)
        else:
            await chance.choice(writers).step(chance)
    for writer in writers:
        await writer.end(commit=True)
    await _drain(control, limit=3)
    await naive.read(control, limit=100_000)

    committed = [event for writer in writers for event in writer.committed]
    assert len(committed) > 100
    for job in made.jobs.values():
        assert await _covered(control, job) == Counter(committed)
    lost = set(committed) - naive.seen
    assert lost, "a naive cursor has to lose events in this schedule, or it proves nothing"
    print(f"a naive cursor lost {len(lost)} of {len(committed)}")


async def test_a_long_transaction_delays_only_its_own_events(connect: Connect) -> None:
    control = await connect()
    made = await deploy(control, datasets={"a": "range"}, jobs=_JOBS)
    slow, quick = [Writer(await connect(), made.datasets["a"]) for _ in range(2)]
    await slow.begin()
    await slow.emit((0, 1))
    for _ in range(50):
        await quick.begin()
        await quick.emit((1, 2))
        await quick.end(commit=True)
        assert await _route(control, limit=100) == 1
    await slow.end(commit=True)
    assert await _route(control, limit=100) == 1
    assert await _covered(control, made.jobs["each"]) == Counter(slow.committed + quick.committed)


async def test_a_router_that_waited_for_another_routes_only_what_is_left(connect: Connect) -> None:
    first, second, watcher = await connect(), await connect(), await connect()
    made = await deploy(watcher, datasets={"a": "range"}, jobs=_JOBS)
    ids = await emit(
        watcher,
        org_id=1,
        events=[NewEvent(dataset_id=made.datasets["a"], range=(n, n + 1)) for n in range(10)],
    )
    await first.execute("begin")
    await dispatch.lock_router(first)
    assert (await dispatch.route(first, limit=6)).events == 6
    behind = asyncio.create_task(_route(second, limit=6))
    await until_blocked(watcher, second, by=behind)
    await first.execute("commit")
    assert await behind == 4
    for job in made.jobs.values():
        assert await _covered(watcher, job) == Counter(ids)


async def test_routers_and_emitters_at_full_speed_lose_and_double_nothing(
    database: Database,
) -> None:
    seed = 7
    print("seed", seed)
    async with database.connection() as conn:
        made = await deploy(conn, datasets={"a": "range"}, jobs=_JOBS)
    committed: list[int] = []
    done = asyncio.Event()

    async def emitter(chance: random.Random) -> None:
        for _ in range(40):
            async with database.connection() as conn:
                writer = Writer(conn, made.datasets["a"])
                for _ in range(chance.randint(1, 3)):
                    await writer.step(chance)
                    await asyncio.sleep(chance.random() / 200)
                await writer.end(commit=chance.random() < 0.8)
                committed.extend(writer.committed)

    async def router(chance: random.Random) -> None:
        while not done.is_set():
            async with database.connection() as conn:
                await _route(conn, limit=chance.choice([2, 5, 50]))

    async with asyncio.TaskGroup() as group:
        routers = [group.create_task(router(random.Random(seed + n))) for n in range(2)]
        await asyncio.gather(*(emitter(random.Random(100 * seed + n)) for n in range(5)))
        done.set()
        await asyncio.gather(*routers)
    async with database.connection() as conn:
        await _drain(conn, limit=50)
        for job in made.jobs.values():
            assert await _covered(conn, job) == Counter(committed)
