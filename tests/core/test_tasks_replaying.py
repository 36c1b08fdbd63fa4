"""Editing the event of a dead letter: a new event in its place, for the job that failed alone."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row
from task_field import Field, opened_field

from headgate.core.access import LOCAL, Principal
from headgate.core.errors import Conflict, InvalidInput, NotFound
from headgate.core.events.model import NewEvent
from headgate.core.events.store import emit
from headgate.core.tasks import steering
from headgate.core.tasks.letters.model import CoveredEvent, Edit
from headgate.core.tasks.letters.replay import covered_event, edit_and_replay
from headgate.core.tasks.letters.settle import settle_one
from headgate.core.work.model import Outcome
from proof.by_hand import Hands
from proof.deployment import Input, JobPlan, deploy


@pytest.fixture
async def field(database_url: str) -> AsyncIterator[Field]:
    async with opened_field(database_url) as opened:
        yield opened


@pytest.fixture
async def conn(database_url: str) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
    async with await psycopg.AsyncConnection.connect(
        database_url, autocommit=True, row_factory=dict_row
    ) as opened:
        yield opened


async def _dead_with(field: Field, payload: Any, *, key: str = "a", trace: str = "t") -> int:
    """Have a dead letter of one event with a payload; return the letter's id."""
    dataset = field.hands.made.datasets["names"]
    event = NewEvent(dataset_id=dataset, key=key, payload=payload, trace=trace)
    await emit(field.hands.conn, org_id=1, events=[event])
    await field.hands.route()
    (letter,) = await field.fail()
    return letter


async def _replay(field: Field, letter: int, edit: Edit) -> int:
    return await edit_and_replay(field.services, who=LOCAL, letter_id=letter, edit=edit)


async def _event(field: Field, event_id: int) -> dict[str, Any]:
    return next(row for row in await field.hands.events("names") if row["id"] == event_id)


async def test_an_edited_payload_runs_in_place_of_what_failed(field: Field) -> None:
    letter = await _dead_with(field, {"amount": "1O"}, key="order-7")

    event_id = await _replay(field, letter, Edit(payload={"amount": 10}))

    event = await _event(field, event_id)
    assert (event["key"], event["payload"], event["trace"]) == ("order-7", {"amount": 10}, "t")
    assert event["only_job"] == field.hands.made.jobs["job"]
    await field.hands.route()
    (lease,) = await field.hands.claim(field.session, "job")
    assert lease.event_ids == [(event_id, event_id + 1)]
    await field.hands.end(lease, Outcome.OK)
    assert await field.states() == {"replayed": 1}
    assert await field.places() == {event_id: 1}


async def test_a_key_alone_is_edited_and_the_payload_stays_to_the_last_digit(field: Field) -> None:
    letter = await _dead_with(field, None, key="k")
    exact = '{"price": 0.10000000000000000000000000001}'
    await field.hands.conn.execute("update core.event set payload = %s::jsonb", [exact])

    event_id = await _replay(field, letter, Edit(key="key/of its own"))

    assert (await _event(field, event_id))["key"] == "key/of its own"
    cursor = await field.hands.conn.execute(
        "select payload::text as payload from core.event where id = %s", [event_id]
    )
    assert await cursor.fetchone() == {"payload": exact}


async def test_a_payload_can_be_taken_away(field: Field) -> None:
    letter = await _dead_with(field, {"a": 1})

    event_id = await _replay(field, letter, Edit(payload=None))

    assert (await _event(field, event_id))["payload"] is None


async def test_the_task_says_which_event_took_its_place(field: Field) -> None:
    letter = await _dead_with(field, 1)
    (row,) = await field.rows("dead_letter")

    event_id = await _replay(field, letter, Edit(payload=2))

    task = await field.task(row["task_id"])
    assert (task.state, task.replayed_by, task.dead_letter) == ("replayed", event_id, None)
    assert (task.error or {})["message"] == f"Event {event_id}, edited by local, took its place."
    assert await field.listed("replayed") == [task.id]
    assert await field.listed("dead") == []
    for act in (steering.retry, steering.cancel):
        with pytest.raises(Conflict, match="took the place"):
            await act(field.services, who=LOCAL, task_id=task.id)


async def test_only_the_job_that_failed_gets_the_edited_event(conn: Any, field: Field) -> None:
    plans = [JobPlan(name, (Input("names"),)) for name in ("job", "other")]
    hands = Hands(conn, await deploy(conn, datasets={"names": "key"}, jobs=plans))
    both = Field(field.services, hands, field.session)
    (letter,) = await both.dead("a")
    await hands.end(await hands.claim(field.session, "other"), Outcome.OK)

    await _replay(both, letter, Edit(payload="mended"))
    await hands.route()

    assert len(await hands.claim(field.session, "job")) == 1
    assert await hands.claim(field.session, "other") == []


