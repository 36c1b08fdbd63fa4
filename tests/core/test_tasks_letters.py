"""Dead letters as people handle them: grouped, counted, discarded, reopened, and never lost."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from task_field import JOB, Field, opened_field

from headgate.core.access import LOCAL, Principal
from headgate.core.errors import Conflict, NotFound
from headgate.core.tasks import reading, steering, store
from headgate.core.tasks.letters import store as letters
from headgate.core.tasks.letters.model import EVERY, Counted, LetterFilter, LetterGroup, Plan
from headgate.core.tasks.letters.redrive import plan_redrive, redrive_many
from headgate.core.tasks.letters.settle import plan_settle, settle_many, settle_one
from headgate.core.tasks.model import DeadLetter, DeadLetterState
from headgate.core.work.model import Outcome


@pytest.fixture
async def field(database_url: str) -> AsyncIterator[Field]:
    async with opened_field(database_url) as opened:
        yield opened


async def _groups(
    field: Field,
    *states: DeadLetterState,
    before: int = reading.NEWEST,
    limit: int = 50,
) -> list[LetterGroup]:
    async with field.services.database.connection() as conn:
        return await letters.groups(
            conn, org_id=1, job_id=None, states=states or ("open",), before=before, limit=limit
        )


async def _letter(field: Field, letter_id: int) -> DeadLetter:
    async with field.services.database.connection() as conn:
        found = await store.find_dead_letter(conn, org_id=1, id=letter_id)
    assert found is not None
    return found


async def _plan(field: Field, chosen: LetterFilter) -> Plan:
    return await plan_redrive(field.services, who=LOCAL, chosen=chosen)


async def test_letters_that_failed_alike_are_one_group_whatever_their_numbers(
    field: Field,
) -> None:
    first = await field.dead("a", "b", message="line 12 is wrong")
    second = await field.dead("c", message="line 977 is wrong")
    (other,) = await field.dead("d", message="the provider is away")

    away, wrong = await _groups(field)

    assert (away.letters, away.newest, away.error["message"]) == (1, other, "the provider is away")
    assert (wrong.job, wrong.letters, wrong.events_covered) == (JOB, 3, 3)
    assert wrong.newest == second[0]
    assert wrong.error["message"] == "line 977 is wrong"
    assert "detail" not in wrong.error
    assert wrong.first_died_at == (await _letter(field, first[0])).died_at < wrong.last_died_at


async def test_pages_of_groups_hold_each_group_once(field: Field) -> None:
    for number in range(5):
        await field.dead(f"k{number}", message=f"cause {chr(97 + number)}")

    seen: list[str] = []
    before = reading.NEWEST
    while page := await _groups(field, before=before, limit=2):
        seen += [group.error["message"] for group in page]
        before = page[-1].newest

    assert seen == [f"cause {letter}" for letter in "edcba"]


async def test_groups_are_of_one_org_and_of_the_states_asked_for(field: Field) -> None:
    (letter,) = await field.dead("a")
    await settle_one(field.services, who=LOCAL, letter_id=letter, to="discarded")

    assert await _groups(field) == []
    assert [group.newest for group in await _groups(field, "discarded")] == [letter]
    async with field.services.database.connection() as conn:
        found = await letters.groups(
            conn, org_id=2, job_id=None, states=("discarded",), before=reading.NEWEST, limit=5
        )
    assert found == []


async def test_a_plan_counts_letters_tasks_and_what_would_be_merged(field: Field) -> None:
    await field.dead("a", message="x")
    await field.dead("a", message="y")
    await field.dead("b", message="y")
    await field.pending("b")

    plan = await _plan(field, EVERY)

    assert plan.total == Counted(letters=3, events_covered=3, tasks=2, merged=1)
    counted = [(g.job, g.letters, g.tasks, g.merged) for g in plan.groups]
    assert counted == [(JOB, 2, 2, 1), (JOB, 1, 1, 0)]
    done = await redrive_many(field.services, who=LOCAL, chosen=EVERY)
    assert (done.redriven, len(await field.rows("task_pending"))) == (3, plan.total.tasks)


async def test_each_part_of_a_filter_narrows_what_is_meant(field: Field) -> None:
    first, second = await field.dead("a", message="x") + await field.dead("b", message="y")
    last = (await field.dead("c", message="y"))[0]
    died = (await _letter(field, second)).died_at
    alike = (await _letter(field, last)).fingerprint
    job_id = field.hands.made.jobs["job"]

    async def meant(chosen: LetterFilter) -> int:
        return (await _plan(field, chosen)).total.letters

    assert await meant(LetterFilter(ids=[first, last, 999])) == 2
    assert await meant(LetterFilter(job_id=job_id)) == 3
    assert await meant(LetterFilter(job_id=job_id + 1)) == 0
    assert await meant(LetterFilter(fingerprint=alike)) == 2
    assert await meant(LetterFilter(died_after=died)) == 2
    assert await meant(LetterFilter(died_before=died)) == 1
    assert await meant(LetterFilter(fingerprint=alike, died_before=died)) == 0
    assert (await _plan(field, LetterFilter(ids=[]))).total.letters == 0


async def test_only_the_letters_of_the_filter_are_redriven(field: Field) -> None:
    await field.dead("a", "b", message="x")
    (alone,) = await field.dead("c", message="y")
    chosen = LetterFilter(fingerprint=(await _letter(field, alone)).fingerprint)

    done = await redrive_many(field.services, who=LOCAL, chosen=chosen)

    assert (done.matched, done.redriven, done.operation) == (1, 1, None)
    assert await field.states() == {"open": 2, "redriven": 1}
    assert set((await field.places()).values()) == {1}


async def test_a_discarded_letter_is_out_of_the_way_until_it_is_reopened(field: Field) -> None:
    (letter,) = await field.dead("a")

    await settle_one(field.services, who=LOCAL, letter_id=letter, to="discarded")
    discarded = await _letter(field, letter)
    assert (discarded.state, discarded.resolved_at is None) == ("discarded", False)
    assert (await _plan(field, EVERY)).total.letters == 0
    with pytest.raises(Conflict, match="reopen"):
        await steering.redrive_one(field.services, who=LOCAL, letter_id=letter)

    await settle_one(field.services, who=LOCAL, letter_id=letter, to="open")
    reopened = await _letter(field, letter)
    assert (reopened.state, reopened.resolved_at) == ("open", None)
    await steering.redrive_one(field.services, who=LOCAL, letter_id=letter)
    assert (await field.places()).total() == 1


async def test_settling_a_letter_twice_is_the_same_as_once(field: Field) -> None:
    (letter,) = await field.dead("a")

    for to in ("discarded", "discarded", "open", "open"):
        await settle_one(field.services, who=LOCAL, letter_id=letter, to=to)

    assert await field.states() == {"open": 1}


async def test_a_letter_that_is_back_at_work_can_be_neither_discarded_nor_reopened(
    field: Field,
) -> None:
    (letter,) = await field.dead("a")
    await steering.redrive_one(field.services, who=LOCAL, letter_id=letter)

    for to in ("discarded", "open"):
        with pytest.raises(Conflict, match="redriven"):
            await settle_one(field.services, who=LOCAL, letter_id=letter, to=to)
        with pytest.raises(NotFound):
            await settle_one(field.services, who=LOCAL, letter_id=letter + 1, to=to)


async def test_many_letters_are_discarded_and_taken_back_by_a_filter(field: Field) -> None:
    await field.dead("a", "b", "c", message="x")
    (other,) = await field.dead("d", message="y")
    chosen = LetterFilter(died_before=(await _letter(field, other)).died_at)

    plan = await plan_settle(field.services, who=LOCAL, chosen=chosen, to="discarded")
    count = await settle_many(field.services, who=LOCAL, chosen=chosen, to="discarded")

    assert plan.total.letters == count == 3
    assert await field.states() == {"discarded": 3, "open": 1}
    assert await settle_many(field.services, who=LOCAL, chosen=EVERY, to="open") == 3
    assert await field.states() == {"open": 4}


async def test_letters_of_a_removed_job_can_still_be_discarded(field: Field) -> None:
    await field.dead("a")
    await field.hands.conn.execute("update core.job set removed_at = now()")

    assert await settle_many(field.services, who=LOCAL, chosen=EVERY, to="discarded") == 1


async def test_nobody_settles_the_letters_of_another_org(field: Field) -> None:
    (letter,) = await field.dead("a")
    stranger = Principal(org_id=2, name="stranger")

    assert await settle_many(field.services, who=stranger, chosen=EVERY, to="discarded") == 0
    assert (await redrive_many(field.services, who=stranger, chosen=EVERY)).matched == 0
    with pytest.raises(NotFound):
        await settle_one(field.services, who=stranger, letter_id=letter, to="discarded")
    assert await field.states() == {"open": 1}


@pytest.mark.parametrize("state", ["discarded", "superseded"])
async def test_a_dead_task_that_is_retried_takes_its_letter_along(field: Field, state: str) -> None:
    """Else the letter could be reopened, and its events would be in two places."""
    task_id = await field.ended("a", Outcome.DEAD)
    await field.hands.conn.execute(
        "update core.dead_letter set state = %s, resolved_at = now()", [state]
    )
    (letter,) = await field.rows("dead_letter")

    task = await steering.retry(field.services, who=LOCAL, task_id=task_id)

    assert task.state == "pending"
    assert await field.states() == {"redriven": 1}
    with pytest.raises(Conflict):
        await settle_one(field.services, who=LOCAL, letter_id=letter["id"], to="open")
    assert set((await field.places()).values()) == {1}


async def test_a_dead_task_whose_letter_is_kept_no_longer_is_run_again(field: Field) -> None:
    task_id = await field.ended("a", Outcome.DEAD)
    await field.hands.conn.execute("delete from core.dead_letter")

    task = await steering.retry(field.services, who=LOCAL, task_id=task_id)

    assert (task.state, task.events_covered) == ("pending", 1)


async def test_a_task_is_not_run_again_beside_its_letter(field: Field) -> None:
    """Whoever looked before the task died would else put its events in two places."""
    task_id = await field.ended("a", Outcome.DEAD)

    async with field.services.database.connection() as conn:
        assert await store.run_again(conn, org_id=1, task_id=task_id) is None

    assert (await field.places()).total() == 1


async def test_a_letter_says_until_when_it_is_kept(field: Field) -> None:
    (letter,) = await field.dead("a")
    died = (await _letter(field, letter)).died_at
    assert (await _letter(field, letter)).expires_at == died + timedelta(days=14)

    for to in ("discarded", "open"):
        await settle_one(field.services, who=LOCAL, letter_id=letter, to=to)

    # Kept as long as if it had died when it was reopened: who takes a mistake back has time to act.
    assert (await _letter(field, letter)).expires_at > died + timedelta(days=14)
    async with field.services.database.connection() as conn:
        (listed,) = await store.list_dead_letters(
            conn,
            org_id=1,
            job_id=None,
            states=("open",),
            before=reading.NEWEST,
            limit=5,
            kept=timedelta(days=3),
        )
    assert listed.expires_at < died + timedelta(days=4)


async def test_a_letter_that_later_work_covered_is_found_by_its_state(field: Field) -> None:
    await field.hands.conn.execute("update core.job set update_strategy = 'replace'")
    first, _ = await field.dead("a", "b")
    await field.ended("a", Outcome.OK)

    async with field.services.database.connection() as conn:
        found = await store.list_dead_letters(
            conn,
            org_id=1,
            job_id=None,
            states=("superseded",),
            before=reading.NEWEST,
            limit=5,
        )

    assert [letter.id for letter in found] == [first]
    with pytest.raises(Conflict, match="Later work covered it"):
        await steering.redrive_one(field.services, who=LOCAL, letter_id=first)


async def test_a_retry_that_meets_a_redrive_of_the_same_letter_runs_nothing_twice(
    field: Field,
) -> None:
    task_id = await field.ended("a", Outcome.DEAD)
    async with field.hands.conn.transaction():
        (letter,) = await field.rows("dead_letter")
        await letters.redrive(field.hands.conn, org_id=1, chosen=EVERY, last=letter["id"], limit=1)
        retrying = asyncio.create_task(steering.retry(field.services, who=LOCAL, task_id=task_id))
        await field.waits_for_a_lock(retrying)

    with pytest.raises(Conflict, match="moved just now"):
        await retrying
    assert (await field.places()).total() == 1
