"""What becomes of an attempt that did not succeed: backoff, dead letters, poison, cancel."""

import random
from datetime import datetime, timedelta
from typing import Any

import pytest

from headgate.core.access import LOCAL
from headgate.core.clock import utc_now
from headgate.core.database import Connection, Database
from headgate.core.errors import Conflict
from headgate.core.services import Services
from headgate.core.tasks.steering import cancel
from headgate.core.wake import Wake
from headgate.core.work.model import POISON_LOSSES, Outcome
from proof.by_hand import Hands
from proof.deployment import Input, JobPlan, deploy

_DATASETS = {"a": "range", "names": "key", "failed": "key"}


async def _hands(conn: Connection, *, read: str = "a", **plan: object) -> Hands:
    jobs = [JobPlan("job", (Input(read),), failures="failed", **plan)]  # type: ignore[arg-type]
    return Hands(conn, await deploy(conn, datasets=_DATASETS, jobs=jobs))


async def _clock(conn: Connection) -> datetime:
    cursor = await conn.execute("select clock_timestamp() as at")
    row = await cursor.fetchone()
    assert row is not None
    return row["at"]


@pytest.mark.parametrize(("attempt", "nominal_ms"), [(1, 1000), (2, 2000), (3, 4000), (4, 5000),
                                                     (40, 5000)])  # fmt: skip
async def test_backoff_doubles_up_to_its_limit_with_jitter_from_half_to_whole(
    conn: Connection, attempt: int, nominal_ms: int
) -> None:
    hands = await _hands(conn, max_attempts=99, backoff_ms=1000, max_backoff_ms=5000)
    await hands.emit("a", *((n, n + 1) for n in range(200)))
    await hands.route()
    await conn.execute("update core.task_pending set attempt = %s", [attempt - 1])
    leases = await hands.claim(await hands.session(), "job", 200)
    before = await _clock(conn)
    await hands.end(leases, Outcome.RETRY)
    after = await _clock(conn)
    run_at = [row["run_at"] for row in await hands.rows("task_pending", "job")]
    nominal = timedelta(milliseconds=nominal_ms)
    assert all(before + nominal / 2 <= at <= after + nominal for at in run_at)
    waits = [(at - before) / nominal for at in run_at]
    assert min(waits) < 0.6
    assert max(waits) > 0.9
    assert len(set(run_at)) > 150  # each its own, or they would all come back at once


async def test_a_longer_wait_that_the_operator_asked_for_is_kept(conn: Connection) -> None:
    hands = await _hands(conn, backoff_ms=1000)
    await hands.emit("a", (0, 1))
    await hands.route()
    leases = await hands.claim(await hands.session(), "job")
    before = await _clock(conn)
    await hands.end(leases, Outcome.RETRY, delay_ms=60_000)
    (row,) = await hands.rows("task_pending", "job")
    assert row["run_at"] >= before + timedelta(seconds=60)


async def test_a_delayed_task_is_not_claimable_before_its_time(conn: Connection) -> None:
    hands = await _hands(conn, backoff_ms=300_000)
    session = await hands.session()
    await hands.emit("a", (0, 1))
    await hands.route()
    await hands.end(await hands.claim(session, "job"), Outcome.RETRY)
    assert await hands.promote() == 0
    assert await hands.claim(session, "job") == []
    await conn.execute("update core.task_pending set run_at = clock_timestamp()")
    assert await hands.promote() == 1
    (lease,) = await hands.claim(session, "job")
    assert lease.attempt == 2


@pytest.mark.parametrize("seed", [5, 6])
async def test_merging_never_brings_a_retry_forward_nor_gives_attempts_back(
    conn: Connection, seed: int
) -> None:
    print("seed", seed)
    chance = random.Random(seed)
    hands = await _hands(conn, strategy="Bulk", backoff_ms=400, max_attempts=1000)
    session = await hands.session()
    leases: list[Any] = []
    floor: dict[str, Any] | None = None
    for _ in range(120):
        match chance.choice(["emit", "emit", "claim", "end", "end", "promote"]):
            case "emit":
                await hands.emit("a", (0, 1))
                await hands.route()
            case "claim" if not leases:
                leases = await hands.claim(session, "job")
                floor = None if leases else floor
            case "end" if leases:
                said = chance.choice([Outcome.RETRY, Outcome.RETRY, Outcome.SNOOZED, Outcome.OK])
                await hands.end(leases.pop(), said, delay_ms=chance.randint(0, 300))
            case "promote":
                await conn.execute("update core.task_pending set waiting = false where waiting")
        for row in await hands.rows("task_pending", "job"):
            if floor is not None:
                assert row["run_at"] >= floor["run_at"]
                assert row["attempt"] >= floor["attempt"]
                assert row["created_at"] <= floor["created_at"]
                assert row["n"] >= floor["n"]
            floor = row


