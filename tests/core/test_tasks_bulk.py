"""Acts on many tasks: what was meant when somebody asked, each once, through cancels and rivals."""

import asyncio
import contextlib
import math
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from task_field import Field, opened_field

from headgate.core.access import LOCAL
from headgate.core.errors import InvalidInput
from headgate.core.operations import steering as operations
from headgate.core.operations import store as operation_store
from headgate.core.tasks.bulk.acting import act_on_slice
from headgate.core.tasks.bulk.asking import plan_act, start_act
from headgate.core.tasks.bulk.model import ActCourse, Action
from headgate.core.tasks.bulk.rules import read, written
from headgate.core.tasks.letters.settle import settle_one
from headgate.core.tasks.listing.model import TaskFilter
from headgate.core.tasks.operating import run_operations
from headgate.core.work.model import Outcome

ALL = TaskFilter()


@dataclass
class HandClock:
    """A clock that moves when a test says so."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> HandClock:
    return HandClock(datetime(2026, 11, 20, 12, tzinfo=UTC))


@pytest.fixture
async def field(database_url: str, clock: HandClock) -> AsyncIterator[Field]:
    async with opened_field(database_url, clock=clock) as opened:
        yield opened


async def _start(
    field: Field, action: Action, chosen: TaskFilter = ALL, *, rate: float | None = None
) -> UUID:
    return await start_act(field.services, who=LOCAL, action=action, chosen=chosen, rate=rate)


async def _operation(field: Field, operation: UUID) -> dict[str, Any]:
    async with field.services.database.connection() as conn:
        return await operations.find_operation(conn, org_id=1, operation_id=operation)


async def _to_the_end(field: Field, clock: HandClock) -> None:
    while (pause := await act_on_slice(field.services)) != math.inf:
        clock.pass_by(pause)


async def _states(field: Field, ids: list[int]) -> Counter[str]:
    return Counter([(await field.task(task_id)).state for task_id in ids])


async def _pending_ids(field: Field) -> list[int]:
    return sorted(row["id"] for row in await field.rows("task_pending"))


async def test_a_cancel_of_many_ends_what_waits_and_asks_what_runs(
    field: Field, clock: HandClock
) -> None:
    running = (await field.leased("r")).task_id
    waiting = await field.ended("w", Outcome.RETRY)
    done = await field.ended("d", Outcome.OK)
    await field.pending(*(f"k{n}" for n in range(1100)))
    pending = await _pending_ids(field)

    operation = await _start(field, "cancel")
    await _to_the_end(field, clock)

    ended = await _operation(field, operation)
    assert (ended["kind"], ended["actor"], ended["state"]) == ("task_act", "local", "succeeded")
    assert (ended["done"], ended["total"], ended["problems"]) == (1102, 1102, [])
    assert ended["message"] == "1,102 of 1,102 tasks were cancelled, or asked to stop."
    assert await _states(field, pending[:5]) == {"cancelled": 5}
    assert (await field.task(waiting)).state == "cancelled"
    assert (await field.task(done)).state == "succeeded"
    assert (await field.task(running)).cancel_requested
    assert await _pending_ids(field) == []
    assert set((await field.places()).values()) == {1}


async def test_a_dry_run_counts_and_changes_nothing(field: Field) -> None:
    await field.pending(*(f"k{n}" for n in range(12)))
    ids = await _pending_ids(field)

    plan = await plan_act(field.services, who=LOCAL, action="cancel", chosen=ALL)

    assert (plan.matched, plan.exact, plan.by_job) == (12, True, {"d0.job": 12})
    assert [task.id for task in plan.sample] == ids[:5]
    assert await _pending_ids(field) == ids


async def test_what_comes_after_it_was_asked_for_is_left_alone(
    field: Field, clock: HandClock
) -> None:
    await field.pending("a", "b")
    await _start(field, "cancel")
    await field.pending("c")

    await _to_the_end(field, clock)

    (left,) = await field.rows("task_pending")
    assert left["ckey"] == "kc"


async def test_a_retry_of_many_means_what_is_dead_or_waits(field: Field, clock: HandClock) -> None:
    done = await field.ended("d", Outcome.OK)
    waiting = await field.ended("w", Outcome.RETRY)
    dead = await field.ended("x", Outcome.DEAD)
    await field.pending("p")

    operation = await _start(field, "retry")
    await _to_the_end(field, clock)

    assert (await _operation(field, operation))["message"] == "2 of 2 tasks are back at work."
    assert await _states(field, [waiting, dead]) == {"pending": 2}
    assert (await field.task(done)).state == "succeeded"
    assert await field.states() == {"redriven": 1}
    assert set((await field.places()).values()) == {1}


async def test_tasks_that_have_ended_run_again_when_their_state_is_named(
    field: Field, clock: HandClock
) -> None:
    done = [await field.ended(f"d{n}", Outcome.OK) for n in range(3)]
    twice = [await field.ended("same", Outcome.OK) for _ in range(2)]
    cancelled = await field.ended("c", Outcome.CANCELLED)

    operation = await _start(field, "retry", TaskFilter(states=("succeeded",)))
    await _to_the_end(field, clock)

    assert (await _operation(field, operation))["done"] == 5
    assert await _states(field, done) == {"pending": 3}
    assert await _states(field, twice) == {"pending": 1, "merged": 1}  # one key, one task
    assert (await field.task(cancelled)).state == "cancelled"
    assert set((await field.places()).values()) == {1}


async def test_a_letter_that_was_set_aside_stays_there(field: Field, clock: HandClock) -> None:
    (letter,) = await field.dead("a")
    await settle_one(field.services, who=LOCAL, letter_id=letter, to="discarded")

    operation = await _start(field, "retry", TaskFilter(states=("dead",)))
    await _to_the_end(field, clock)

    ended = await _operation(field, operation)
    assert (ended["state"], ended["done"], ended["problems"]) == ("succeeded", 0, [])
    assert "1 had moved on or could not be retried" in ended["message"]
    assert await field.states() == {"discarded": 1}


async def test_a_task_that_failed_again_meanwhile_is_retried_once(
    field: Field, clock: HandClock
) -> None:
    await field.dead("a", "b")
    await _start(field, "retry", TaskFilter(states=("dead", "waiting")), rate=1)
    await act_on_slice(field.services)
    (lease,) = await field.hands.claim(field.session, "job")
    await field.hands.end(lease, Outcome.RETRY)
    clock.pass_by(60)

    await _to_the_end(field, clock)

    assert (await field.task(lease.task_id)).state == "waiting"


async def test_tasks_of_a_removed_job_are_told_as_problems(field: Field, clock: HandClock) -> None:
    done = await field.ended("a", Outcome.OK)
    (letter,) = await field.dead("b")
    await field.hands.conn.execute("update core.job set removed_at = now()")

    operation = await _start(field, "retry", TaskFilter(states=("dead", "succeeded")))
    await _to_the_end(field, clock)

    ended = await _operation(field, operation)
    assert ended["state"] == "succeeded"
    dead = (await field.rows("dead_letter"))[0]["task_id"]
    assert {p["pointer"] for p in ended["problems"]} == {f"/tasks/{done}", f"/tasks/{dead}"}
    assert {p["code"] for p in ended["problems"]} == {"not_done"}
    assert "Deploy a DAG" in ended["problems"][0]["message"]
    assert letter


async def test_only_tasks_of_the_filter_are_meant(field: Field, clock: HandClock) -> None:
    await field.pending("shop/1", "shop/2", "other")
    some = [row["id"] for row in await field.rows("task_pending") if row["ckey"] == "kshop/1"]

    await _start(field, "cancel", TaskFilter(partition="shop/"))
    await _to_the_end(field, clock)
    assert [row["ckey"] for row in await field.rows("task_pending")] == ["kother"]

    await field.pending("shop/3", "shop/4")
    some = await _pending_ids(field)
    await _start(field, "cancel", TaskFilter(ids=some[1:]))
    await _to_the_end(field, clock)
    assert await _pending_ids(field) == some[:1]


async def test_a_rate_is_kept_and_not_made_up_for(field: Field, clock: HandClock) -> None:
    await field.pending(*(f"k{n}" for n in range(10)))
    await _start(field, "cancel", rate=4)
    assert await act_on_slice(field.services) == 0.0
    assert await act_on_slice(field.services) == pytest.approx(0.25)
    clock.pass_by(3600)

    await act_on_slice(field.services)
    await act_on_slice(field.services)

    assert len(await _pending_ids(field)) == 8


async def test_an_act_that_is_cancelled_leaves_the_rest(field: Field, clock: HandClock) -> None:
    await field.pending(*(f"k{n}" for n in range(9)))
    operation = await _start(field, "cancel", rate=4)
    await act_on_slice(field.services)

    async with field.services.database.connection() as conn:
        assert await operation_store.request_cancel(conn, org_id=1, id=operation)
    await _to_the_end(field, clock)

    ended = await _operation(field, operation)
    assert (ended["state"], ended["done"], ended["total"]) == ("cancelled", 1, 9)
    assert ended["message"].startswith("Cancelled: 1 of 9 tasks")
    assert len(await _pending_ids(field)) == 8


async def test_a_task_in_somebody_s_hand_is_waited_for_by_nobody_and_not_forgotten(
    field: Field, clock: HandClock
) -> None:
    await field.pending("a", "b")
    ids = await _pending_ids(field)
    operation = await _start(field, "cancel")
    async with field.hands.conn.transaction():
        await field.hands.conn.execute(
            "select from core.task_pending where id = %s for update", [ids[0]]
        )
        async with asyncio.timeout(10):
            await act_on_slice(field.services)
            clock.pass_by(1)
            await act_on_slice(field.services)
        assert (await _operation(field, operation))["state"] == "running"
        assert await _pending_ids(field) == ids[:1]
    clock.pass_by(1)

    await _to_the_end(field, clock)

    ended = await _operation(field, operation)
    assert (ended["state"], ended["done"]) == ("succeeded", 2)


async def test_a_row_that_is_held_for_ever_ends_as_a_problem(
    field: Field, clock: HandClock
) -> None:
    await field.pending("a")
    (task_id,) = await _pending_ids(field)
    operation = await _start(field, "cancel")
    async with field.hands.conn.transaction():
        await field.hands.conn.execute("select from core.task_pending for update")
        await _to_the_end(field, clock)

    ended = await _operation(field, operation)
    assert (ended["state"], ended["done"]) == ("succeeded", 0)
    assert [p["pointer"] for p in ended["problems"]] == [f"/tasks/{task_id}"]


async def test_several_servers_share_an_act_and_double_nothing(
    field: Field, clock: HandClock
) -> None:
    await field.pending(*(f"k{n}" for n in range(1300)))
    operation = await _start(field, "cancel")

    await asyncio.gather(*(_to_the_end(field, clock) for _ in range(3)))
    await _to_the_end(field, clock)

    assert (await _operation(field, operation))["done"] == 1300
    ends = [row["task_id"] for row in await field.rows("task_history") if row["outcome"] == 4]
    assert len(ends) == len(set(ends)) == 1300


async def test_the_loop_of_redrives_carries_acts_out_as_well(field: Field) -> None:
    await field.pending("a", "b")
    loop = asyncio.create_task(run_operations(field.services))
    await asyncio.sleep(0)  # it looks, finds nothing, and waits

    operation = await _start(field, "cancel")
    async with asyncio.timeout(20):
        while (await _operation(field, operation))["state"] == "running":
            await asyncio.sleep(0.01)
    loop.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await loop

    assert await _pending_ids(field) == []


@pytest.mark.parametrize(
    ("action", "states"), [("cancel", ("succeeded",)), ("retry", ("running", "merged"))]
)
async def test_a_state_that_an_act_never_fits_is_refused(
    field: Field, action: Action, states: Any
) -> None:
    with pytest.raises(InvalidInput, match=states[0]) as refused:
        await _start(field, action, TaskFilter(states=states))

    assert len(refused.value.problems) == len(states)


def test_a_course_is_read_as_it_was_written() -> None:
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    course = ActCourse(
        action="retry",
        chosen=TaskFilter(states=["dead"], jobs=[1], created_since=now, error="x"),
        rate=2.5,
        last=9,
        asked_at=now,
        in_hand=[3],
        not_before=now,
        problems=[{"pointer": "/tasks/3", "code": "not_done", "message": "x"}],
    )

    assert read(written(course)) == course


@pytest.mark.parametrize("seed", range(3))
async def test_acts_beside_work_leave_each_event_in_one_place(
    field: Field, clock: HandClock, seed: int
) -> None:
    for turn in range(6):
        await field.pending(*(f"k{(seed + turn * n) % 12}" for n in range(10)))
        leases = await field.hands.claim(field.session, "job", quota=5)
        ends = [Outcome.OK, Outcome.DEAD, Outcome.RETRY]
        await _start(field, "cancel", TaskFilter(partition=f"k{turn}"))
        await _start(field, "retry", TaskFilter(states=("dead", "waiting", "succeeded")))
        results = await asyncio.gather(
            *(_to_the_end(field, clock) for _ in range(2)),
            *(field.hands.end(lease, ends[(seed + n) % 3]) for n, lease in enumerate(leases)),
            return_exceptions=True,
        )
        assert [r for r in results if isinstance(r, Exception)] == []
        await _to_the_end(field, clock)

    assert set((await field.places()).values()) == {1}
