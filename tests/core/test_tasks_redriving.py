"""Redrives that take a while: each letter once, at its rate, through cancels, crashes and rivals."""

import asyncio
import contextlib
import itertools
import math
import random
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from task_field import Field, opened_field

from headgate.core.access import LOCAL
from headgate.core.errors import Conflict, DatabaseUnavailable, NotFound
from headgate.core.operations import steering as operations
from headgate.core.operations import store as operation_store
from headgate.core.tasks import steering
from headgate.core.tasks.letters.model import EVERY, Edit, LetterFilter
from headgate.core.tasks.letters.redrive import redrive_many
from headgate.core.tasks.letters.replay import edit_and_replay
from headgate.core.tasks.letters.settle import settle_many, settle_one
from headgate.core.tasks.operating import run_operations
from headgate.core.tasks.redriving import move_batch
from headgate.core.work.model import Outcome


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


async def _started(
    field: Field, *, rate: float | None = None, chosen: LetterFilter = EVERY
) -> UUID:
    done = await redrive_many(field.services, who=LOCAL, chosen=chosen, rate=rate)
    assert done.operation is not None
    assert done.redriven == 0
    return done.operation


async def _operation(field: Field, operation: UUID) -> dict[str, Any]:
    async with field.services.database.connection() as conn:
        return await operations.find_operation(conn, org_id=1, operation_id=operation)


async def _to_the_end(field: Field) -> int:
    """Move batches until no redrive runs; return how many."""
    batches = 0
    while (await move_batch(field.services)) != math.inf:
        batches += 1
    return batches


async def test_more_than_a_hundred_letters_go_back_as_an_operation(field: Field) -> None:
    await field.dead(*(f"k{number}" for number in range(1101)))

    operation = await _started(field)
    batches = await _to_the_end(field)

    ended = await _operation(field, operation)
    assert (ended["kind"], ended["actor"], ended["state"]) == ("redrive", "local", "succeeded")
    assert (ended["done"], ended["total"]) == (1101, 1101)
    assert ended["message"] == "1,101 of 1,101 dead letters are back at work."
    assert batches == 3
    assert await field.states() == {"redriven": 1101}
    assert await field.places() == dict.fromkeys(await field.places(), 1)


async def test_a_hundred_letters_go_back_at_once(field: Field) -> None:
    await field.dead(*(f"k{number}" for number in range(100)))

    done = await redrive_many(field.services, who=LOCAL, chosen=EVERY)

    assert (done.matched, done.redriven, done.operation) == (100, 100, None)
    assert await move_batch(field.services) == math.inf


async def test_nothing_to_redrive_is_no_operation(field: Field) -> None:
    done = await redrive_many(field.services, who=LOCAL, chosen=EVERY, rate=1)

    assert (done.matched, done.operation) == (0, None)


async def test_what_dies_after_it_was_asked_for_is_left_alone(field: Field) -> None:
    await field.dead("a", "b")
    await _started(field, rate=1000)
    (later,) = await field.dead("c")

    await _to_the_end(field)

    assert [r["id"] for r in await field.rows("dead_letter") if r["state"] == "open"] == [later]


async def test_a_rate_is_kept_whatever_the_driver_does(field: Field, clock: HandClock) -> None:
    await field.dead(*(f"k{number}" for number in range(30)))
    await _started(field, rate=2)
    start = clock.now
    moved_at: list[float] = []
    while (pause := await move_batch(field.services)) != math.inf:
        moved = (await field.states())["redriven"]
        moved_at += [(clock.now - start).total_seconds()] * (moved - len(moved_at))
        # A driver that looks too often moves no more, one that comes late does not make up for it.
        clock.pass_by(max(0.1, pause if len(moved_at) % 7 else 3.0))

    assert len(moved_at) == 30
    gaps = [late - early for early, late in itertools.pairwise(moved_at)]
    assert min(gaps) >= 0.5


async def test_a_redrive_that_nobody_carried_out_for_an_hour_does_not_come_back_in_a_burst(
    field: Field, clock: HandClock
) -> None:
    await field.dead(*(f"k{number}" for number in range(40)))
    await _started(field, rate=8)
    await move_batch(field.services)
    clock.pass_by(3600)

    await move_batch(field.services)
    pause = await move_batch(field.services)

    assert (await field.states())["redriven"] == 4
    assert pause == pytest.approx(0.25)


