"""Why a pending task does not run: each reason by itself, and several at once."""

from datetime import UTC, datetime, timedelta

from explained import DIAMOND, invalidate, make, one_job, pending, waits, why

from headgate.core.database import Connection
from headgate.core.dispatch import store as dispatch
from headgate.core.dispatch.pressure.measure import measure
from headgate.core.explain.waiting.model import Hold
from headgate.core.explain.waiting.pressure import hold_reason
from headgate.core.work.model import Outcome
from headgate.core.work.store import open_session
from proof.dags import hands_on, sweep


async def test_a_task_that_nothing_stops_is_the_next_one(conn: Connection) -> None:
    hands = await hands_on(conn, one_job())
    await hands.session()
    await hands.emit("a", "x")
    await hands.route()

    told = await why(hands, await pending(hands))

    assert [reason.code for reason in told.waits] == ["in_line"]
    assert "next one of d.job" in told.summary
    assert "proof.j" in told.summary


async def test_tasks_before_it_are_counted(conn: Connection) -> None:
    hands = await hands_on(conn, one_job())
    await hands.session()
    await hands.emit("a", *(f"k{n}" for n in range(4)))
    await hands.route()
    last = max(row["id"] for row in await hands.rows("task_pending", "job"))

    assert await waits(hands, last) == {
        "in_line": "3 tasks of d.job come first, by priority and age."
    }


async def test_without_a_live_worker_it_says_so(conn: Connection) -> None:
    hands = await hands_on(conn, one_job())
    session = await hands.session()
    await hands.emit("a", "x")
    await hands.route()
    await hands.die(session)

    assert (await waits(hands, await pending(hands)))["no_worker"] == "No worker is alive."


async def test_all_slots_taken_is_a_reason(conn: Connection) -> None:
    hands = await hands_on(conn, one_job())
    session = await open_session(conn, worker="small", capacity=1, lease=600)
    await hands.emit("a", "x", "y")
    await hands.route()
    await hands.claim(session, "job")

    said = (await waits(hands, await pending(hands)))["workers_busy"]
    assert said == "Every slot is taken: 1 slot of 1 worker."


async def test_every_reason_that_holds_is_told_each_with_what_to_do(conn: Connection) -> None:
    job = "execution_strategy: PerPartition, scaling: {max_concurrency: 1}, retry: {backoff: 1h, max_backoff: 1h}"
    hands = await hands_on(conn, one_job(job))
    session = await hands.session()
    await hands.emit("a", "x")
    await hands.route()
    (lease,) = await hands.claim(session, "job")
    await hands.end(lease, Outcome.RETRY)
    await conn.execute("update core.job set paused = true")

    told = await why(hands, lease.task_id)

    assert [reason.code for reason in told.waits] == ["job_paused", "retry_backoff"]
    paused, retried = told.waits
    assert paused.do == "Resume the job."
    assert "Attempt 1 failed (it broke)" in retried.text
    assert f"headgate task retry {lease.task_id}" in retried.do
    assert retried.until is not None
    assert retried.since is not None
    assert timedelta(minutes=25) < retried.until - retried.since <= timedelta(hours=1)
    assert "2 reasons" in told.summary


async def test_a_key_that_runs_names_the_task_and_its_worker(conn: Connection) -> None:
    hands = await hands_on(conn, one_job("execution_strategy: PerPartition"))
    session = await hands.session()
    await hands.emit("a", "x")
    await hands.route()
    (lease,) = await hands.claim(session, "job")
    await hands.emit("a", "x")
    await hands.route()

    told = await why(hands, await pending(hands))
    (reason,) = [one for one in told.waits if one.code == "key_running"]

    assert reason.text.startswith(f"Task {lease.task_id} runs for key x on hand;")
    assert reason.since == lease.leased_at
    assert [(one.kind, one.name) for one in reason.about] == [("task", str(lease.task_id))]


async def test_the_concurrency_limit_names_who_runs(conn: Connection) -> None:
    hands = await hands_on(conn, one_job("scaling: {max_concurrency: 2}"))
    session = await hands.session()
    await hands.emit("a", "x", "y", "z")
    await hands.route()
    first, second = sorted(lease.task_id for lease in await hands.claim(session, "job", 5))

    said = (await waits(hands, await pending(hands)))["max_concurrency"]

    assert said == f"2 tasks of d.job may run at once, and so many do: {first}, {second}."


async def test_a_rate_tells_when_the_next_token_is_there(conn: Connection) -> None:
    hands = await hands_on(conn, one_job("rate: {limit: 6, per: 1m}"))
    session = await hands.session()
    await hands.emit("a", "x", "y")
    await hands.route()
    await hands.claim(session, "job", 5)

    told = await why(hands, await pending(hands))
    (reason,) = [one for one in told.waits if one.code == "rate"]

    assert reason.text.startswith("d.job may start 6 tasks a minute; the next one starts at ")
    assert reason.text.endswith(" s).")
    assert reason.until is not None


async def test_a_debounced_task_tells_both_ends_of_its_wait(conn: Connection) -> None:
    hands = await hands_on(
        conn, one_job("debounce: {quiet: 10m, max_wait: 1h}, execution_strategy: Bulk")
    )
    await hands.session()
    await hands.emit("a", "x", "y")
    await hands.route()

    said = await waits(hands, await pending(hands))

    assert set(said) == {"debounce"}
    assert "(10 min of quiet)" in said["debounce"]
    assert "at the latest" in said["debounce"]


