"""Queues as they are: what stands still first, why it does, how full it is, when it is empty."""

from datetime import UTC, datetime, timedelta

import pytest
from flow_pages import Watched

from headgate.core.database import Connection
from headgate.core.dispatch.pressure.measure import measure
from headgate.core.errors import NotFound
from headgate.core.flow import store as flow
from headgate.core.queues.model import Queue, QueueDetail, QueueState, WorkerLoad
from headgate.core.queues.reading import find_queue, list_queues, list_workers
from headgate.core.work.model import Outcome
from proof.by_hand import Hands
from proof.dags import hands_on

_DAG = """
dag: d
datasets: {a: {partitioning: range}, b: {partitioning: range}, c: {partitioning: range}}
sources: {in: {kind: http, dataset: a}}
jobs:
  first: {operator: proof.f, inputs: [a], outputs: [b], update_strategy: append}
  second:
    operator: proof.s
    inputs: [{dataset: b, backlog: {rows: 10, reopen: 0.3}}]
    outputs: [c]
    update_strategy: append
    scaling: {max_concurrency: 4}
  third: {operator: proof.t, inputs: [c], update_strategy: append}
"""


async def _held(conn: Connection) -> Hands:
    """Have `first` held, because ten tasks wait for `second`; two more wait for `first`."""
    hands = await hands_on(conn, _DAG)
    await hands.emit("b", *((n, n + 1) for n in range(10)))
    await hands.emit("a", (0, 1), (1, 2))
    await hands.route()
    async with conn.transaction():
        await measure(conn, runtime_rows=10**6)
    return hands


async def _queues(
    conn: Connection, *, state: QueueState | None = None, q: str | None = None
) -> list[Queue]:
    found = await list_queues(conn, org_id=1, state=state, q=q, limit=50)
    return [placed.queue for placed in found]


async def _queue(conn: Connection, job: str) -> QueueDetail:
    return await find_queue(
        conn, org_id=1, job=job, span=timedelta(hours=1), now=datetime.now(UTC), lease=15
    )


async def _workers(conn: Connection, *, limit: int = 50) -> list[WorkerLoad]:
    return await list_workers(conn, org_id=1, lease=15, limit=limit)


async def test_what_stands_still_comes_first_and_then_what_waits_most(conn: Connection) -> None:
    hands = await _held(conn)
    assert [(q.job, q.state, q.waiting) for q in await _queues(conn)] == [
        ("d.first", "held", 2),
        ("d.second", "busy", 10),
        ("d.third", "idle", 0),
    ]
    await conn.execute("update core.job set paused = true where name = 'third'")
    await hands.claim(await hands.session(), "second", 3)

    queues = await _queues(conn)
    assert [(q.job, q.state) for q in queues] == [
        ("d.first", "held"),
        ("d.third", "paused"),
        ("d.second", "busy"),
    ]
    assert (queues[2].waiting, queues[2].running, queues[2].max_concurrency) == (7, 3, 4)


async def test_they_are_filtered_by_state_and_by_part_of_the_name(conn: Connection) -> None:
    await _held(conn)

    assert [q.job for q in await _queues(conn, state="held")] == ["d.first"]
    assert [q.job for q in await _queues(conn, state="paused")] == []
    assert [q.job for q in await _queues(conn, q="D.SEC")] == ["d.second"]
    assert await _queues(conn, q="%") == []


async def test_pages_join_without_a_gap_or_a_double(conn: Connection) -> None:
    await _held(conn)
    seen: list[str] = []
    page = await list_queues(conn, org_id=1, limit=1)
    while page:
        seen.append(page[0].queue.job)
        page = await list_queues(conn, org_id=1, limit=1, after=page[0].place)

    assert seen == ["d.first", "d.second", "d.third"]


async def test_a_held_queue_says_why_and_a_full_one_how_full_it_is(conn: Connection) -> None:
    await _held(conn)
    first, second, _ = await _queues(conn)

    (hold,) = first.holds
    assert hold.code == "backpressure:b"
    assert hold.text.startswith("Too much of b waits for d.second: 10 tasks of at most 10 tasks.")
    assert hold.since is not None
    assert first.pressure is None, "a source feeds it: nobody is to be held"
    pressure = second.pressure
    assert pressure is not None
    assert (pressure.dataset, pressure.cause, pressure.closed) == ("b", "rows", True)
    assert (pressure.measured, pressure.high, pressure.low, pressure.share) == (10, 10, 3, 1.0)


