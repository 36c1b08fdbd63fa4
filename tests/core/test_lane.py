"""A lane: one connection that is never handed on in a doubtful state."""

import asyncio

import pytest

from headgate.core.database import Connection, Database
from headgate.core.errors import DatabaseUnavailable
from headgate.core.lane import Lane


async def _backend(lane: Lane) -> int:
    async with lane.connection() as conn:
        return conn.info.backend_pid


async def test_it_is_the_same_connection_each_time(database: Database) -> None:
    lane = Lane(database)
    assert await _backend(lane) == await _backend(lane)
    await lane.close()


async def test_one_user_at_a_time_has_it(database: Database) -> None:
    lane = Lane(database)
    inside = most = 0

    async def use() -> None:
        nonlocal inside, most
        async with lane.connection() as conn:
            inside += 1
            most = max(most, inside)
            await conn.execute("select pg_sleep(0.01)")
            inside -= 1

    await asyncio.gather(*(use() for _ in range(5)))
    await lane.close()
    assert most == 1


async def test_a_connection_that_was_ended_is_replaced(
    database: Database, conn: Connection
) -> None:
    lane = Lane(database)
    before = await _backend(lane)
    await conn.execute("select pg_terminate_backend(%s)", [before])
    with pytest.raises(DatabaseUnavailable):
        async with lane.connection() as ended:
            await ended.execute("select 1")
    assert await _backend(lane) != before
    await lane.close()


async def test_who_is_cancelled_leaves_no_open_transaction_behind(database: Database) -> None:
    lane = Lane(database)

    async def stuck() -> None:
        async with lane.connection() as conn, conn.pipeline():
            await conn.execute("begin")
            await conn.execute("select pg_sleep(60)")
            await conn.execute("commit")

    task = asyncio.create_task(stuck())
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with lane.connection() as conn:
        assert (await (await conn.execute("select 1 as one")).fetchone()) == {"one": 1}
    await lane.close()
