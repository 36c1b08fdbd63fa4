"""Claims whose caller hangs up or whose server stops: nothing stays leased that nobody knows of."""

import asyncio

import pytest
from caller import Caller, app_over, order, places

from headgate.core.database import Database

CLAIM_LOCK = 1212498244


async def until_locked(database: Database) -> None:
    """Wait until a claim stands before the lock of its job."""
    while True:
        async with database.connection() as conn:
            cursor = await conn.execute(
                "select 1 from pg_locks where locktype = 'advisory' and not granted"
            )
            if await cursor.fetchone():
                return
        await asyncio.sleep(0.01)


async def test_a_poll_whose_caller_hangs_up_ends_and_takes_nothing(
    desk_database: Database, caller: Caller
) -> None:
    polling = asyncio.create_task(caller.claim())
    await asyncio.sleep(0.1)
    caller.hung_up.set()
    async with asyncio.timeout(5):
        await polling
    job = await order(desk_database, "errand.order")

    assert await places(desk_database) == [(job, "pending 0 0")]


@pytest.mark.parametrize("how", ["hangs up", "is cut off"])
async def test_what_is_claimed_for_nobody_is_given_back_at_no_cost(
    desk_database: Database, caller: Caller, how: str
) -> None:
    job = await order(desk_database, "errand.rare")
    async with desk_database.connection() as conn:
        await conn.execute("select pg_advisory_lock(%s, %s)", [CLAIM_LOCK, job])
        polling = asyncio.create_task(caller.claim())
        await until_locked(desk_database)
        if how == "hangs up":
            caller.hung_up.set()
        else:
            polling.cancel()
        await asyncio.sleep(0.05)
        assert not polling.done()
        await conn.execute("select pg_advisory_unlock(%s, %s)", [CLAIM_LOCK, job])
    async with asyncio.timeout(5):
        await asyncio.gather(polling, return_exceptions=True)

    assert polling.cancelled() == (how == "is cut off")
    assert await places(desk_database) == [(job, "pending 0 0")]


async def test_polls_end_when_the_server_stops_and_workers_hear_that_it_does(
    caller: Caller,
) -> None:
    beat = {"session": caller.opened["session"]}
    _, before = await caller.send("/heartbeat", beat)
    polling = asyncio.create_task(caller.claim())
    await asyncio.sleep(0.1)
    caller.app.state.stopping.set()
    async with asyncio.timeout(5):
        answer = await polling
    _, after = await caller.send("/heartbeat", beat)

    assert answer == (200, [])
    assert (before["drain"], after["drain"]) == (False, True)


async def test_any_server_with_the_secret_answers_and_no_other(
    desk_database: Database, caller: Caller
) -> None:
    await order(desk_database, "errand.order")
    second = Caller(app_over(desk_database), opened=caller.opened)
    stranger = Caller(app_over(desk_database, secret=b"t" * 32), opened=caller.opened)
    _, (task,) = await caller.claim()
    results = {"results": [{"token": task["token"], "outcome": "ok"}]}
    refused = await stranger.send("/complete", results)
    status, done = await second.send("/complete", results)

    assert (await stranger.claim())[0] == refused[0] == 403
    assert (await second.claim(wait_ms=0)) == (200, [])
    assert (status, done["results"][0]["became"]) == (200, "ok")


async def test_a_database_that_is_away_is_said_and_may_be_asked_again() -> None:
    away = Caller(app_over(Database("postgresql://127.0.0.1:1/nothing")))  # never opened
    status, problem = await away.send("/sessions", {"worker": "w", "operators": ["a.b"]})

    assert status == 503
    assert problem["retry"] is True
