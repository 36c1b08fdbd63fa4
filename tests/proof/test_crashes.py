"""Killed workers, sleeping workers, several of everything, and a Postgres that dies at work."""

import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from headgate.core.database import Connection, Database
from headgate.core.dispatch import store as dispatch
from headgate.core.errors import DatabaseUnavailable
from headgate.core.events.model import NewEvent
from headgate.core.events.store import emit
from headgate.core.migrate import migrate, migrations_of
from headgate.core.work.model import Outcome
from headgate.ports.postgres.embedded import EmbeddedPostgres
from proof.by_hand import Hands
from proof.deployment import Input, JobPlan, deploy
from proof.workers import EFFECTS, noting, until, working

_TESTS = Path(__file__).parents[1]
_JOB = JobPlan("job", (Input("a"),), operator="proof.run")


async def _hands(conn: Connection, job: JobPlan = _JOB) -> Hands:
    await dispatch.ensure_partitions(conn)
    await conn.execute(EFFECTS.encode())
    return Hands(conn, await deploy(conn, datasets={"a": "range"}, jobs=[job]))


@asynccontextmanager
async def _process(url: str, name: str, *options: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A worker process during the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "proof.worker_process",
        url,
        "--name",
        name,
        *options,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(_TESTS), *sys.path])},
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(20):
            assert await process.stdout.readline() == b"ready\n"
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def _stopped(process: asyncio.subprocess.Process) -> Counter[str]:
    """Stop a worker process in good order; return what it counted."""
    process.terminate()
    async with asyncio.timeout(20):
        printed, _ = await process.communicate()
    assert process.returncode == 0
    return Counter(json.loads(printed))


async def _effects(conn: Connection) -> list[tuple[int, int]]:
    cursor = await conn.execute("select event, token from effect order by 1, 2")
    return [(row["event"], row["token"]) for row in await cursor.fetchall()]


async def _leased(hands: Hands) -> int:
    return len(await hands.rows("task_lease", "job"))


async def _history(hands: Hands) -> Counter[Outcome]:
    return Counter(Outcome(row["outcome"]) for row in await hands.rows("task_history", "job"))


async def test_the_tasks_of_a_killed_worker_are_taken_over_after_its_lease(
    database: Database, conn: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, logger="headgate")
    hands = await _hands(conn)
    async with _process(database.url, "victim", "--seconds", "60", "--lease", "0.8") as victim:
        await hands.emit("a", *((n, n + 1) for n in range(5)))
        await hands.route()
        await until(lambda: _all_leased(hands, 5))
        victim.send_signal(signal.SIGKILL)
        async with working(database, {"run": noting("heir")}):
            await until(lambda: _all_there(conn, 5))
    assert [event for event, _ in await _effects(conn)] == list(range(5))
    assert await _history(hands) == {Outcome.LOST: 5, Outcome.OK: 5}


async def _all_leased(hands: Hands, count: int) -> bool:
    return await _leased(hands) == count


async def _all_there(conn: Connection, count: int) -> bool:
    return len(await _effects(conn)) >= count


async def test_a_worker_that_wakes_after_its_lease_changes_nothing(
    database: Database, conn: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, logger="headgate")
    hands = await _hands(conn)
    async with _process(database.url, "sleeper", "--seconds", "1", "--lease", "0.6") as sleeper:
        await hands.emit("a", *((n, n + 1) for n in range(5)))
        await hands.route()
        await until(lambda: _all_leased(hands, 5))
        sleeper.send_signal(signal.SIGSTOP)
        async with working(database, {"run": noting("heir")}):
            await until(lambda: _all_there(conn, 5))
        before = await _effects(conn), await hands.picture()
        sleeper.send_signal(signal.SIGCONT)
        counts = await _stopped(sleeper)  # it drains: it runs its five to the end
    assert counts == {"stale": 5}
    assert (await _effects(conn), await hands.picture()) == before
    assert [event for event, _ in before[0]] == list(range(5))


async def test_two_dispatchers_and_two_workers_share_the_work(
    database: Database, conn: Connection
) -> None:
    hands = await _hands(conn)
    options = ["--dispatch", "--slots", "20", "--lease", "15", "--seconds", "0.005"]
    async with (
        _process(database.url, "one", *options) as one,
        _process(database.url, "two", *options) as two,
    ):
        for start in range(0, 1000, 100):
            await hands.emit("a", *((n, n + 1) for n in range(start, start + 100)))
            await conn.execute("select pg_notify('headgate', 'emitted test')")
            await asyncio.sleep(0.01)
        await until(lambda: _all_there(conn, 1000), seconds=20)
        counts = await _stopped(one), await _stopped(two)
    assert [event for event, _ in await _effects(conn)] == list(range(1000))
    assert counts[0]["ok"] + counts[1]["ok"] == 1000
    assert min(counts[0]["ok"], counts[1]["ok"]) > 100
    assert await _history(hands) == {Outcome.OK: 1000}


