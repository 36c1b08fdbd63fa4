"""Days past their age are dropped whole, but never one that somebody still needs."""

import asyncio
import time

import psycopg
import pytest
from days_of_load import Load, noon

from headgate.core.observe.metrics import exposition
from headgate.core.work.model import Outcome


async def _done(load: Load) -> None:
    """Route and end whatever waits."""
    await load.hands.route()
    session = await load.hands.session()
    for _ in range(9):  # a claim takes no more than the session has room for
        for job in load.hands.made.jobs:
            await load.hands.end(await load.hands.claim(session, job, 1000), Outcome.OK)
    assert await load.rows("task_pending") == []


async def test_days_past_their_age_go_and_younger_ones_stay(load: Load) -> None:
    await load.make_days(0, 6)
    old, young = await load.emit(2), await load.emit(5)
    await _done(load)
    await load.sweep(6)

    assert await load.days("event") == [4, 5, 6]
    assert await load.days("task_history") == [4, 5, 6]
    assert await load.days("task_log") == [5, 6]
    assert await load.events() == {*young}
    assert old
    assert load.retention.counts["days of core.event"] == 4
    assert load.retention.warnings == []


async def test_a_day_with_an_event_that_is_not_routed_waits_until_it_is_done(load: Load) -> None:
    await load.make_days(0, 6)
    ids = await load.emit(1)
    await load.sweep(6)

    assert await load.days("event") == [1, 4, 5, 6]
    assert await load.events() == {*ids}
    (warning,) = load.retention.warnings
    assert "Old days of core.event (1, from 2026-03-02 on) stay" in warning
    assert "1 events that are not routed" in warning
    figures = exposition(load.retention.families())
    assert 'headgate_retention_days_held{table="event"} 1\n' in figures
    assert 'headgate_retention_dropped_total{what="days of core.event"} 3\n' in figures

    await _done(load)
    await load.sweep(6)
    assert await load.days("event") == [4, 5, 6]
    assert load.retention.warnings == []


async def test_a_window_that_is_half_walked_holds_only_what_is_ahead(load: Load) -> None:
    await load.make_days(0, 6)
    await load.emit(0)
    ahead = await load.emit(1)
    assert await load.hands.route(limit=1) == 2
    # Only the first event of the same window is behind the cursor now.
    late = await load.emit(2)
    later = await load.emit(3)
    await load.conn.execute(
        "update core.router set last_xid = e.xid, last_id = e.id, s1 = %s::pg_snapshot,"
        " s2 = pg_current_snapshot() from core.event e where e.id = %s",
        ["3:3:", ahead[0]],
    )
    await load.conn.execute("truncate core.task_pending")
    await load.sweep(6)

    assert await load.events() == {*late, *later}
    assert await load.days("event") == [2, 3, 4, 5, 6]


@pytest.mark.parametrize("where", ["pending", "running", "dead"])
async def test_a_day_that_work_covers_waits_for_it(where: str, load: Load) -> None:
    await load.make_days(0, 6)
    ids = await load.emit(1, count=3)
    await load.emit(2)
    await _done(load)
    await load.conn.execute("truncate core.task_history, core.task_pending")
    ids = await load.emit(1)
    await load.hands.route()
    session = await load.hands.session()
    if where != "pending":
        leases = [
            lease
            for job in load.hands.made.jobs
            for lease in await load.hands.claim(session, job, 10)
        ]
        if where == "dead":
            await load.hands.end(leases, Outcome.DEAD)
    await load.sweep(6)

    assert await load.days("event") == [1, 4, 5, 6]
    assert {*ids} <= await load.events()
    (warning,) = load.retention.warnings
    said = {"pending": "pending tasks", "running": "running tasks", "dead": "open dead letters"}
    assert f"1 {said[where]} of d0.all, 1 {said[where]} of d0.each" in warning


async def test_a_backfill_holds_the_day_of_its_event_until_it_is_cancelled(load: Load) -> None:
    await load.make_days(0, 6)
    ids = await load.emit(1)
    await _done(load)
    await load.conn.execute(
        "insert into core.backfill (org_id, job_id, event_id, kind, heavy, bytes, priority, total,"
        " remaining) values (1, %s, %s, 0, false, 0, 0, 9, '{[1,9)}')",
        [load.hands.made.jobs["each"], ids[0]],
    )
    await load.sweep(6)
    assert await load.events() == {*ids}
    assert "1 backfills of d0.each" in load.retention.warnings[0]

    await load.conn.execute("update core.backfill set cancelled_at = %s", [noon(5)])
    await load.sweep(6)
    assert await load.events() == set()


