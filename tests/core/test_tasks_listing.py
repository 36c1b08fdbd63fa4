"""Finding tasks by state: each in one place, newest first, at a cost that history does not raise."""

from collections.abc import AsyncIterator
from typing import get_args

import pytest
from task_field import Field, opened_field

from headgate.core.access import LOCAL
from headgate.core.database import Connection
from headgate.core.errors import NotFound
from headgate.core.sql import load_queries
from headgate.core.tasks import reading, store
from headgate.core.tasks.letters.model import Edit
from headgate.core.tasks.letters.replay import edit_and_replay
from headgate.core.tasks.model import TaskState
from headgate.core.tasks.rules import outcome_name, partition_of, state_of
from headgate.core.work.model import Outcome

_STATES: tuple[TaskState, ...] = get_args(TaskState)


@pytest.fixture
async def field(database_url: str) -> AsyncIterator[Field]:
    async with opened_field(database_url) as opened:
        yield opened


async def _one_of_each(field: Field) -> dict[TaskState, int]:
    made: dict[TaskState, int] = {
        "succeeded": await field.ended("a", Outcome.OK),
        "dead": await field.ended("b", Outcome.DEAD),
        "cancelled": await field.ended("c", Outcome.CANCELLED),
        "waiting": await field.ended("d", Outcome.RETRY),
    }
    (letter,) = await field.dead("h")
    made["replayed"] = (await field.rows("dead_letter"))[-1]["task_id"]
    await edit_and_replay(field.services, who=LOCAL, letter_id=letter, edit=Edit(key="h2"))
    lease = await field.leased("e")
    await field.pending("e")
    (successor,) = [r["id"] for r in await field.rows("task_pending") if r["ckey"] == "ke"]
    await field.hands.end(lease, Outcome.RETRY)
    made["merged"], made["waiting"] = lease.task_id, max(made["waiting"], successor)
    made["running"] = (await field.leased("f")).task_id
    await field.pending("g")
    made["pending"] = max(row["id"] for row in await field.rows("task_pending"))
    return made


async def test_a_list_by_state_has_the_tasks_in_it(field: Field) -> None:
    made = await _one_of_each(field)

    for state in _STATES:
        listed = await field.listed(state)
        assert made[state] in listed, state
        assert {(await field.task(task_id)).state for task_id in listed} == {state}


async def test_the_list_of_all_has_every_task_once_newest_first(field: Field) -> None:
    await _one_of_each(field)

    everything = await field.listed(None)

    assert everything == sorted(set(everything), reverse=True)
    by_state = [task for state in _STATES for task in await field.listed(state)]
    assert sorted(by_state, reverse=True) == everything


async def test_a_walk_while_tasks_move_sees_each_that_stays_once(field: Field) -> None:
    stays = [await field.ended(f"k{n}", Outcome.OK) for n in range(6)]
    seen: list[int] = []
    before = reading.NEWEST
    async with field.services.database.connection() as conn:
        while page := await reading.list_tasks(
            conn, org_id=1, state="succeeded", before=before, limit=2
        ):
            seen += [task.id for task in page]
            before = seen[-1]
            await field.ended(f"new{before}", Outcome.OK)

    assert seen == stays[::-1]


async def test_tasks_of_another_org_are_not_there(field: Field) -> None:
    task_id = await field.ended("a", Outcome.OK)

    async with field.services.database.connection() as conn:
        assert await reading.list_tasks(conn, org_id=2, limit=5) == []
        with pytest.raises(NotFound):
            await reading.find_task(conn, org_id=2, task_id=task_id)
        assert await store.attempts(conn, org_id=2, task_id=task_id, limit=5) == []


async def test_the_running_attempt_is_the_last_of_all(field: Field) -> None:
    lease = await field.leased("a")
    await field.hands.end(lease, Outcome.RETRY)
    await field.hands.conn.execute("update core.task_pending set waiting = false")
    await field.hands.claim(field.session, "job")

    async with field.services.database.connection() as conn:
        tries = await store.attempts(conn, org_id=1, task_id=lease.task_id, limit=5)

    assert [(t.attempt, t.outcome, t.ended_at is None) for t in tries] == [
        (1, "retried", False),
        (2, "running", True),
    ]
    assert tries[0].worker == "hand"


@pytest.mark.parametrize(
    ("leased", "pending", "waiting", "outcome", "state"),
    [
        (True, False, False, None, "running"),
        (True, False, False, 1, "running"),
        (False, True, False, 3, "pending"),
        (False, True, True, 1, "waiting"),
        (False, False, False, 0, "succeeded"),
        (False, False, False, 3, "dead"),
        (False, False, False, 4, "cancelled"),
        (False, False, False, 1, "merged"),
        (False, False, False, 2, "merged"),
        (False, False, False, 5, "merged"),
        (False, False, False, 6, "succeeded"),
    ],
)
def test_a_state_is_read_from_where_a_task_is(
    *, leased: bool, pending: bool, waiting: bool, outcome: int | None, state: str
) -> None:
    found = state_of(leased=leased, pending=pending, waiting=waiting, outcome=outcome)

    assert found == state


def test_every_outcome_of_the_core_has_a_name() -> None:
    names = [outcome_name(outcome) for outcome in Outcome]

    assert len(set(names)) == len(Outcome)
    assert outcome_name(None) == "running"


def test_only_keys_of_partitions_name_one() -> None:
    assert [partition_of(key) for key in ("p7", "ka/b", "k", "u9", "b")] == [
        "7",
        "a/b",
        "",
        None,
        None,
    ]


async def test_a_page_reads_no_more_of_a_long_history_than_of_a_short_one(field: Field) -> None:
    await field.ended("a", Outcome.OK)
    conn = field.hands.conn
    await conn.execute(
        "insert into core.task_history (task_id, token, org_id, job_id, ckey, outcome, attempt, rngs,"
        " evs, n, created_at, leased_at, done_at)"
        " select 100000 + g, g, 1, h.job_id, h.ckey, 0, 1, h.rngs, h.evs, 1, now(), now(),"
        "        now() - make_interval(days => g % 2)"
        "   from generate_series(1, 60000) g, core.task_history h"
    )
    await conn.execute("analyze core.task_history")
    described = {"org_id": 1, "ids": list(range(150000, 150051))}
    assert await _pages_read(conn, "describe_tasks", described) < 3000


async def _pages_read(conn: Connection, name: str, given: dict[str, object]) -> int:
    """Return how many database pages a statement looks at."""
    statement = load_queries("headgate.core.tasks")[name]
    cursor = await conn.execute(f"explain (analyze, buffers, format json) {statement}", given)
    row = await cursor.fetchone()
    plan = row["QUERY PLAN"][0]["Plan"]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