async def test_the_last_attempt_makes_a_dead_letter_and_tells_of_each_event_by_its_key(
    conn: Connection,
) -> None:
    hands = await _hands(conn, read="names", strategy="Bulk", max_attempts=3)
    session = await hands.session()
    ids = await hands.emit("names", "first/1", "second/2")
    await hands.route()
    outcomes = []
    for _ in range(3):
        await hands.promote()
        (lease,) = await hands.claim(session, "job")
        outcomes += await hands.end(lease, Outcome.RETRY)
    assert outcomes == [Outcome.RETRY, Outcome.RETRY, Outcome.DEAD]
    assert await hands.rows("task_pending", "job") == []
    (letter,) = await hands.rows("dead_letter", "job")
    assert (letter["attempts"], letter["n"], letter["state"]) == (3, 2, "open")
    assert [(r.lower, r.upper) for r in letter["evs"]] == [(ids[0], ids[1] + 1)]
    assert letter["error"]["code"] == "broken"
    told = await hands.events("failed")
    assert [(row["key"], row["payload"]["event"]["id"]) for row in told] == [
        ("first/1", ids[0]),
        ("second/2", ids[1]),
    ]
    assert {row["payload"]["dead_letter"] for row in told} == {letter["id"]}
    assert all("detail" not in row["payload"]["error"] for row in told)


async def test_an_error_that_no_retry_mends_is_dead_at_once(conn: Connection) -> None:
    hands = await _hands(conn, max_attempts=9)
    await hands.emit("a", (0, 1))
    await hands.route()
    leases = await hands.claim(await hands.session(), "job")
    assert await hands.end(leases, Outcome.DEAD) == [Outcome.DEAD]
    assert len(await hands.rows("dead_letter", "job")) == len(await hands.events("failed")) == 1


async def test_losses_in_a_row_are_poison_and_do_not_use_attempts(conn: Connection) -> None:
    hands = await _hands(conn, max_attempts=2)
    await hands.emit("a", (0, 1))
    await hands.route()
    for loss in range(1, POISON_LOSSES + 1):
        session = await hands.session()
        (lease,) = await hands.claim(session, "job")
        assert lease.attempt == 1
        await hands.die(session)
        expected = Outcome.LOST if loss < POISON_LOSSES else Outcome.DEAD
        assert await hands.reap() == [expected]
    assert len(await hands.rows("dead_letter", "job")) == 1
    assert len(await hands.events("failed")) == 1


async def test_a_failure_between_losses_starts_their_count_again(conn: Connection) -> None:
    hands = await _hands(conn, max_attempts=9)
    await hands.emit("a", (0, 1))
    await hands.route()
    for said in [Outcome.LOST, Outcome.LOST, Outcome.RETRY, Outcome.LOST, Outcome.LOST]:
        await hands.promote()
        assert await hands.end(await hands.claim(await hands.session(), "job"), said) == [said]
    assert await hands.rows("dead_letter", "job") == []


async def test_a_snoozed_task_keeps_its_attempts_and_its_losses(conn: Connection) -> None:
    hands = await _hands(conn, max_attempts=1)
    await hands.emit("a", (0, 1))
    await hands.route()
    for said in [Outcome.LOST, Outcome.SNOOZED, Outcome.SNOOZED]:
        await hands.promote()
        (lease,) = await hands.claim(await hands.session(), "job")
        assert lease.attempt == 1
        assert await hands.end(lease, said) == [said]
    (row,) = await hands.rows("task_pending", "job")
    assert row["losses"] == 1


@pytest.mark.parametrize("said", [Outcome.RETRY, Outcome.LOST, Outcome.SNOOZED])
async def test_a_running_task_that_somebody_cancelled_does_not_come_back(
    database: Database, conn: Connection, said: Outcome
) -> None:
    hands = await _hands(conn)
    await hands.emit("a", (0, 1))
    await hands.route()
    (lease,) = await hands.claim(await hands.session(), "job")
    task = await cancel(_services(database), who=LOCAL, task_id=lease.task_id)
    assert (task.state, task.cancel_requested) == ("running", True)
    assert await hands.end(lease, said) == [Outcome.CANCELLED]
    assert await hands.rows("task_pending", "job") == []


async def test_a_pending_task_that_somebody_cancelled_never_starts(
    database: Database, conn: Connection
) -> None:
    hands = await _hands(conn)
    await hands.emit("a", (0, 1))
    await hands.route()
    (pending,) = await hands.rows("task_pending", "job")
    task = await cancel(_services(database), who=LOCAL, task_id=pending["id"])
    assert task.state == "cancelled"
    assert await hands.claim(await hands.session(), "job") == []
    with pytest.raises(Conflict):
        await cancel(_services(database), who=LOCAL, task_id=pending["id"])


def _services(database: Database) -> Services:
    return Services(
        database=database,
        objects=None,  # type: ignore[arg-type] # no test here has to do with objects
        wake=Wake(database, me="proof"),
        clock=utc_now,
    )