async def test_two_workers_coalesce_for_the_same_keys_without_overlap(
    database: Database, conn: Connection
) -> None:
    plan = JobPlan("job", (Input("a"),), strategy="PerPartition", part_size=50,
                   operator="proof.run", max_concurrency=3)  # fmt: skip
    hands = await _hands(conn, plan)
    options = ["--dispatch", "--seconds", "0.01"]
    async with (
        _process(database.url, "one", *options) as one,
        _process(database.url, "two", *options) as two,
    ):
        for n in range(400):
            await hands.emit("a", (n, n + 1))
            if n % 20 == 0:
                await conn.execute("select pg_notify('headgate', 'emitted test')")
            cursor = await conn.execute("select count(*) as held from core.task_lease")
            row = await cursor.fetchone()
            assert row is not None
            assert row["held"] <= 3
        await until(lambda: _all_there(conn, 400), seconds=20)
        await _stopped(one)
        await _stopped(two)
    assert [event for event, _ in await _effects(conn)] == list(range(400))
    cursor = await conn.execute(
        "select count(*) as overlaps from core.task_history a join core.task_history b"
        " on a.ckey = b.ckey and a.token < b.token and b.leased_at < a.done_at"
    )
    assert await cursor.fetchone() == {"overlaps": 0}


@pytest.fixture
def own_postgres(folder: Path) -> Iterator[EmbeddedPostgres]:
    """A server of this test's own, to be crashed."""
    server = EmbeddedPostgres(folder / "data", log=folder / "postgres.log")
    yield server
    server.stop()


def _crash(server: EmbeddedPostgres) -> None:
    """Do what `pg_ctl stop -m immediate` does: no checkpoint, no good-bye."""
    postmaster = int((server._data / "postmaster.pid").read_text().split("\n")[0])
    os.kill(postmaster, signal.SIGQUIT)
    with contextlib.suppress(ProcessLookupError):
        while True:
            os.kill(postmaster, 0)
            time.sleep(0.01)


def _start(server: EmbeddedPostgres, *, after: float) -> None:
    time.sleep(after)
    server.start()


async def test_a_postgres_that_crashes_at_work_loses_and_doubles_nothing(
    own_postgres: EmbeddedPostgres, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    url = await asyncio.to_thread(own_postgres.start)
    await migrate(url, migrations_of("core", "headgate.core"))
    database = Database(url)
    await database.open()
    async with database.connection() as conn:
        dataset = (await _hands(conn)).made.datasets["a"]
    # In the second outage sessions run out: whoever comes back first must not reap them.
    total, outages = 400, {100: 0.0, 250: 2.0}

    async def told(number: int) -> None:
        """Emit until it is certain: the answer to a commit may be lost, the commit not."""
        event = NewEvent(dataset, range=(number, number + 1), idem_key=str(number))
        while True:
            with contextlib.suppress(DatabaseUnavailable):
                async with database.connection() as conn:
                    await emit(conn, org_id=1, events=[event], scope="x")
                return
            await asyncio.sleep(0.05)

    async def effects() -> list[tuple[int, int]]:
        with contextlib.suppress(DatabaseUnavailable):
            async with database.connection() as conn:
                return await _effects(conn)
        return []

    async def finished() -> bool:
        return len(await effects()) >= total

    async with working(database, {"run": noting("only")}, lease_seconds=2.0) as crew:
        for number in range(total):
            if number in outages:
                await asyncio.to_thread(_crash, own_postgres)
                restart = asyncio.create_task(
                    asyncio.to_thread(_start, own_postgres, after=outages[number])
                )
            await told(number)
            crew.nudge()
            if number in outages:
                await restart
        await until(finished, seconds=30)
        assert not crew.works.done()
    assert [event for event, _ in await effects()] == list(range(total))
    async with database.connection() as conn:
        cursor = await conn.execute(
            "select outcome, count(*) as n from core.task_history group by 1"
        )
        outcomes = {Outcome(row["outcome"]): row["n"] for row in await cursor.fetchall()}
    assert outcomes == {Outcome.OK: total}, "an outage costs no attempt, and no lease"
    await database.close()