async def test_a_letter_of_several_events_is_not_replaced_by_one(field: Field) -> None:
    (letter,) = await field.dead("a", "a")

    with pytest.raises(Conflict, match="covers 2 events") as refused:
        await _replay(field, letter, Edit(payload=1))

    assert "redrive" in refused.value.hint
    assert await field.states() == {"open": 1}


async def test_every_fault_of_the_edited_event_is_told_and_nothing_changes(field: Field) -> None:
    letter = await _dead_with(field, 1)

    with pytest.raises(InvalidInput) as refused:
        await _replay(field, letter, Edit(key="x" * 901, payload={"text": "a\x00b"}))

    assert {p.pointer for p in refused.value.problems} == {"/key", "/payload"}
    assert await field.states() == {"open": 1}
    assert len(await field.hands.events("names")) == 1


async def test_only_an_open_letter_is_replaced(field: Field) -> None:
    letter = await _dead_with(field, 1)
    await settle_one(field.services, who=LOCAL, letter_id=letter, to="discarded")
    with pytest.raises(Conflict, match="reopen"):
        await _replay(field, letter, Edit(payload=2))
    await settle_one(field.services, who=LOCAL, letter_id=letter, to="open")

    await _replay(field, letter, Edit(payload=2))

    with pytest.raises(Conflict, match="replayed"):
        await _replay(field, letter, Edit(payload=3))
    with pytest.raises(Conflict, match="replayed"):
        await steering.redrive_one(field.services, who=LOCAL, letter_id=letter)
    with pytest.raises(NotFound):
        await _replay(field, letter + 1, Edit(payload=3))
    stranger = Principal(org_id=2, name="stranger")
    with pytest.raises(NotFound):
        await edit_and_replay(field.services, who=stranger, letter_id=letter, edit=Edit(payload=3))


async def test_a_redrive_and_two_replays_at_once_let_one_through(field: Field) -> None:
    letter = await _dead_with(field, 1)

    done = await asyncio.gather(
        _replay(field, letter, Edit(payload=2)),
        _replay(field, letter, Edit(payload=3)),
        steering.redrive_one(field.services, who=LOCAL, letter_id=letter),
        return_exceptions=True,
    )

    assert sorted(type(one).__name__ for one in done)[:2] == ["Conflict", "Conflict"]
    await field.hands.route()
    assert (await field.places()).total() == 1


async def test_an_event_that_nobody_would_handle_is_refused(field: Field) -> None:
    letter = await _dead_with(field, 1)
    await field.hands.conn.execute("delete from core.subscription")
    with pytest.raises(Conflict, match="no longer reads"):
        await _replay(field, letter, Edit(payload=2))

    await field.hands.conn.execute("delete from core.event")
    with pytest.raises(Conflict, match="no longer kept"):
        await _replay(field, letter, Edit(payload=2))
    assert await field.states() == {"open": 1}


async def test_the_event_that_an_edit_would_replace_is_shown(field: Field) -> None:
    letter = await _dead_with(field, {"a": [1]}, key="k")
    (several,) = await field.dead("b", "b")

    async with field.services.database.connection() as conn:
        shown = await covered_event(conn, org_id=1, letter_id=letter)
        assert await covered_event(conn, org_id=1, letter_id=several) is None
        assert await covered_event(conn, org_id=2, letter_id=letter) is None

    (event, *_) = await field.hands.events("names")
    assert shown == CoveredEvent(event["id"], "d0.names", "k", None, {"a": [1]})


@pytest.mark.parametrize(("blocks", "refused"), [((0, 10), False), ((5, 15), True)])
async def test_a_range_is_replayed_if_one_task_had_all_of_it(
    conn: Any, field: Field, blocks: tuple[int, int], *, refused: bool
) -> None:
    """Partitions have ten blocks: of an event that spans two, each task covers a part."""
    plan = JobPlan("job", (Input("blocks"),), strategy="PerPartition")
    hands = Hands(conn, await deploy(conn, datasets={"blocks": "range"}, jobs=[plan]))
    ranged = Field(field.services, hands, field.session)
    await hands.emit("blocks", blocks)
    await hands.route()
    letter, *_ = await ranged.fail()

    if refused:
        with pytest.raises(Conflict, match="a part of its event's range"):
            await _replay(ranged, letter, Edit(payload="mended"))
    else:
        event_id = await _replay(ranged, letter, Edit(payload="mended"))
        event = (await hands.events("blocks"))[-1]
        assert (event["id"], event["rng"].lower, event["rng"].upper) == (event_id, *blocks)
    with pytest.raises((InvalidInput, Conflict)):
        await _replay(ranged, letter, Edit(key="not a range"))