async def test_a_cancel_in_the_middle_leaves_the_rest_open(field: Field, clock: HandClock) -> None:
    await field.dead(*(f"k{number}" for number in range(9)))
    operation = await _started(field, rate=4)
    for _ in range(3):
        await move_batch(field.services)
        clock.pass_by(0.25)

    asked = await operations.cancel(field.services, who=LOCAL, operation_id=operation)
    assert (asked["state"], asked["cancel_requested"]) == ("running", True)
    clock.pass_by(-60)  # it waits for no rate
    await _to_the_end(field)

    ended = await _operation(field, operation)
    assert (ended["state"], ended["done"], ended["total"]) == ("cancelled", 3, 9)
    assert "3 of 9" in ended["message"]
    assert await field.states() == {"open": 6, "redriven": 3}
    assert set((await field.places()).values()) == {1}
    with pytest.raises(Conflict, match="cancelled"):
        await operations.cancel(field.services, who=LOCAL, operation_id=operation)


async def test_only_what_can_be_cancelled_is(field: Field) -> None:
    campaign = UUID(int=1)
    async with field.services.database.connection() as conn:
        await operation_store.start(
            conn, id=campaign, org_id=1, kind="campaign", actor="local", subject="x"
        )

    with pytest.raises(Conflict, match="campaign"):
        await operations.cancel(field.services, who=LOCAL, operation_id=campaign)
    with pytest.raises(NotFound):
        await operations.cancel(field.services, who=LOCAL, operation_id=UUID(int=2))
    assert not (await _operation(field, campaign))["cancel_requested"]


async def test_two_drivers_share_a_redrive_and_double_nothing(field: Field) -> None:
    await field.dead(*(f"k{number}" for number in range(1300)))
    operation = await _started(field)
    told: list[int] = []

    async def drive() -> None:
        while (await _operation(field, operation))["state"] == "running":
            await move_batch(field.services)
            told.append((await _operation(field, operation))["done"])

    await asyncio.gather(*(drive() for _ in range(3)))

    assert (await _operation(field, operation))["done"] == max(told) == 1300
    acts = [row for row in await field.rows("task_history") if row["outcome"] == 5]
    assert len(acts) == len({row["task_id"] for row in acts}) == 1300
    assert set((await field.places()).values()) == {1}


async def test_a_redrive_in_one_hand_leaves_the_others_to_the_next(field: Field) -> None:
    await field.dead(*(f"k{number}" for number in range(4)))
    ids = sorted(row["id"] for row in await field.rows("dead_letter"))
    first = await _started(field, rate=1000, chosen=LetterFilter(ids=ids[:2]))
    second = await _started(field, rate=1000, chosen=LetterFilter(ids=ids[2:]))
    async with field.hands.conn.transaction():
        await field.hands.conn.execute(
            "select from core.operation where id = %s for update", [first]
        )
        await move_batch(field.services)
        await move_batch(field.services)

    assert (await _operation(field, first))["done"] == 0
    assert (await _operation(field, second))["state"] == "succeeded"


@pytest.mark.parametrize("death", ["its connection is cut", "its task is ended"])
async def test_another_driver_goes_on_where_one_died(field: Field, death: str) -> None:
    await field.dead(*(f"k{number}" for number in range(700)))
    operation = await _started(field)
    await move_batch(field.services)
    # The last letter is somebody else's for now, so that the driver dies in the middle of a batch.
    async with field.hands.conn.transaction():
        await field.hands.conn.execute(
            "select from core.dead_letter where id = (select max(id) from core.dead_letter) for update"
        )
        driver = asyncio.create_task(move_batch(field.services))
        blocked = await field.waits_for_a_lock(driver)
        if death == "its connection is cut":
            await field.hands.conn.execute("select pg_terminate_backend(%s)", [blocked])
        else:
            driver.cancel()
        with pytest.raises((DatabaseUnavailable, asyncio.CancelledError)):
            await driver
    halfway = await _operation(field, operation)
    assert (halfway["state"], halfway["done"]) == ("running", 500)
    assert await field.states() == {"redriven": 500, "open": 200}

    await _to_the_end(field)

    assert (await _operation(field, operation))["done"] == 700
    assert await field.states() == {"redriven": 700}
    assert set((await field.places()).values()) == {1}


