"""Leases: one for a key, none beyond a limit, and a stale token changes nothing."""

import asyncio
import random

import pytest

from headgate.core.database import Connection
from headgate.core.work import store as work
from headgate.core.work.model import Lease, Outcome, Result
from proof.by_hand import Hands
from proof.connecting import Connect
from proof.deployment import Input, JobPlan, deploy

_DATASETS = {"a": "range", "failed": "key"}


async def _hands(conn: Connection, **plan: object) -> Hands:
    jobs = [JobPlan("job", (Input("a"),), failures="failed", **plan)]  # type: ignore[arg-type]
    return Hands(conn, await deploy(conn, datasets=_DATASETS, jobs=jobs))


async def _leased(hands: Hands, session: int, count: int) -> list[Lease]:
    await hands.emit("a", *((n, n + 1) for n in range(count)))
    await hands.route()
    return await hands.claim(session, "job", count)


@pytest.mark.parametrize("first", [Outcome.OK, Outcome.RETRY, Outcome.LOST, Outcome.DEAD])
async def test_the_second_completion_of_a_lease_changes_nothing(
    conn: Connection, first: Outcome
) -> None:
    hands = await _hands(conn)
    leases = await _leased(hands, await hands.session(), 3)
    assert await hands.end(leases[:2], first) == [first, first]
    before = await hands.picture()
    for said in Outcome:
        assert await hands.end(leases[:2], said) == []
    assert await hands.picture() == before
    assert await hands.end(leases, Outcome.OK) == [Outcome.OK]  # the third still counts


async def test_a_foreign_token_changes_nothing(conn: Connection) -> None:
    hands = await _hands(conn)
    mine, other = await _leased(hands, await hands.session(), 2)
    before = await hands.picture()
    for said in Outcome:
        crossed = [Result(mine.task_id, other.token, said), Result(other.task_id, mine.token, said)]
        assert await work.complete(conn, results=crossed) == {}
    assert await hands.picture() == before


async def test_a_worker_that_woke_after_its_lease_was_taken_changes_nothing(
    conn: Connection,
) -> None:
    hands = await _hands(conn)
    dead, alive = await hands.session(), await hands.session()
    (zombie,) = await _leased(hands, dead, 1)
    await hands.die(dead)
    assert await hands.reap() == [Outcome.LOST]
    (heir,) = await hands.claim(alive, "job")
    assert (heir.task_id, heir.attempt) == (zombie.task_id, zombie.attempt)
    before = await hands.picture()
    for said in Outcome:
        assert await hands.end(zombie, said) == []
    assert not await work.hold_lease(conn, task_id=zombie.task_id, token=zombie.token)
    assert not await work.set_progress(
        conn, task_id=zombie.task_id, token=zombie.token, progress={"done": 1}
    )
    assert await hands.picture() == before
    assert await hands.end(heir, Outcome.OK) == [Outcome.OK]


async def test_of_completions_at_once_exactly_one_is_accepted(connect: Connect) -> None:
    conn = await connect()
    hands = await _hands(conn)
    leases = await _leased(hands, await hands.session(), 40)
    rivals = [Hands(await connect(), hands.made) for _ in range(4)]
    chance = random.Random(3)
    accepted = await asyncio.gather(
        *(rival.end(chance.sample(leases, 40), Outcome.OK) for rival in rivals)
    )
    assert sum(len(outcomes) for outcomes in accepted) == 40
    history = await hands.rows("task_history", "job")
    assert sorted(row["token"] for row in history) == sorted(lease.token for lease in leases)


async def test_the_leases_of_a_live_worker_are_never_reaped(conn: Connection) -> None:
    hands = await _hands(conn)
    session = await hands.session()
    await _leased(hands, session, 2)
    await hands.die(session)
    assert await work.renew_session(conn, session=session, lease=600)
    assert await hands.reap() == []


