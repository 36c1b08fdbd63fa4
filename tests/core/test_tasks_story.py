"""What belongs to one task: when it waited and ran, what it covers, with whom it shares its work."""

from collections.abc import AsyncIterator

import pytest
from task_field import Field, opened_field

from headgate.core.access import LOCAL
from headgate.core.events.model import NewEvent
from headgate.core.events.store import emit
from headgate.core.tasks import reading, steering, store
from headgate.core.tasks.model import Attempt, InputEvent, Kinship
from headgate.core.work.model import Outcome


@pytest.fixture
async def field(database_url: str) -> AsyncIterator[Field]:
    async with opened_field(database_url) as opened:
        yield opened


async def _attempts(field: Field, task_id: int, *, limit: int = 50) -> list[Attempt]:
    async with field.services.database.connection() as conn:
        return await store.attempts(conn, org_id=1, task_id=task_id, limit=limit)


async def _inputs(field: Field, task_id: int) -> list[InputEvent]:
    async with field.services.database.connection() as conn:
        return await reading.input_events(conn, org_id=1, task_id=task_id)


async def _kinship(field: Field, task_id: int) -> Kinship:
    async with field.services.database.connection() as conn:
        return await reading.kinship(conn, org_id=1, task_id=task_id)


async def _run_again(field: Field, task_id: int) -> None:
    await steering.retry(field.services, who=LOCAL, task_id=task_id)
    (lease,) = await field.hands.claim(field.session, "job")
    assert lease.task_id == task_id
    await field.hands.end(lease, Outcome.OK)


async def test_an_attempt_waited_since_the_task_was_made_or_went_back(field: Field) -> None:
    task_id = await field.ended("a", Outcome.RETRY)
    await _run_again(field, task_id)
    first, second = await _attempts(field, task_id)
    task = await field.task(task_id)

    assert first.queued_at == task.created_at <= first.started_at
    assert first.ended_at is not None
    assert second.queued_at == first.ended_at <= second.started_at


async def test_an_attempt_after_an_act_waited_since_the_act(field: Field) -> None:
    task_id = await field.ended("a", Outcome.OK)
    await _run_again(field, task_id)
    first, second = await _attempts(field, task_id)
    (act,) = [row for row in await field.rows("task_history") if row["outcome"] == 5]

    assert first.ended_at is not None
    assert second.queued_at == act["done_at"] > first.ended_at


async def test_the_first_of_the_attempts_shown_knows_since_when_it_waited(field: Field) -> None:
    task_id = await field.ended("a", Outcome.RETRY)
    for _ in range(2):
        await _run_again(field, task_id)
    every = await _attempts(field, task_id)

    assert await _attempts(field, task_id, limit=1) == every[-1:]


async def test_inputs_tell_the_size_of_payloads_that_they_leave_out(field: Field) -> None:
    conn, dataset = field.hands.conn, field.hands.made.datasets["names"]
    word = "ab" * 40_000
    events = [NewEvent(dataset, key="a", payload=word), NewEvent(dataset, key="a")]
    first, second = await emit(conn, org_id=1, events=events)
    await field.hands.route()
    (task_id,) = [row["id"] for row in await field.rows("task_pending")]

    large, none = await _inputs(field, task_id)
    payload = await store.payload(conn, org_id=1, event_id=first, most=65_536)

    assert (large.id, none.id) == (first, second)
    assert large.payload_bytes > 0
    assert none.payload_bytes == 0
    assert payload is not None
    assert (payload.bytes, payload.truncated) == (80_002, True)
    assert payload.text == f'"{word}'[:65_536]
    assert await store.payload(conn, org_id=1, event_id=second, most=9) is None
    assert await store.payload(conn, org_id=2, event_id=first, most=9) is None
    whole = await store.payload(conn, org_id=1, event_id=first, most=100_000)
    assert whole is not None
    assert not whole.truncated


async def test_tasks_of_one_key_know_who_carried_on_and_from_whom(field: Field) -> None:
    merged = []
    for _ in range(2):
        await field.pending("a")
        (lease,) = await field.hands.claim(field.session, "job")
        await field.pending("a")
        await field.hands.end(lease, Outcome.RETRY)
        await field.hands.conn.execute("update core.task_pending set waiting = false")
        merged.append(lease.task_id)
    (last,) = [row["id"] for row in await field.rows("task_pending")]

    assert await _kinship(field, merged[0]) == Kinship(
        carried_on_by=[merged[1], last], came_from=[]
    )
    assert (await _kinship(field, last)).came_from == [merged[1]]
    assert (await _kinship(field, last)).carried_on_by == []


async def test_the_newest_letter_of_a_task_is_found_whatever_became_of_it(field: Field) -> None:
    (letter,) = await field.dead("a")
    task_id = (await field.rows("dead_letter"))[0]["task_id"]
    await steering.redrive_one(field.services, who=LOCAL, letter_id=letter)

    async with field.services.database.connection() as conn:
        assert await store.letter_of(conn, org_id=1, task_id=task_id) == letter
        assert await store.letter_of(conn, org_id=2, task_id=task_id) is None
