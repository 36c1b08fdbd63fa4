"""Claims start where the last one ended, and leave nothing behind for long."""

import asyncio
from typing import Any

from headgate.core.app import TaskContext
from headgate.core.database import Connection, Database
from headgate.core.work import store as work
from headgate.core.work.heads import Heads
from headgate.core.work.model import Job, Lease, Outcome
from proof.by_hand import Hands
from proof.connecting import Connect
from proof.deployment import Input, JobPlan, deploy
from proof.test_plans import Prepared
from proof.workers import until, working

_JOB = JobPlan("job", (Input("a"),), operator="proof.run", backoff_ms=50, max_backoff_ms=50)


async def _hands(conn: Connection) -> Hands:
    return Hands(conn, await deploy(conn, datasets={"a": "range"}, jobs=[_JOB]))


async def _jobs(conn: Connection) -> dict[int, Job]:
    return {job.id: job for job in await work.jobs(conn)}


async def test_a_claim_begins_after_the_last_one_until_it_is_time_to_look_at_all(
    conn: Connection,
) -> None:
    hands = await _hands(conn)
    jobs, session, heads = await _jobs(conn), await hands.session(), Heads()
    (job,) = jobs
    await hands.emit("a", *((n, n + 1) for n in range(10)))
    await hands.route()

    async def claim(quota: int, now: float) -> list[Lease]:
        quotas = [(job, quota)]
        after = heads.after(now)
        leases = await work.claim(conn, quotas=quotas, session=session, after=after)
        heads.claimed(leases, quotas=quotas, jobs=jobs)
        return leases

    first, *_ = await claim(4, 1.0)
    assert heads.patience(1.0, most=9.0) == 9.0
    assert len(await claim(4, 1.1)) == 4
    assert heads.after(1.1) == {job: first.task_id + 7}
    await hands.end(first, Outcome.LOST)  # it comes back with its old id
    assert [x.task_id - first.task_id for x in await claim(4, 1.15)] == [8, 9]
    assert await claim(4, 1.18) == []
    assert 0 < heads.patience(1.18, most=9.0) < 0.1  # so somebody looks soon
    assert [x.task_id for x in await claim(4, 1.3)] == [first.task_id]
    assert await claim(4, 1.31) == []


async def test_a_retry_starts_soon_though_newer_tasks_were_claimed_meanwhile(
    database: Database, conn: Connection
) -> None:
    hands = await _hands(conn)
    retried = asyncio.Event()
    emitted = 0

    async def run(ctx: TaskContext[Any]) -> None:
        if ctx.task.ranges == [(0, 1)]:
            if ctx.task.attempt == 1:
                raise RuntimeError("once")
            retried.set()

    async with working(database, {"run": run}) as crew:
        while not retried.is_set() and emitted < 400:
            await hands.emit("a", (emitted, emitted + 1))
            emitted += 1
            crew.nudge()
            await asyncio.sleep(0.005)
        assert retried.is_set()

        async def done() -> bool:
            return crew.worker.counts["ok"] == emitted

        await until(done)


async def test_a_claim_does_not_walk_over_what_an_old_snapshot_keeps(connect: Connect) -> None:
    conn, old = await connect(), await connect()
    hands = await _hands(conn)
    session, job = await hands.session(), hands.made.jobs["job"]
    claim = Prepared(conn, work._SQL["claim"], "jobs", "quotas", "after", "session")
    await claim.make()
    await old.execute("begin isolation level repeatable read")
    await old.execute("select 1 from core.job")
    await hands.emit("a", *((n, n + 1) for n in range(5000)))
    await hands.route()
    leases = await hands.claim(session, "job", 5000)
    await hands.end(leases, Outcome.OK)
    last = max(lease.task_id for lease in leases)
    whole = await claim.pages(f"'{{{job}}}'", "'{50}'", "'{0}'", str(session))
    ahead = await claim.pages(f"'{{{job}}}'", "'{50}'", f"'{{{last}}}'", str(session))
    assert ahead < whole / 5
