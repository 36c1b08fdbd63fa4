"""A dump restored into another server goes on where it was: each event routed once, whatever it was."""

import asyncio
import itertools
import os
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from foreign_numbers import burn_to, dump, next_xid, restored
from psycopg.rows import dict_row

from headgate.core.database import Connection, Database
from headgate.core.dispatch import store as dispatch
from headgate.core.migrate import migrate
from headgate.core.observe import store as observe
from headgate.core.retention.restored import mend_restored
from headgate.core.retention.store import from_elsewhere
from headgate.installed import migrations
from proof.by_hand import Hands
from proof.deployment import Deployment, Input, JobPlan, deploy

Restore = Callable[[str], str]
_numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class Dumped:
    """What the dump holds: all that was committed, and of it what the router had passed."""

    file: Path
    made: Deployment
    committed: set[int]
    routed: set[int]
    highest: int
    """A transaction id that the dumped server had not given out."""


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Connection]:
    async with await psycopg.AsyncConnection.connect(
        url, autocommit=True, row_factory=dict_row
    ) as conn:
        yield conn


async def covered(hands: Hands) -> Counter[int]:
    """How often tasks of the job that makes one of each event cover it."""
    return Counter(
        event
        for row in await hands.rows("task_pending", "each")
        for ids in row["evs"]
        for event in range(ids.lower, ids.upper)
    )


async def route_once(hands: Hands, limit: int) -> None:
    async with hands.conn.transaction():
        await dispatch.lock_router(hands.conn)
        await dispatch.route(hands.conn, limit=limit)


async def dump_of_busy_log(url: str, *, window: str, file: Path) -> Dumped:
    """Dump events of every kind: routed, waiting, late, rolled back, of an open transaction."""
    async with AsyncExitStack() as stack:
        conn, late, later, never = [
            await stack.enter_async_context(connected(url)) for _ in range(4)
        ]
        jobs = [JobPlan("each", (Input("a"),)), JobPlan("all", (Input("a"),), strategy="Bulk")]
        made = await deploy(conn, datasets={"a": "range"}, jobs=jobs)
        hands = Hands(conn, made)
        for other in (late, later, never):
            await other.execute("begin")
        committed = {*await Hands(late, made).emit("a", (0, 1), (1, 2))}
        committed |= {*await hands.emit("a", (2, 3), (3, 4))}
        await hands.route()
        committed |= {*await Hands(later, made).emit("a", (4, 5), (5, 6))}
        await Hands(never, made).emit("a", (6, 7))
        for n in range(6):
            committed |= {*await hands.emit("a", (n, n + 1))}
        await late.execute("commit")
        if window == "half walked":
            await route_once(hands, limit=3)
            await later.execute("commit")
        elif window == "closed":
            await hands.route()
            await later.execute("commit")
        else:
            await later.execute("commit")
            await hands.route()
        committed |= {*await hands.emit("a", (7, 8))} if window != "all routed" else set()
        await never.execute("rollback")
        await never.execute("begin")
        await Hands(never, made).emit("a", (8, 9))  # still open when the dump is made
        routed = await covered(hands)
        assert max(routed.values()) == 1
        await asyncio.to_thread(dump, url, file)
        await never.execute("rollback")
        return Dumped(file, made, committed, {*routed}, next_xid(url))


@pytest.fixture(params=["half walked", "closed", "all routed"])
def dumped(request: pytest.FixtureRequest, other_server: str, tmp_path: Path) -> Dumped:
    name = f"source_{next(_numbers)}"
    with psycopg.connect(other_server, autocommit=True) as conn:
        conn.execute(f"create database {name}")
    url = other_server.replace("/postgres?", f"/{name}?")
    asyncio.run(migrate(url, migrations()))
    made = asyncio.run(dump_of_busy_log(url, window=request.param, file=tmp_path / "dump"))
    waiting = {"half walked": 8, "closed": 3, "all routed": 0}[request.param]
    assert len(made.committed - made.routed) == waiting
    return made


@pytest.fixture
def restore(postgres_url: str) -> Iterator[Callable[[Dumped], str]]:
    """A function that restores a dump into this run's server and returns the URL."""
    with ExitStack() as stack:
        yield lambda dumped: stack.enter_context(
            restored(postgres_url, dumped.file, f"restored_{os.getpid()}_{next(_numbers)}")
        )


@pytest.fixture
def far_ahead(postgres_url: str, other_server: str) -> None:
    """The server of the dumps has given out many more transaction ids than the one to restore to."""
    burn_to(other_server, next_xid(postgres_url) + 3000)


async def drained(hands: Hands, *, and_emit: int) -> tuple[Counter[int], set[int]]:
    """Emit more, route everything by small batches, and return what is covered and what is new."""
    new: set[int] = set()
    for n in range(and_emit):
        new |= {*await hands.emit("a", (n, n + 1))}
        await route_once(hands, limit=2)
    await hands.route(limit=2)
    return await covered(hands), new