async def test_the_loop_carries_out_what_it_is_woken_for(field: Field) -> None:
    await field.dead(*(f"k{number}" for number in range(101)))
    loop = asyncio.create_task(run_operations(field.services))
    await asyncio.sleep(0)  # it looks, finds nothing, and waits

    operation = await _started(field)
    async with asyncio.timeout(20):
        while (await _operation(field, operation))["state"] == "running":
            await asyncio.sleep(0.01)
    loop.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await loop

    assert await field.states() == {"redriven": 101}


async def test_letters_of_a_job_that_is_removed_meanwhile_stay_open(field: Field) -> None:
    await field.dead("a", "b")
    operation = await _started(field, rate=4)
    await move_batch(field.services)
    await field.hands.conn.execute("update core.job set removed_at = now()")
    field.services.clock.pass_by(60)  # type: ignore[attr-defined]

    await _to_the_end(field)

    ended = await _operation(field, operation)
    assert (ended["state"], ended["done"]) == ("succeeded", 1)
    assert "1 were not open any more, or their job was removed" in ended["message"]
    assert await field.states() == {"redriven": 1, "open": 1}


async def test_every_step_is_told_to_watchers(field: Field) -> None:
    await field.dead("a", "b")
    await _started(field, rate=1000)
    await _to_the_end(field)

    cursor = await field.hands.conn.execute(
        "select data->>'state' as state, data->>'done' as done from core.change"
        " where topic = 'operation'"
    )

    assert await cursor.fetchall() == [{"state": "succeeded", "done": "2"}]


@pytest.mark.parametrize("seed", [8, 24])
async def test_whatever_is_done_at_once_each_event_is_in_one_place(
    field: Field, clock: HandClock, seed: int
) -> None:
    dice = random.Random(seed)
    keys = [f"k{number}" for number in range(12)]
    for _ in range(10):
        await field.pending(*dice.choices(keys, k=8))
        leases = await field.hands.claim(field.session, "job", quota=6)
        found = [row["id"] for row in await field.rows("dead_letter")]
        letters = dice.sample(found, k=min(4, len(found)))
        operations_ = await field.hands.conn.execute("select id from core.operation")
        running = [row["id"] for row in await operations_.fetchall()]
        dead = [row["task_id"] for row in await field.rows("dead_letter")]
        services = field.services
        acts: list[Awaitable[object]] = [
            redrive_many(services, who=LOCAL, chosen=EVERY, rate=dice.choice([4, 20, None])),
            redrive_many(services, who=LOCAL, chosen=LetterFilter(ids=letters)),
            settle_many(services, who=LOCAL, chosen=EVERY, to=dice.choice(["discarded", "open"])),
            *(move_batch(services) for _ in range(3)),
            *(settle_one(services, who=LOCAL, letter_id=n, to="open") for n in letters[:2]),
            *(
                edit_and_replay(services, who=LOCAL, letter_id=n, edit=Edit(key=dice.choice(keys)))
                for n in letters[2:]
            ),
            *(steering.retry(services, who=LOCAL, task_id=n) for n in dead[-3:]),
            *(operations.cancel(services, who=LOCAL, operation_id=o) for o in running[:1]),
            *(
                field.hands.end(lease, dice.choice([Outcome.OK, Outcome.DEAD, Outcome.DEAD]))
                for lease in leases
            ),
        ]
        dice.shuffle(acts)
        for result in await asyncio.gather(*acts, return_exceptions=True):
            assert not isinstance(result, Exception) or isinstance(result, Conflict | NotFound)
        clock.pass_by(1)
        await field.hands.route()
        places = await field.places()
        replaced = {
            event
            for row in await field.rows("dead_letter")
            if row["state"] == "replayed"
            for event in range(row["evs"][0].lower, row["evs"][0].upper)
        }
        events = {row["id"] for row in await field.hands.events("names")}
        assert places == dict.fromkeys(events - replaced, 1)


async def test_in_a_fair_job_what_comes_back_takes_turns_with_what_waits(field: Field) -> None:
    await field.dead(*(f"old{number}" for number in range(6)))
    await field.hands.conn.execute("update core.job set fair_segments = 1")
    await field.pending(*(f"group/{number}" for number in range(3)))

    await redrive_many(field.services, who=LOCAL, chosen=EVERY)

    leases = await field.hands.claim(field.session, "job", quota=4)
    assert len([lease for lease in leases if lease.ckey.startswith("kold")]) == 2