async def test_what_is_due_waits_for_a_dispatcher(conn: Connection) -> None:
    hands = await hands_on(conn, one_job("debounce: {quiet: 10ms, max_wait: 10ms}"))
    await hands.session()
    await hands.emit("a", "x")
    await hands.route()
    await conn.execute("update core.task_pending set run_at = now() - interval '1 minute'")
    task = await pending(hands)

    assert set(await waits(hands, task)) == {"due", "no_dispatcher"}
    await dispatch.begin_term(conn, leader="someone", term=60)
    assert set(await waits(hands, task)) == {"due"}


async def test_backpressure_tells_the_figures_of_the_valve(conn: Connection) -> None:
    dag = """
dag: d
datasets: {a: {partitioning: range}, b: {partitioning: range}}
sources: {in: {kind: http, dataset: a}}
jobs:
  first: {operator: proof.f, inputs: [a], outputs: [b]}
  second:
    operator: proof.s
    inputs: [{dataset: b, backlog: {rows: 3, units: 20000, reopen: 0.3}}]
    execution_strategy: PerUpdate
"""
    hands = await hands_on(conn, dag)
    await hands.session()
    await hands.emit("b", *((n, n + 1) for n in range(4)))
    await hands.emit("a", (0, 1))
    await hands.route()
    async with conn.transaction():
        await measure(conn, runtime_rows=10**6)

    told = await why(hands, await pending(hands, "first"))
    (reason,) = [one for one in told.waits if one.code == "backpressure:b"]

    assert reason.text == (
        "Too much of b waits for d.second: 4 tasks of at most 3 tasks. d.second runs nothing now."
        " It goes on at 30% of that."
    )
    assert "headgate task list --job d.second" in reason.do
    assert reason.since is not None
    await conn.execute("update core.job set paused = true where name = 'second'")
    paused = await why(hands, await pending(hands, "first"))
    assert [one.do for one in paused.waits if one.code == "backpressure:b"] == ["Resume d.second."]


def test_each_limit_is_told_in_its_own_unit() -> None:
    hold = Hold(
        reason="backpressure:d.b",
        since=datetime(2026, 11, 20, tzinfo=UTC),
        measured={"rows": 3, "units": 2_000_000, "bytes": 1_500_000_000, "age_ms": 750_000},
        cause="age",
        changed_at=None,
        dataset="d.b",
        runtime=None,
        reader="d.second",
        reader_paused=False,
        reader_running=2,
        max_rows=10_000,
        max_units=1_500_000,
        max_bytes=2**30,
        max_age_ms=600_000,
        reopen=0.5,
    )

    assert hold_reason(hold).text == (
        "Too much of d.b waits for d.second: 2,000,000 units of at most 1,500,000 units, 1.5 GB of at"
        " most 1.1 GB, 12 min of waiting of at most 10 min of waiting. d.second runs 2 tasks. It goes"
        " on at 50% of that."
    )


async def test_a_full_runtime_is_told_by_its_name(conn: Connection) -> None:
    dag = """
dag: d
datasets: {a: {}, b: {}}
sources: {in: {kind: http, dataset: a}}
jobs:
  first: {operator: proof.f, inputs: [a], outputs: [b]}
  second: {operator: proof.s, inputs: [b], runtime: child_process}
"""
    hands = await hands_on(conn, dag)
    await hands.emit("b", "x", "y")
    await hands.emit("a", "x")
    await hands.route()
    async with conn.transaction():
        await measure(conn, runtime_rows=2)

    said = await waits(hands, await pending(hands, "first"))

    assert said["backpressure:runtime:child_process"].startswith(
        "Too much waits for the runtime child_process: 2 tasks."
    )


async def test_a_stale_input_names_its_ranges_and_what_makes_them(conn: Connection) -> None:
    hands = await hands_on(conn, DIAMOND)
    session = await hands.session()
    await invalidate(conn, hands, "a", (10, 20))
    await make(hands, session, "make_b", "b")
    await hands.route()
    (first, second) = sorted(row["id"] for row in await hands.rows("task_pending", "make_c"))
    await sweep(hands)

    told = await why(hands, await pending(hands, "make_d"))
    (reason,) = [one for one in told.waits if one.code == "stale_input"]

    assert "It reads c, which is stale in [10, 20)." in reason.text
    assert f"Task {first} of d.make_c will make it." in reason.text
    assert ("task", str(first)) in {(one.kind, one.name) for one in reason.about}
    assert [node.dataset for node in told.upstream] == ["c"]
    assert second != first


async def test_a_dead_letter_upstream_is_to_be_redriven_or_discarded(conn: Connection) -> None:
    hands = await hands_on(conn, DIAMOND)
    session = await hands.session()
    await invalidate(conn, hands, "a", (10, 20))
    await make(hands, session, "make_b", "b")
    await hands.route()
    (lease,) = await hands.claim(session, "make_c")
    await hands.end(lease, Outcome.DEAD)
    (letter,) = await hands.rows("dead_letter", "make_c")
    await sweep(hands)

    told = await why(hands, await pending(hands, "make_d"))
    (reason,) = [one for one in told.waits if one.code == "stale_input"]

    assert f"Dead letter {letter['id']} of d.make_c covers it: it broke" in reason.text
    assert f"headgate dlq redrive {letter['id']}" in reason.do


async def test_a_removed_job_runs_nothing(conn: Connection) -> None:
    hands = await hands_on(conn, one_job())
    await hands.session()
    await hands.emit("a", "x")
    await hands.route()
    task = await pending(hands)
    await conn.execute("update core.job set removed_at = now()")

    told = await why(hands, task)

    assert told.waits[0].code == "job_removed"
    assert f"headgate task cancel {task}" in told.waits[0].do
