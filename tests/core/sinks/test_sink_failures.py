"""Each sink fails alone, and whatever dies on the way, each row is in its table once."""

import asyncio
import logging
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from sink_crew import at_work, drain, put, redrive, route, rows, some, tell

from headgate.core.database import Connection, Database
from headgate.core.sinks import app
from headgate.core.work import store as work
from headgate.core.work.model import Outcome, Result
from proof.connecting import Connect
from proof.workers import until

_HERE = Path(__file__).parent
_LEFT = 'select n from data."d.left" order by n'
_RIGHT = 'select n from data."d.right" order by n'
(_SINK,) = app.operators


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, logger="headgate")


async def feed(conn: Connection, first: int, count: int) -> None:
    """Give both datasets rows with the numbers from `first`."""
    for n in range(first, first + count):
        await tell(conn, "d.left", {"range": (n, n + 1), "payload": some(n)})
        await tell(conn, "d.right", {"key": str(n), "payload": some(n)})


async def test_a_broken_sink_leaves_the_other_alone_and_a_redrive_brings_every_row(
    database: Database, conn: Connection
) -> None:
    await put(conn)
    await conn.execute('drop table data."d.left"')
    async with at_work(database) as crew:
        for first in (0, 3):
            await feed(conn, first, 3)
            await crew.idle()
    assert await rows(conn, _RIGHT) == [0, 1, 2, 3, 4, 5]
    letters = await rows(
        conn,
        "select j.name, q.attempts, error->>'code' from core.dead_letter q join core.job j on j.id = job_id",
    )
    assert letters == [("sink-d-left", 5, "table_unfit")] * 2

    done = await put(conn)
    await redrive(conn)
    await drain(database)

    assert not done.changed
    assert await rows(conn, _LEFT) == [0, 1, 2, 3, 4, 5]
    assert await rows(conn, _RIGHT) == [0, 1, 2, 3, 4, 5]


async def test_a_locked_table_holds_up_its_own_sink_only(
    database: Database, connect: Connect
) -> None:
    conn, locker = await connect(), await connect()
    await put(conn)
    async with at_work(database) as crew:
        async with locker.transaction():
            await locker.execute('lock table data."d.left"')
            await feed(conn, 0, 2)
            crew.nudge()
            await until(lambda: _equal(conn, _RIGHT, [0, 1]))
        await crew.idle()
    assert await rows(conn, _LEFT) == [0, 1]


async def test_a_killed_worker_leaves_no_row_and_the_next_one_writes_each_once(
    database: Database, connect: Connect
) -> None:
    conn, locker = await connect(), await connect()
    await put(conn)
    async with locker.transaction():
        await locker.execute('lock table data."d.left"')
        victim = await _process(database.url)
        try:
            await feed(conn, 0, 3)
            await route(conn)
            await until(lambda: _blocked(conn))
            victim.send_signal(signal.SIGKILL)
            await victim.wait()
        finally:
            if victim.returncode is None:
                victim.kill()
                await victim.wait()
    await drain(database)
    assert await rows(conn, _LEFT) == [0, 1, 2]
    assert await rows(conn, _RIGHT) == [0, 1, 2]


async def test_an_attempt_that_lost_its_lease_writes_nothing(
    database: Database, conn: Connection
) -> None:
    await put(conn)
    started, go_on = asyncio.Event(), asyncio.Event()

    async def run(ctx: Any) -> None:
        first = not started.is_set()
        started.set()
        await _SINK.run(ctx)
        if first:
            await go_on.wait()

    async with at_work(database, run=run) as crew:
        await tell(conn, "d.left", {"range": (0, 9), "payload": some(1, 2)})
        crew.nudge()
        await started.wait()
        ((task, token),) = await rows(conn, "select task_id, token from core.task_lease")
        assert await work.complete(conn, results=[Result(task, token, Outcome.LOST)])
        crew.wake.signal("routed")
        await until(lambda: _equal(conn, _LEFT, [1, 2]))
        go_on.set()
        await until(lambda: _counted(crew.worker.counts["stale"]))
    assert await rows(conn, _LEFT) == [1, 2]


async def test_a_connection_that_dies_in_the_writing_costs_nothing(
    database: Database, connect: Connect
) -> None:
    conn, locker = await connect(), await connect()
    await put(conn)
    async with at_work(database) as crew:
        async with locker.transaction():
            await locker.execute('lock table data."d.left"')
            await feed(conn, 0, 2)
            crew.nudge()
            await until(lambda: _blocked(conn))
            await conn.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and wait_event_type = 'Lock'"
            )
        await crew.idle()
    assert await rows(conn, _LEFT) == [0, 1]
    assert await rows(conn, "select distinct attempt, outcome from core.task_history") == [(1, 0)]


async def _process(url: str) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "sinking_process",
        url,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(_HERE), *sys.path])},
    )
    assert process.stdout is not None
    async with asyncio.timeout(20):
        assert await process.stdout.readline() == b"ready\n"
    return process


async def _blocked(conn: Connection) -> bool:
    """Whether a sink waits for the lock on its table."""
    found = await rows(
        conn,
        "select count(*) from pg_stat_activity where datname = current_database()"
        " and wait_event_type = 'Lock' and query like '%insert into \"data\"%'",
    )
    return found != [0]


async def _equal(conn: Connection, query: str, wanted: list[Any]) -> bool:
    return await rows(conn, query) == wanted


async def _counted(count: int) -> int:
    return count