@pytest.mark.usefixtures("far_ahead")
async def test_in_a_server_that_is_behind_what_waited_is_routed_once_and_nothing_twice(
    dumped: Dumped, restore: Callable[[Dumped], str]
) -> None:
    url = restore(dumped)
    assert next_xid(url) < dumped.highest - 1000
    database = Database(url, size=4)
    await database.open()
    both = await asyncio.gather(mend_restored(database), mend_restored(database))
    (mended,) = [found for found in both if found]

    assert mended.unrouted == len(dumped.committed - dumped.routed)
    assert await mend_restored(database) is None
    async with connected(url) as conn:
        hands = Hands(conn, dumped.made)
        found, new = await drained(hands, and_emit=5)
        assert found == Counter(dumped.committed | new)
        # The server comes to the numbers that the old events had.
        burn_to(url, dumped.highest + 10)
        found, newer = await drained(hands, and_emit=3)
        assert found == Counter(dumped.committed | new | newer)
    await database.close()


@pytest.mark.parametrize("dumped", ["half walked", "closed"], indirect=True)
async def test_in_a_server_that_is_ahead_nothing_needs_mending(
    dumped: Dumped, restore: Callable[[Dumped], str], postgres_url: str
) -> None:
    burn_to(postgres_url, dumped.highest + 10)
    url = restore(dumped)
    database = Database(url, size=4)
    await database.open()

    assert await mend_restored(database) is None
    async with connected(url) as conn:
        found, new = await drained(Hands(conn, dumped.made), and_emit=5)
    assert found == Counter(dumped.committed | new)
    await database.close()


@pytest.mark.usefixtures("far_ahead")
@pytest.mark.parametrize("dumped", ["closed"], indirect=True)
async def test_a_log_that_is_not_mended_loses_or_doubles_events(
    dumped: Dumped, restore: Callable[[Dumped], str]
) -> None:
    url = restore(dumped)
    async with connected(url) as conn:
        assert await from_elsewhere(conn)
        found, new = await drained(Hands(conn, dumped.made), and_emit=5)
    assert found != Counter(dumped.committed | new)


@pytest.mark.usefixtures("far_ahead")
@pytest.mark.parametrize("dumped", ["closed"], indirect=True)
async def test_a_mended_log_is_dumped_and_restored_again(
    dumped: Dumped, restore: Callable[[Dumped], str], other_server: str, tmp_path: Path
) -> None:
    url = restore(dumped)
    database = Database(url, size=2)
    await database.open()
    await mend_restored(database)
    await database.close()
    async with connected(url) as conn:
        hands = Hands(conn, dumped.made)
        await route_once(hands, limit=1)  # leaves the window of the mended events half walked
        new = {*await hands.emit("a", (0, 1))}
    dump(url, tmp_path / "again")
    with restored(other_server, tmp_path / "again", f"again_{next(_numbers)}") as again:
        database = Database(again, size=2)
        await database.open()
        assert await mend_restored(database) is None
        async with connected(again) as conn:
            found, newer = await drained(Hands(conn, dumped.made), and_emit=2)
        assert found == Counter(dumped.committed | new | newer)
        await database.close()


@pytest.mark.usefixtures("far_ahead")
@pytest.mark.parametrize("dumped", ["closed"], indirect=True)
async def test_restored_changes_are_told_once_more_and_not_for_ever(
    dumped: Dumped, restore: Callable[[Dumped], str]
) -> None:
    url = restore(dumped)
    async with connected(url) as conn:
        before = await observe.snapshot(conn)
        await conn.execute(
            "insert into core.change (xid, org_id, topic, subject, data)"
            " values (%s::text::xid8, 1, 'task', '7', '{}')",
            [dumped.highest - 1],
        )
        database = Database(url, size=2)
        await database.open()
        await mend_restored(database)
        await database.close()

        async def told(since: str) -> list[str]:
            rows = await observe.changes(conn, org_id=1, topics=["task"], since=since, limit=100)
            return [row["subject"] for row in rows if row["topic"]]

        assert await told(before) == ["7"]
        assert await told(await observe.snapshot(conn)) == []


async def test_a_log_of_this_server_is_left_alone(database_url: str) -> None:
    database = Database(database_url, size=2)
    await database.open()
    assert await mend_restored(database) is None
    async with connected(database_url) as conn, connected(database_url) as late:
        made = await deploy(conn, datasets={"a": "range"}, jobs=[JobPlan("each", (Input("a"),))])
        await late.execute("begin")
        await Hands(late, made).emit("a", (0, 1))
        await Hands(conn, made).emit("a", (1, 2))
        await Hands(conn, made).route()
        assert await mend_restored(database) is None
        await late.execute("commit")
        assert await mend_restored(database) is None
    await database.close()