async def test_a_dead_letter_that_was_dealt_with_holds_nothing(load: Load) -> None:
    await load.make_days(0, 6)
    await load.emit(1)
    await load.hands.route()
    session = await load.hands.session()
    leases = [
        lease for job in load.hands.made.jobs for lease in await load.hands.claim(session, job, 10)
    ]
    await load.hands.end(leases, Outcome.DEAD)
    await load.conn.execute("update core.dead_letter set state = 'discarded', resolved_at = now()")
    await _done(load)
    await load.sweep(6)

    assert await load.days("event") == [4, 5, 6]


async def test_no_emit_waits_long_for_a_drop_that_waits_for_a_transaction(
    load: Load, database_url: str
) -> None:
    await load.make_days(0, 6)
    async with await psycopg.AsyncConnection.connect(database_url) as long:
        await long.execute("select count(*) from core.event")  # holds a lock until it ends
        sweep = asyncio.create_task(load.sweep(6))
        slowest = 0.0
        while not sweep.done():
            began = time.monotonic()
            await load.hands.emit("a", (0, 1))
            slowest = max(slowest, time.monotonic() - began)
            await asyncio.sleep(0.005)
        await sweep
        assert slowest < 1.0
        assert await load.days("event") == [0, 1, 2, 3, 4, 5, 6]
        assert "a long transaction uses the table" in load.retention.warnings[0]
        assert await load.days("task_log") == [5, 6]

    await load.sweep(6)
    assert await load.days("event") == [4, 5, 6]
    assert load.retention.warnings == []


async def test_an_event_that_commits_during_a_sweep_is_not_dropped(
    load: Load, database_url: str
) -> None:
    await load.make_days(0, 6)
    async with await psycopg.AsyncConnection.connect(database_url) as late:
        await late.execute(
            "insert into core.event (org_id, dataset_id, rng, at) values (1, %s, '[1,2)', %s)",
            [load.hands.made.datasets["a"], noon(1)],
        )
        sweep = asyncio.create_task(load.sweep(6))
        await asyncio.sleep(0.3)
        await late.commit()
        await sweep

    assert len(await load.events()) == 1
    assert 1 in await load.days("event")


async def test_a_day_of_which_somebody_has_a_view_stays_and_the_view_is_named(load: Load) -> None:
    await load.make_days(0, 6)
    await load.conn.execute("create view mine as select id from core.event_20260302")
    await load.sweep(6)

    assert await load.days("event") == [1, 4, 5, 6]
    assert "view mine depends on table core.event_20260302" in load.retention.warnings[0]


async def test_many_sweeps_at_once_drop_each_day_once(load: Load) -> None:
    await load.make_days(0, 9)
    await asyncio.gather(*(load.sweep(9) for _ in range(3)))
    await load.sweep(9)

    assert await load.days("event") == [7, 8, 9]
    assert load.retention.counts["days of core.event"] == 7


async def test_events_without_a_day_go_by_age_unless_they_are_needed(load: Load) -> None:
    await load.make_days(4, 6)
    done = await load.emit(0, count=3)
    await _done(load)
    needed = await load.emit(0)
    await load.hands.route()
    unrouted = await load.emit(1)
    young = await load.emit(3)
    await load.sweep(5)

    assert await load.events() == {*needed, *unrouted, *young}
    assert load.retention.counts["events without a day"] == len(done)

    await _done(load)
    await load.sweep(6)
    assert await load.events() == set()


async def test_attempts_and_log_lines_without_a_day_go_by_age(load: Load) -> None:
    await load.emit(0)
    await _done(load)
    await load.conn.execute("update core.task_history set done_at = %s", [noon(0)])
    await load.conn.execute(
        "insert into core.task_log (org_id, task_id, attempt, at, level, message)"
        " select 1, 1, 1, %s, 'info', 'old' from generate_series(1, 6000)",
        [noon(0)],
    )
    await load.sweep(6)

    assert await load.rows("task_history") == []
    assert await load.rows("task_log") == []
    assert load.retention.counts["log lines without a day"] == 6000
