"""Lists of jobs, and one job whole."""

from chain_flow import CHAIN, run

from headgate.core.database import Connection
from headgate.core.jobs.model import JobInput, JobSummary
from headgate.core.jobs.reading import job_detail, list_jobs
from headgate.core.work.model import Outcome
from proof.by_hand import Hands
from proof.dags import hands_on


async def listed(conn: Connection, **which: str) -> list[JobSummary]:
    return await list_jobs(conn, org_id=1, limit=100, **which)


async def test_jobs_are_listed_by_name_with_what_they_do(conn: Connection) -> None:
    hands = await hands_on(conn, CHAIN)
    session = await hands.session()
    await hands.emit("k", "a", "b", "c", "d")
    await hands.route()
    await run(hands, session, "keyed", Outcome.OK, Outcome.DEAD)
    await hands.claim(session, "keyed")
    await conn.execute("update core.job set paused = true where name = 'each'")

    jobs = {job.job: job for job in await listed(conn)}

    assert list(jobs) == ["d.all", "d.each", "d.keyed", "d.make_b", "d.window"]
    keyed = jobs["d.keyed"]
    assert (keyed.waiting, keyed.running, keyed.dead_letters) == (1, 1, 1)
    assert (keyed.state, keyed.strategy, keyed.operator) == ("running", "PerPartition", "proof.k")
    assert [mark.outcome for mark in keyed.recent] == ["succeeded", "dead"]
    assert (jobs["d.each"].state, jobs["d.each"].waiting) == ("paused", 4)
    assert (jobs["d.window"].state, jobs["d.window"].recent) == ("idle", [])
    assert jobs["d.window"].p50_seconds is None


async def test_a_list_of_jobs_goes_on_after_a_name_and_is_narrowed(conn: Connection) -> None:
    await hands_on(conn, CHAIN)

    assert [job.job for job in await listed(conn, after="d.each", words="E")] == [
        "d.keyed",
        "d.make_b",
    ]
    assert await listed(conn, dag="other") == []


async def test_the_last_thirty_attempts_come_newest_last(conn: Connection) -> None:
    hands = await hands_on(conn, CHAIN)
    await _attempts(hands, 150)

    (job,) = await listed(conn, words="d.keyed")

    assert [mark.seconds for mark in job.recent] == [float(n) for n in range(121, 151)]
    assert {mark.outcome for mark in job.recent} == {"succeeded", "retried"}
    # Of the last hundred, those that succeeded: the even ones from 52 to 150.
    assert (job.p50_seconds, job.p95_seconds) == (101.0, 145.1)


async def test_one_job_tells_all_that_the_dag_says(conn: Connection) -> None:
    await hands_on(
        conn,
        CHAIN + "  full: {operator: proof.f, inputs: [k], execution_strategy: PerPartition,"
        " rate: {limit: 6, per: 1m}, debounce: {quiet: 1s, max_wait: 5s}, max_hold: 2m,"
        " runtime: child_process, limits: {memory_mb: 64, cpu: 3s}, params: {x: [1]}, memo: true,"
        " fairness: {segments: 2}, scaling: {max_concurrency: 4}, priority: 5, timeout: 9s}\n",
    )

    spec = (await job_detail(conn, org_id=1, job="d.full")).spec
    assert (spec.rate_per_second, spec.debounce_quiet_seconds, spec.max_hold_seconds) == (
        0.1,
        1,
        120,
    )
    assert (spec.limits, spec.params) == ({"memory_mb": 64, "cpu_seconds": 3.0}, {"x": [1]})
    assert (spec.fair_segments, spec.max_concurrency, spec.timeout_seconds) == (2, 4, 9.0)
    window = await job_detail(conn, org_id=1, job="d.window")
    assert window.partitioning == "range"
    assert window.spec.inputs == [
        JobInput("b", "range", -2, 1, None, False, 10_000, None, None, None, 0.5)
    ]
    assert window.spec.outputs == ["c"]
    (schedule,) = (await job_detail(conn, org_id=1, job="d.all")).spec.schedules
    assert (schedule.source, schedule.cron, schedule.time_zone) == ("d.clock", "0 3 * * *", "UTC")
    assert (await job_detail(conn, org_id=1, job="d.make_b")).spec.failures == "bad"


async def test_one_job_tells_how_it_did_and_what_is_open(conn: Connection) -> None:
    hands = await hands_on(conn, CHAIN)
    await _attempts(hands, 1200)
    await hands.emit("a", (0, 50_000))
    await hands.route()
    await conn.execute(
        "insert into core.hold (job_id, reason) values (%s, 'backpressure:in_process')",
        [hands.made.jobs["make_b"]],
    )

    keyed = await job_detail(conn, org_id=1, job="d.keyed")
    assert (keyed.timing.attempts, keyed.timing.failed, keyed.timing.p50_seconds) == (
        1000,
        500,
        701,
    )
    assert len(keyed.series) == 50
    assert [part.attempts for part in keyed.series] == [20] * 50
    assert keyed.series[0].p50_seconds == 211.0
    assert keyed.series[0].until < keyed.series[1].since
    assert len(keyed.recent_tasks) == 20
    made = await job_detail(conn, org_id=1, job="d.make_b")
    assert (made.state, made.held) == ("held", True)
    assert [hold.code for hold in made.holds] == ["backpressure:in_process"]
    assert [one.remaining for one in made.backfills] == [50_000]
    assert (made.timing.attempts, made.timing.since, made.series) == (0, None, [])


async def _attempts(hands: Hands, count: int) -> None:
    """Have attempts that took 1, 2, 3, … seconds; each second one succeeded."""
    await hands.conn.execute(
        "insert into core.task_history (task_id, org_id, job_id, ckey, outcome, attempt, rngs, evs, n,"
        "                               created_at, leased_at, done_at)"
        " select nextval('core.task_id'), 1, %s, 'k' || i, i %% 2, 1, '{}', '{}', 1, at, at,"
        "        at + make_interval(secs => i)"
        "   from generate_series(1, %s) i cross join lateral ("
        "        select date_trunc('day', now()) + make_interval(secs => i) as at) t",
        [hands.made.jobs["keyed"], count],
    )
