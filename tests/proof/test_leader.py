"""Leadership: one dispatcher leads, another follows soon, and who was deposed changes nothing."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from headgate.core.database import Connection, Database
from headgate.core.dispatch import store as dispatch
from headgate.core.dispatch.leader import Leadership
from proof.by_hand import Hands
from proof.deployment import Input, JobPlan, deploy
from proof.workers import until


@contextlib.asynccontextmanager
async def _candidates(
    database: Database, count: int, *, term: float
) -> AsyncIterator[list[Leadership]]:
    running = [Leadership(database, name=f"d{n}", term=term) for n in range(count)]
    tasks = [asyncio.create_task(each.run()) for each in running]
    try:
        yield running
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _leader(candidates: list[Leadership]) -> Leadership:
    async def one() -> bool:
        return sum(each.epoch is not None for each in candidates) == 1

    await until(one)
    return next(each for each in candidates if each.epoch is not None)


async def test_one_leads_and_another_follows_when_its_connection_dies(
    database: Database, conn: Connection
) -> None:
    async with _candidates(database, 3, term=30) as candidates:
        first = await _leader(candidates)
        epoch = first.epoch or 0
        await conn.execute(
            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted"
        )

        async def follows() -> bool:
            return any(each.epoch is not None and each.epoch > epoch for each in candidates)

        await until(follows)


async def test_a_leader_that_does_not_renew_its_term_is_ended(
    database: Database, conn: Connection
) -> None:
    """As one that is stopped: it holds the lock, says nothing, and wakes up later."""
    async with database.own_connection() as stuck:
        assert await dispatch.try_to_lead(stuck)
        old = await dispatch.begin_term(stuck, leader="stuck", term=0.5)
        async with _candidates(database, 2, term=30) as candidates:
            leader = await _leader(candidates)

            assert (leader.epoch or 0) > old
            assert not await dispatch.renew_term(conn, epoch=old, term=30)


async def test_a_deposed_leader_routes_and_carves_nothing(conn: Connection) -> None:
    made = await deploy(
        conn,
        datasets={"a": "range"},
        jobs=[JobPlan("job", (Input("a"),), strategy="PerPartition", part_size=1)],
    )
    hands = Hands(conn, made)
    old = await dispatch.begin_term(conn, leader="old", term=30)
    now = await dispatch.begin_term(conn, leader="new", term=30)
    await hands.emit("a", (0, 1), (0, 10**6))

    assert (await dispatch.route_batch(conn, limit=10, epoch=old)).deposed
    assert await hands.rows("task_pending", "job") == []
    routed = await dispatch.route_batch(conn, limit=10, epoch=now)
    assert (routed.events, routed.backfill, routed.deposed) == (2, True, False)
    async with conn.transaction():
        await dispatch.lock_router(conn)
        assert await dispatch.carve(conn, epoch=old) == 0
        assert await dispatch.carve(conn, epoch=now) > 0
