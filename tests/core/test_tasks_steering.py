"""Cancel, retry and redrive: races with workers, merging, and nothing lost."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable

import pytest
from task_field import Field, opened_field

from headgate.core.access import LOCAL
from headgate.core.errors import Conflict, NotFound
from headgate.core.tasks import steering
from headgate.core.tasks.letters.model import EVERY, LetterFilter, Redrive
from headgate.core.tasks.letters.redrive import redrive_many
from headgate.core.work.model import Outcome


@pytest.fixture
async def field(database_url: str) -> AsyncIterator[Field]:
    async with opened_field(database_url) as opened:
        yield opened


async def _only_task(field: Field) -> int:
    (row,) = await field.rows("task_pending")
    return row["id"]


async def test_a_cancelled_pending_task_is_in_the_history_and_nowhere_else(field: Field) -> None:
    await field.pending("a", "a")
    task_id = await _only_task(field)

    task = await steering.cancel(field.services, who=LOCAL, task_id=task_id)

    assert task.state == "cancelled"
    assert "local" in (task.error or {})["message"]
    assert await field.rows("task_pending") == []
    assert await field.covered() == 2
    assert await field.hands.claim(field.session, "job") == []


async def test_a_cancel_that_loses_to_a_claim_asks_the_worker(field: Field) -> None:
    await field.pending("a")
    task_id = await _only_task(field)
    async with field.hands.conn.transaction():
        await field.hands.claim(field.session, "job")
        cancelling = asyncio.create_task(
            steering.cancel(field.services, who=LOCAL, task_id=task_id)
        )
        await field.waits_for_a_lock(cancelling)

    task = await cancelling

    assert (task.state, task.cancel_requested) == ("running", True)


async def test_a_cancel_wins_when_the_claim_is_rolled_back(field: Field) -> None:
    await field.pending("a")
    task_id = await _only_task(field)
    async with field.hands.conn.transaction(force_rollback=True):
        await field.hands.claim(field.session, "job")
        cancelling = asyncio.create_task(
            steering.cancel(field.services, who=LOCAL, task_id=task_id)
        )
        await field.waits_for_a_lock(cancelling)

    task = await cancelling

    assert task.state == "cancelled"


async def test_a_cancel_that_meets_a_failing_attempt_ends_the_task_all_the_same(
    field: Field,
) -> None:
    lease = await field.leased("a")
    async with field.hands.conn.transaction():
        await field.hands.end(lease, Outcome.RETRY)
        cancelling = asyncio.create_task(
            steering.cancel(field.services, who=LOCAL, task_id=lease.task_id)
        )
        await field.waits_for_a_lock(cancelling)

    task = await cancelling

    assert task.state == "cancelled"
    assert await field.covered() == 1


async def test_an_attempt_that_succeeds_before_it_hears_of_the_cancel_has_succeeded(
    field: Field,
) -> None:
    lease = await field.leased("a")
    await steering.cancel(field.services, who=LOCAL, task_id=lease.task_id)

    await field.hands.end(lease, Outcome.OK)

    assert (await field.task(lease.task_id)).state == "succeeded"


@pytest.mark.parametrize("outcome", [Outcome.OK, Outcome.DEAD, Outcome.CANCELLED])
async def test_what_has_ended_cannot_be_cancelled(field: Field, outcome: Outcome) -> None:
    task_id = await field.ended("a", outcome)

    with pytest.raises(Conflict):
        await steering.cancel(field.services, who=LOCAL, task_id=task_id)
    with pytest.raises(NotFound):
        await steering.cancel(field.services, who=LOCAL, task_id=task_id + 1000)


async def test_a_retried_waiting_task_is_claimable_at_once(field: Field) -> None:
    task_id = await field.ended("a", Outcome.RETRY)
    assert (await field.task(task_id)).state == "waiting"
    assert await field.hands.claim(field.session, "job") == []

    task = await steering.retry(field.services, who=LOCAL, task_id=task_id)

    assert task.state == "pending"
    (lease,) = await field.hands.claim(field.session, "job")
    assert (lease.task_id, lease.attempt) == (task_id, 2)


@pytest.mark.parametrize("outcome", [Outcome.OK, Outcome.CANCELLED])
async def test_an_ended_task_that_is_retried_covers_what_it_covered(
    field: Field, outcome: Outcome
) -> None:
    lease = await field.leased("a")
    await field.hands.end(lease, outcome)

    task = await steering.retry(field.services, who=LOCAL, task_id=lease.task_id)

    assert (task.state, task.attempt) == ("pending", 0)
    (again,) = await field.hands.claim(field.session, "job")
    assert (again.task_id, again.evs, again.heavy) == (lease.task_id, lease.evs, True)
    with pytest.raises(Conflict):
        await steering.retry(field.services, who=LOCAL, task_id=lease.task_id)


async def test_two_retries_at_once_run_a_task_again_once(field: Field) -> None:
    task_id = await field.ended("a", Outcome.OK)

    both = await asyncio.gather(
        *(steering.retry(field.services, who=LOCAL, task_id=task_id) for _ in range(2)),
        return_exceptions=True,
    )

    assert sorted(type(one).__name__ for one in both) == ["Conflict", "Task"]
    (pending,) = await field.rows("task_pending")
    assert pending["n"] == 1


async def test_a_redriven_letter_starts_anew_under_its_tasks_id(field: Field) -> None:
    task_id = await field.ended("a", Outcome.DEAD)
    letter = (await field.task(task_id)).dead_letter or 0

    redriven = await steering.redrive_one(field.services, who=LOCAL, letter_id=letter)

    assert redriven.task_id == task_id
    (pending,) = await field.rows("task_pending")
    assert (pending["id"], pending["attempt"], pending["losses"]) == (task_id, 0, 0)
    assert (await field.task(task_id)).dead_letter is None
    assert await field.covered() == 1


async def test_a_redriven_letter_is_merged_with_the_pending_task_of_its_key(field: Field) -> None:
    dead = await field.ended("a", Outcome.DEAD)
    await field.pending("a", "a")
    successor = await _only_task(field)
    letter = (await field.task(dead)).dead_letter or 0

    redriven = await steering.redrive_one(field.services, who=LOCAL, letter_id=letter)

    assert redriven.task_id == successor
    task = await field.task(dead)
    assert (task.state, task.folded_into) == ("merged", successor)
    assert (await field.task(successor)).events_covered == 3
    assert await field.covered() == 3
    with pytest.raises(Conflict, match="merged"):
        await steering.retry(field.services, who=LOCAL, task_id=dead)
    with pytest.raises(Conflict, match="merged"):
        await steering.cancel(field.services, who=LOCAL, task_id=dead)


async def test_letters_of_one_key_become_one_task(field: Field) -> None:
    first = await field.ended("a", Outcome.DEAD)
    second = await field.ended("a", Outcome.DEAD)

    done = await redrive_many(field.services, who=LOCAL, chosen=EVERY)

    assert done == Redrive(2, 2, None)
    assert await _only_task(field) == second
    assert (await field.task(first)).folded_into == second
    assert await field.covered() == 2


async def test_two_redrives_at_once_move_every_letter_once(field: Field) -> None:
    for number in range(20):
        await field.ended(f"k{number}", Outcome.DEAD)

    both = await asyncio.gather(
        *(redrive_many(field.services, who=LOCAL, chosen=EVERY) for _ in range(3))
    )

    assert sum(done.redriven for done in both) == 20
    assert len(await field.rows("task_pending")) == 20
    assert await field.covered() == 20
    assert await redrive_many(field.services, who=LOCAL, chosen=EVERY) == Redrive(0, 0, None)


async def test_letters_of_a_removed_job_stay_where_they_are(field: Field) -> None:
    dead = await field.ended("a", Outcome.DEAD)
    done = await field.ended("b", Outcome.OK)
    letter = (await field.task(dead)).dead_letter or 0
    await field.hands.conn.execute("update core.job set removed_at = now()")

    assert await redrive_many(field.services, who=LOCAL, chosen=EVERY) == Redrive(0, 0, None)
    for act in (
        steering.redrive_one(field.services, who=LOCAL, letter_id=letter),
        steering.retry(field.services, who=LOCAL, task_id=dead),
        steering.retry(field.services, who=LOCAL, task_id=done),
    ):
        with pytest.raises(Conflict, match="removed"):
            await act
    assert (await field.task(dead)).dead_letter == letter


async def test_every_act_is_told_to_watchers(field: Field) -> None:
    dead = await field.ended("a", Outcome.DEAD)
    await steering.retry(field.services, who=LOCAL, task_id=dead)
    await steering.cancel(field.services, who=LOCAL, task_id=dead)
    await steering.retry(field.services, who=LOCAL, task_id=dead)

    cursor = await field.hands.conn.execute("select topic, data from core.change order by xid, id")
    told = [(row["topic"], row["data"]["state"]) for row in await cursor.fetchall()]

    assert told == [
        ("dead_letter", "open"),
        ("dead_letter", "redriven"),
        ("task", "pending"),
        ("task", "cancelled"),
        ("task", "pending"),
    ]


async def test_whatever_is_done_at_once_nothing_is_lost_and_nobody_deadlocks(
    field: Field,
) -> None:
    dice = random.Random(7)
    keys = [f"k{number}" for number in range(12)]
    job_id = field.hands.made.jobs["job"]
    emitted = 0
    for _ in range(12):
        batch = dice.choices(keys, k=8)
        emitted += len(batch)
        await field.pending(*batch)
        leases = await field.hands.claim(field.session, "job", quota=6)
        ids = [row["id"] for row in await field.rows("task_pending")]
        acts: list[Awaitable[object]] = [
            redrive_many(field.services, who=LOCAL, chosen=EVERY),
            redrive_many(field.services, who=LOCAL, chosen=LetterFilter(job_id=job_id)),
            *(steering.cancel(field.services, who=LOCAL, task_id=i) for i in ids[:2]),
            *(steering.retry(field.services, who=LOCAL, task_id=i) for i in ids[1:3]),
            *(
                field.hands.end(lease, dice.choice([Outcome.OK, Outcome.DEAD, Outcome.RETRY]))
                for lease in leases
            ),
        ]
        dice.shuffle(acts)
        for result in await asyncio.gather(*acts, return_exceptions=True):
            assert not isinstance(result, Exception) or isinstance(result, Conflict | NotFound)
        assert await field.covered() == emitted
