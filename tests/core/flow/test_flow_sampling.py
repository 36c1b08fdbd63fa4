"""A sample tells of each job with anything to tell, once, and reads little of what there is."""

import asyncio
import contextlib

from flow_pages import Watched
from flow_samples import CHAIN, let_pass, samples

from headgate.core.database import Connection, Database
from headgate.core.dispatch import store as dispatch
from headgate.core.dispatch.loop import Dispatcher
from headgate.core.flow import store
from headgate.core.flow.sampling import Sampler
from headgate.core.wake import Wake
from headgate.core.work.model import Outcome
from proof.by_hand import Hands
from proof.dags import hands_on


async def _sample(hands: Hands) -> None:
    await store.sample(hands.conn, since=None, settle=0)


async def test_a_sample_counts_what_waits_runs_and_has_ended(conn: Connection) -> None:
    hands = await hands_on(conn, CHAIN)
    session = await hands.session()
    await hands.emit("a", *((n, n + 10) for n in range(0, 80, 10)))
    await hands.route()
    done, dead, retried, _ = await hands.claim(session, "first", 4)
    await hands.end(done, Outcome.OK)
    await hands.end(dead, Outcome.DEAD)
    await hands.end(retried, Outcome.RETRY, delay_ms=60_000)
    await _sample(hands)

    org, job = await samples(conn)
    assert (org["job_id"], job["job_id"]) == (0, hands.made.jobs["first"])
    for row in (org, job):
        assert (row["waiting"], row["delayed"], row["running"], row["units"]) == (5, 1, 1, 50)
        assert (row["succeeded"], row["failed"], row["dead"]) == (1, 1, 1)
        assert (row["jobs"], row["held"]) == (1, 0)
        assert 0 <= row["oldest_seconds"] < 60


async def test_what_has_ended_is_counted_once_whoever_samples(conn: Connection) -> None:
    hands = await hands_on(conn, CHAIN)
    session = await hands.session()
    await hands.emit("a", (0, 1), (1, 2), (2, 3))
    await hands.route()
    await hands.end(await hands.claim(session, "first", 2), Outcome.OK)
    await _sample(hands)
    await _sample(hands)

    assert [row["succeeded"] for row in await samples(conn) if row["job_id"]] == [2, 0]


async def test_an_idle_system_writes_nothing(conn: Connection) -> None:
    hands = await hands_on(conn, CHAIN)
    await _sample(hands)
    assert await samples(conn) == []

    session = await hands.session()
    await hands.emit("a", (0, 1))
    await hands.route()
    await hands.end(await hands.claim(session, "first"), Outcome.OK)
    await _sample(hands)
    await _sample(hands)
    assert len(await samples(conn)) == 2


async def test_a_sampler_goes_on_from_its_last_sample_also_when_that_wrote_nothing(
    conn: Connection, database: Database
) -> None:
    hands = await hands_on(conn, CHAIN)
    sampler = Sampler(database)
    await sampler.sample()
    session = await hands.session()
    await hands.emit("a", (0, 1), (1, 2))
    await hands.route()
    await hands.end(await hands.claim(session, "first"), Outcome.OK)
    await let_pass(conn, 3600)
    await sampler.sample()

    _, job = await samples(conn)
    assert (job["waiting"], job["succeeded"]) == (1, 0)
    assert job["seconds"] < 60


async def test_held_jobs_are_told_with_the_reason(conn: Connection) -> None:
    hands = await hands_on(conn, CHAIN)
    await conn.execute(
        "insert into core.hold (job_id, reason) values (%s, 'backpressure:b')",
        [hands.made.jobs["first"]],
    )
    await _sample(hands)

    org, job = await samples(conn)
    assert (job["held"], job["reasons"]) == (1, ["backpressure:b"])
    assert (org["held"], org["jobs"], org["reasons"]) == (1, 1, None)


async def test_a_sample_reads_only_the_end_of_a_long_history(conn: Connection) -> None:
    await dispatch.ensure_partitions(conn)
    hands = await hands_on(conn, CHAIN)
    await conn.execute(
        "insert into core.task_history (task_id, org_id, job_id, ckey, outcome, attempt, rngs, evs, n,"
        "                               created_at, leased_at, done_at)"
        " select i, 1, %s, 'u' || i, 0, 1, '{[1,2)}', '{[1,2)}', 1, x, x, x"
        "   from generate_series(1, 60000) i"
        "  cross join lateral (select now() - interval '1 second' * (60000 - i) as x) t",
        [hands.made.jobs["first"]],
    )
    await conn.execute("vacuum analyze core.task_history")
    watched = Watched(conn)
    for _ in range(2):
        await store.sample(watched.connection, since=None, settle=0)

    (row,) = await (
        await conn.execute(
            "select sum(pg_relation_size(inhrelid)) / 8192 as pages from pg_inherits"
            " where inhparent = 'core.task_history'::regclass"
        )
    ).fetchall()
    assert row["pages"] > 800
    assert 0 < max(watched.pages.values()) < 250
    assert 0 < sum(row["succeeded"] for row in await samples(conn) if row["job_id"]) < 100


async def test_the_day_of_a_sample_is_made_ahead(conn: Connection) -> None:
    hands = await hands_on(conn, CHAIN)
    await hands.emit("a", (0, 1))
    await hands.route()
    await _sample(hands)
    await dispatch.ensure_partitions(conn)
    await _sample(hands)

    cursor = await conn.execute("select distinct tableoid::regclass::text as day from core.sample")
    (row,) = await cursor.fetchall()
    assert row["day"].startswith("core.sample_2")


async def test_the_dispatcher_that_leads_takes_samples(
    conn: Connection, database: Database
) -> None:
    hands = await hands_on(conn, CHAIN)
    await hands.emit("a", (0, 1))
    await hands.route()
    running = asyncio.create_task(Dispatcher(database, Wake(database, me="test")).run())
    async with asyncio.timeout(20):
        while not await samples(conn):
            await asyncio.sleep(0.05)
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running

    assert [row["waiting"] for row in await samples(conn)] == [1, 1]