async def test_a_worker_whose_session_ran_out_claims_nothing_until_it_is_renewed(
    conn: Connection,
) -> None:
    hands = await _hands(conn)
    session = await hands.session()
    await hands.die(session)
    assert await _leased(hands, session, 2) == []
    await work.renew_session(conn, session=session, lease=600)
    assert len(await hands.claim(session, "job", 2)) == 2


async def test_events_during_a_run_make_a_successor_that_waits_for_it(conn: Connection) -> None:
    hands = await _hands(conn, strategy="Bulk")
    session = await hands.session()
    (running,) = await _leased(hands, session, 3)
    (late,) = await hands.emit("a", (7, 9))
    await hands.route()
    assert await hands.claim(session, "job") == []
    assert await hands.end(running, Outcome.OK) == [Outcome.OK]
    (successor,) = await hands.claim(session, "job")
    assert (successor.event_ids, successor.ranges) == ([(late, late + 1)], [(7, 9)])
    assert running.n == 3


async def test_a_lost_run_folds_into_the_successor_that_came_meanwhile(conn: Connection) -> None:
    hands = await _hands(conn, strategy="Bulk")
    dead, alive = await hands.session(), await hands.session()
    (lost,) = await _leased(hands, dead, 3)
    await hands.die(dead)
    await hands.emit("a", (7, 9))
    await hands.route()
    assert await hands.reap() == [Outcome.LOST]
    (heir,) = await hands.claim(alive, "job")
    assert heir.task_id != lost.task_id
    assert (heir.n, heir.ranges) == (4, [(0, 3), (7, 9)])
    (history,) = await hands.rows("task_history", "job")
    assert history["folded_into"] == heir.task_id


async def _claim_for_a_while(
    hands: Hands, chance: random.Random, *, cap: int, ended: list[int]
) -> None:
    """Claim, look, complete; after each claim no key is held twice, no limit is passed."""
    session = await hands.session()
    for _ in range(30):
        leases = await hands.claim(session, "job", chance.randint(1, 4))
        held = await hands.rows("task_lease", "job")
        assert len({row["ckey"] for row in held}) == len(held) <= cap
        await asyncio.sleep(chance.random() / 500)
        said = Outcome.OK if chance.random() < 0.8 else Outcome.LOST
        for lease, outcome in zip(leases, await hands.end(leases, said), strict=True):
            ended += [lease.task_id] if outcome is Outcome.OK else []


@pytest.mark.parametrize("cap", [1, 3])
async def test_claimers_at_once_never_pass_a_limit_nor_share_a_key(
    connect: Connect, cap: int
) -> None:
    hands = await _hands(
        await connect(), strategy="PerPartition", part_size=1, max_concurrency=cap, max_attempts=99
    )
    rivals = [Hands(await connect(), hands.made) for _ in range(4)]
    ended: list[int] = []
    seed = 11
    print("seed", seed)

    async def feed() -> None:
        for n in range(60):
            await hands.emit("a", *((k, k + 1) for k in range(n % 7)))
            await hands.route()

    async with asyncio.TaskGroup() as group:
        group.create_task(feed())
        for number, rival in enumerate(rivals):
            chance = random.Random(seed + number)
            group.create_task(_claim_for_a_while(rival, chance, cap=cap, ended=ended))
    assert len(ended) == len(set(ended)) >= 10


async def test_a_claim_waits_for_another_that_might_fill_the_limit(connect: Connect) -> None:
    first, second = await connect(), await connect()
    hands = await _hands(first, max_concurrency=2)
    await hands.emit("a", *((n, n + 1) for n in range(6)))
    await hands.route()
    session = await hands.session()
    job = hands.made.jobs["job"]
    async with first.transaction():
        await work.lock_capped_jobs(first, jobs=[job])
        assert len(await work.claim(first, quotas=[(job, 1)], session=session)) == 1
        rival = asyncio.create_task(Hands(second, hands.made).claim(session, "job", 5))
        await asyncio.sleep(0.05)
        assert not rival.done()
    assert len(await rival) == 1
