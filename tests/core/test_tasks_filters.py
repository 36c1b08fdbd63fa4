"""Lists of tasks by what they have in common: exact, in either order, at a bounded cost."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from task_field import Field, opened_field

from headgate.core.database import Connection
from headgate.core.errors import NotFound
from headgate.core.sql import load_queries
from headgate.core.tasks import reading, store
from headgate.core.tasks.listing import walk
from headgate.core.tasks.listing.model import Bounds, Counts, Look, Order, TaskFilter, TaskList
from headgate.core.tasks.listing.rules import merged, resume_at
from headgate.core.tasks.model import TaskState
from headgate.core.work.model import Outcome


@pytest.fixture
async def field(database_url: str) -> AsyncIterator[Field]:
    async with opened_field(database_url) as opened:
        yield opened


async def _page(
    field: Field,
    wanted: TaskFilter,
    *,
    order: Order = "newest",
    after: int | None = None,
    limit: int = 100,
) -> TaskList:
    async with field.services.database.connection() as conn:
        return await walk.list_matching(
            conn, org_id=1, wanted=wanted, order=order, after=after, limit=limit
        )


async def _ids(field: Field, wanted: TaskFilter, *, order: Order = "newest") -> list[int]:
    found = await _page(field, wanted, order=order)
    assert found.complete
    return [task.id for task in found.tasks]


async def _counts(field: Field, wanted: TaskFilter) -> Counts:
    async with field.services.database.connection() as conn:
        return await walk.count_matching(conn, org_id=1, wanted=wanted)


def _by_state(counts: Counts) -> dict[TaskState, int]:
    return {one.state: one.tasks for one in counts.by_state if one.tasks}


async def _many_done(field: Field, tasks: int) -> int:
    """Have so many more tasks of the history, a second apart, the last of them now; the first id."""
    conn, first = field.hands.conn, 100_000
    await field.ended("model", Outcome.OK)
    await conn.execute(
        "insert into core.task_history (task_id, token, org_id, job_id, ckey, outcome, attempt,"
        " rngs, evs, n, created_at, leased_at, done_at)"
        " select %(first)s + g, g, 1, h.job_id, 'kmany/' || g, 0, 1, h.rngs, h.evs, 1, d, d, d"
        "   from core.task_history h, generate_series(0, %(tasks)s - 1) g,"
        "        lateral (select now() - make_interval(secs => %(tasks)s - g) as d) d",
        {"first": first, "tasks": tasks},
    )
    await conn.execute("analyze core.task_history")
    return first


async def test_several_states_are_one_list(field: Field) -> None:
    done = await field.ended("a", Outcome.OK)
    cancelled = await field.ended("b", Outcome.CANCELLED)
    waiting = await field.ended("c", Outcome.RETRY)
    running = (await field.leased("d")).task_id

    assert await _ids(field, TaskFilter(states=("running", "cancelled"))) == [running, cancelled]
    assert await _ids(field, TaskFilter(states=("waiting", "succeeded"))) == [waiting, done]
    assert await _ids(field, TaskFilter(), order="oldest") == [done, cancelled, waiting, running]


async def test_a_partition_is_found_by_how_it_begins(field: Field) -> None:
    shop = [await field.ended(key, Outcome.OK) for key in ("shop/1", "shop/2")]
    await field.ended("other", Outcome.OK)
    await field.pending("shop/3")

    found = await _page(field, TaskFilter(partition="shop/"))

    assert [task.partition for task in found.tasks] == ["shop/3", "shop/2", "shop/1"]
    assert await _ids(field, TaskFilter(partition="shop/", states=("succeeded",))) == shop[::-1]


async def test_tasks_are_found_by_the_code_of_their_last_error(field: Field) -> None:
    retried = await field.ended("a", Outcome.RETRY)
    dead = await field.ended("b", Outcome.DEAD)
    await field.ended("c", Outcome.OK)
    await field.pending("d")
    (code,) = {(await field.task(task_id)).error["code"] for task_id in (retried, dead)}

    assert await _ids(field, TaskFilter(error=code)) == [dead, retried]
    assert await _ids(field, TaskFilter(error=code, states=("waiting",))) == [retried]
    assert await _ids(field, TaskFilter(error="another")) == []
    assert _by_state(await _counts(field, TaskFilter(error=code))) == {"waiting": 1, "dead": 1}


async def test_tasks_are_found_by_the_worker_that_runs_or_ran_them(field: Field) -> None:
    done = await field.ended("a", Outcome.OK)
    retried = await field.ended("b", Outcome.RETRY)
    running = (await field.leased("c")).task_id
    await field.pending("d")

    assert await _ids(field, TaskFilter(worker="hand")) == [running, retried, done]
    assert await _ids(field, TaskFilter(worker="nobody")) == []
    assert (await field.task(done)).worker == "hand"
    counts = _by_state(await _counts(field, TaskFilter(worker="hand")))
    assert counts == {"succeeded": 1, "waiting": 1, "running": 1}


async def test_tasks_are_found_by_the_time_of_their_creation(field: Field) -> None:
    first = await _many_done(field, 5000)
    start = datetime.now(UTC) - timedelta(seconds=5000)
    wanted = TaskFilter(
        partition="many/",
        created_since=start + timedelta(seconds=2000),
        created_until=start + timedelta(seconds=2040),
    )

    newest = await _ids(field, wanted)

    assert abs(len(newest) - 40) <= 1
    assert newest == sorted(newest, reverse=True)
    assert abs(newest[-1] - (first + 2000)) < 60
    assert await _ids(field, wanted, order="oldest") == newest[::-1]


async def test_a_time_before_or_after_everything_finds_all_or_nothing(field: Field) -> None:
    done = await field.ended("a", Outcome.OK)
    await field.pending("b")
    (pending,) = [row["id"] for row in await field.rows("task_pending")]
    now = datetime.now(UTC)
    early, late = now - timedelta(days=9), now + timedelta(days=9)

    assert await _ids(field, TaskFilter(created_since=early)) == [pending, done]
    assert await _ids(field, TaskFilter(created_until=late)) == [pending, done]
    assert await _ids(field, TaskFilter(created_since=late)) == []
    assert await _ids(field, TaskFilter(created_until=early)) == []


async def test_a_filter_that_finds_little_in_much_says_that_it_has_not_seen_all(
    field: Field,
) -> None:
    first = await _many_done(field, 25_000)
    wanted = TaskFilter(partition="many/7")  # 7, 7x, 7xx, 7xxx: the oldest of all
    seen: list[int] = []
    looks = 0
    after: int | None = None
    while True:
        page = await _page(field, wanted, after=after, limit=200)
        seen += [task.id for task in page.tasks]
        looks += 1
        assert page.complete == (page.resume is None or len(page.tasks) == 200)
        if page.resume is None:
            break
        after = page.resume

    assert looks > 3
    assert seen == [first + n for n in range(25_000, -1, -1) if str(n).startswith("7")]


async def test_a_walk_from_the_oldest_sees_each_once(field: Field) -> None:
    await _many_done(field, 1200)
    seen: list[int] = []
    after: int | None = None
    while True:
        page = await _page(field, TaskFilter(), order="oldest", after=after, limit=70)
        seen += [task.id for task in page.tasks]
        if page.resume is None:
            break
        after = page.resume

    assert seen == sorted(set(seen))
    assert len(seen) == 1201


async def test_counts_are_of_every_state_and_exact_while_there_is_little(field: Field) -> None:
    await field.ended("a", Outcome.OK)
    await field.ended("b", Outcome.CANCELLED)
    await field.ended("c", Outcome.RETRY)
    await field.dead("d")
    lease = await field.leased("e")
    await field.pending("e", "f")
    await field.hands.end(lease, Outcome.RETRY)
    again = await field.ended("g", Outcome.OK)
    await store.run_again(field.hands.conn, org_id=1, task_id=again)
    await field.leased("h")

    counts = await _counts(field, TaskFilter(states=("running",)))

    states: tuple[TaskState, ...] = walk.STATES
    listed = {s: len(await _ids(field, TaskFilter(states=(s,)))) for s in states}
    assert {one.state: one.tasks for one in counts.by_state} == listed
    assert counts.exact
    assert counts.by_job == {"d0.job": sum(listed.values())}


async def test_a_count_of_more_than_one_cares_to_count_says_at_least(field: Field) -> None:
    await _many_done(field, walk.WINDOW + 5)

    counts = {one.state: one for one in (await _counts(field, TaskFilter())).by_state}

    assert (counts["succeeded"].tasks, counts["succeeded"].exact) == (walk.WINDOW, False)
    assert counts["pending"].exact
    assert counts["cancelled"].exact


async def test_an_unknown_dag_is_not_found(field: Field) -> None:
    async with field.services.database.connection() as conn:
        with pytest.raises(NotFound, match="nothing"):
            await reading.resolve_jobs(conn, org_id=1, job=None, dag="nothing")
        jobs = await reading.resolve_jobs(conn, org_id=1, job="d0.job", dag="d0")
        assert jobs == await reading.resolve_jobs(conn, org_id=1, job=None, dag="d0")
        assert await reading.resolve_jobs(conn, org_id=1, job=None, dag=None) is None


def test_what_one_look_left_out_ends_the_list_of_all() -> None:
    looks = [Look([9, 7, 5], None), Look([8, 6, 2], 2), Look([10, 6], 6)]

    assert merged(looks, oldest=False) == ([10, 9, 8, 7], 6)
    assert merged([Look([1, 2, 9], None), Look([3, 4], 4)], oldest=True) == ([1, 2, 3], 4)
    assert merged([Look([2], None)], oldest=False) == ([2], None)


def test_a_list_always_goes_on() -> None:
    newest = Bounds(0, 100, oldest=False)

    assert resume_at(50, bounds=newest) == 51
    assert resume_at(99, bounds=newest) == 99
    assert resume_at(50, bounds=Bounds(10, 100, oldest=True)) == 49
    assert resume_at(11, bounds=Bounds(10, 100, oldest=True)) == 11


@pytest.mark.parametrize("oldest", [False, True])
async def test_no_look_reads_more_than_its_window(field: Field, *, oldest: bool) -> None:
    """Pages read, not milliseconds: they are the same on a busy machine."""
    await _many_done(field, 60_000)
    conn = field.hands.conn
    job = (await field.rows("task_history"))[0]["job_id"]
    await conn.execute(
        "insert into core.task_pending (org_id, job_id, ckey, evs)"
        " select 1, %s, 'kp' || g, '{[1,2)}' from generate_series(1, 30000) g",
        [job],
    )
    await conn.execute("analyze core.task_pending")
    given: dict[str, Any] = {
        **dict.fromkeys(("sessions", "partition", "since", "until", "code", "waiting")),
        "org_id": 1,
        "low": 0,
        "high": 2**63 - 1,
        "oldest": oldest,
        "jobs": None,
        "window": 1000,
        "each": 1000,
        "most": 500,
        "tried": False,
        "outcomes": [0, 6],
        **dict.fromkeys(("with_ended", "with_cancelled", "with_dead"), True),
        "at": datetime.now(UTC) - timedelta(hours=5),
    }

    assert await _pages_read(conn, "pending_tasks", given) < 1500
    assert await _pages_read(conn, "ended_tasks", given) < 300
    assert await _pages_read(conn, "ended_tasks_of_jobs", {**given, "jobs": [job]}) < 300
    many = list(range(job, job + 50))  # all but one have no history
    assert await _pages_read(conn, "ended_tasks_of_jobs", {**given, "jobs": many}) < 1500
    assert await _pages_read(conn, "folded_tasks", given) < 300
    assert await _pages_read(conn, "dead_tasks", given) < 300
    assert await _pages_read(conn, "leased_tasks", given) < 300
    assert await _pages_read(conn, "first_created_since", given) < 2000
    assert await _pages_read(conn, "count_tasks", given) < 6000
    assert await _pages_read(conn, "count_tasks", {**given, "jobs": [job]}) < 6000
    assert await _pages_read(conn, "count_tasks", {**given, "jobs": many[1:]}) < 6000


async def _pages_read(conn: Connection, name: str, given: dict[str, object]) -> int:
    """Return how many database pages a statement looks at."""
    statement = load_queries("headgate.core.tasks.listing")[name]
    cursor = await conn.execute(f"explain (analyze, buffers, format json) {statement}", given)
    row = await cursor.fetchone()
    plan = row["QUERY PLAN"][0]["Plan"]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