async def test_a_paused_queue_says_how_to_go_on(conn: Connection) -> None:
    await hands_on(conn, _DAG)
    await conn.execute("update core.job set paused = true where name = 'second'")
    (queue,) = await _queues(conn, state="paused")

    assert queue.paused
    assert [(hold.code, hold.do) for hold in queue.holds] == [
        ("job_paused", "`headgate queue resume d.second` lets it start again.")
    ]


async def test_the_rate_of_the_last_minute_tells_when_it_is_drained(conn: Connection) -> None:
    hands = await _held(conn)
    session = await hands.session()
    await hands.end(await hands.claim(session, "second", 4), Outcome.OK)
    await flow.sample(conn, since=datetime.now(UTC) - timedelta(seconds=8), settle=0)
    first, second, _ = await _queues(conn)

    assert second.done_per_second == pytest.approx(0.5, rel=0.5)
    assert second.drained_in_seconds == pytest.approx(6 / (second.done_per_second or 0))
    assert (first.done_per_second, first.drained_in_seconds) == (0, None)


async def test_of_a_long_queue_the_last_sample_knows_the_length(conn: Connection) -> None:
    hands = await hands_on(conn, _DAG)
    await conn.execute(
        "insert into core.task_pending (org_id, job_id, ckey, evs, created_at)"
        " select 1, %s, 'p' || i, '{[1,2)}', now() - interval '1 hour' from generate_series(1, 3000) i",
        [hands.made.jobs["first"]],
    )
    (before,) = await _queues(conn, state="busy")
    await flow.sample(conn, since=None, settle=0)
    (after,) = await _queues(conn, state="busy")

    assert (before.waiting, before.exact) == (1000, False)
    assert (after.waiting, after.exact) == (3000, False)
    assert after.oldest_seconds == pytest.approx(3600, abs=60)


async def test_one_queue_comes_with_its_course_its_holds_and_its_workers(conn: Connection) -> None:
    hands = await _held(conn)
    session = await hands.session()
    await hands.session()
    await hands.end(await hands.claim(session, "second", 2), Outcome.OK)
    await flow.sample(conn, since=None, settle=0)
    await conn.execute("update core.sample set at = at - interval '25 seconds'")

    first, second = await _queue(conn, "d.first"), await _queue(conn, "d.second")
    assert [(span.reason, span.until) for span in first.held] == [("backpressure:b", None)]
    assert max(point.held for point in first.flow.points) == 1
    assert first.workers == []
    assert max(point.waiting for point in second.flow.points) == 8
    assert [worker.id for worker in second.workers] == [session]
    with pytest.raises(NotFound, match="no job"):
        await _queue(conn, "d.fourth")


async def test_workers_tell_what_they_have_in_hand_and_how_they_are(conn: Connection) -> None:
    hands = await _held(conn)
    quiet, busy, gone = [await hands.session() for _ in range(3)]
    leases = {quiet: 6, busy: 15, gone: -30}
    await hands.claim(busy, "second", 3)
    for session, left in leases.items():
        await conn.execute(
            "update core.session set expires_at = clock_timestamp() + make_interval(secs => %s)"
            " where id = %s",
            [left, session],
        )

    found = await _workers(conn)
    assert [(w.id, w.state, w.in_flight) for w in found] == [
        (gone, "gone", 0),
        (busy, "live", 3),
        (quiet, "late", 0),
    ]
    assert [(one.job, one.running) for one in found[1].jobs] == [("d.second", 3)]
    assert found[1].text == "It is alive and runs 3 tasks."
    assert found[0].heartbeat_seconds == pytest.approx(45, abs=5)
    assert [w.id for w in await _workers(conn, limit=1)] == [gone]


async def test_a_list_counts_no_queue_to_its_end(conn: Connection) -> None:
    hands = await hands_on(conn, _DAG)
    await conn.execute(
        "insert into core.task_pending (org_id, job_id, ckey, evs)"
        " select 1, %s, 'p' || i, '{[1,2)}' from generate_series(1, 100000) i",
        [hands.made.jobs["first"]],
    )
    await conn.execute("vacuum analyze core.task_pending")
    watched = Watched(conn)
    await list_queues(watched.connection, org_id=1, limit=50)

    assert max(watched.pages.values()) < 1300, "a thousand rows by index; all are 1,800 pages"
