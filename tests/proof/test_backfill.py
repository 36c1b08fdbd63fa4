"""Backfill: an event over more partitions than there is room for becomes tasks as room comes."""

import random
from collections import Counter

from headgate.core.database import Connection
from headgate.core.dispatch.store import CARVED, FANOUT
from headgate.core.work.model import Outcome
from proof.by_hand import Hands
from proof.dags import carve, hands_on


def _dag(size: int, concurrency: int | None = None) -> str:
    scaling = f"scaling: {{mode: backfill, max_concurrency: {concurrency}}}" if concurrency else ""
    return f"""
dag: d
datasets: {{a: {{partitioning: range}}}}
sources: {{in: {{kind: http, dataset: a}}}}
jobs:
  job:
    operator: proof.noop
    inputs: [a]
    execution_strategy: PerPartition
    partition_size: {size}
    {scaling}
"""


async def _count(hands: Hands, table: str) -> int:
    return len(await hands.rows(table, "job"))


async def test_a_thousand_million_partitions_are_one_row_until_there_is_room(
    conn: Connection,
) -> None:
    hands = await hands_on(conn, _dag(size=1, concurrency=4))
    await hands.emit("a", (0, 10**9))
    assert await hands.route() == 1

    assert (await _count(hands, "backfill"), await _count(hands, "task_pending")) == (1, 0)
    assert await carve(hands) == 8
    assert await carve(hands) == 0
    leases = await hands.claim(await hands.session(), "job", 9)
    assert [lease.rngs for lease in leases] == [f"{{[{n},{n + 1})}}" for n in range(4)]
    assert await carve(hands) == 4


async def test_what_happens_now_goes_before_a_backfill(conn: Connection) -> None:
    hands = await hands_on(conn, _dag(size=10))
    await hands.emit("a", (0, 10 * (FANOUT + 1)))
    await hands.route()
    assert await carve(hands) == FANOUT + 1 <= CARVED
    await hands.emit("a", (10**6, 10**6 + 10))
    await hands.route()

    (lease,) = await hands.claim(await hands.session(), "job")
    assert lease.rngs == "{[1000000,1000010)}"


async def test_overlapping_backfills_are_run_together_and_covered_exactly(
    conn: Connection,
) -> None:
    """Whatever is carved, claimed, failed and emitted in between, each point has each event once."""
    chance = random.Random(5)
    hands = await hands_on(conn, _dag(size=7, concurrency=300))
    session = await hands.session()
    wide = 7 * FANOUT
    spans = [(0, wide + 50), (3000, wide + 4000), (-500, wide), (10, 30), (wide, wide + 9)]
    covered: Counter[tuple[int, int]] = Counter()
    told: list[tuple[int, tuple[int, int]]] = []
    leases = []
    while spans or leases or await _count(hands, "task_pending") or await _count(hands, "backfill"):
        if spans and chance.random() < 0.3:
            span = spans.pop(0)
            told += [(event, span) for event in await hands.emit("a", span)]
            await hands.route()
        await carve(hands)
        await hands.promote()
        leases += await hands.claim(session, "job", chance.randint(1, 300))
        chance.shuffle(leases)
        cut = chance.randint(0, len(leases))
        done, leases = leases[:cut], leases[cut:]
        failed = [lease for lease in done if lease.attempt == 1 and chance.random() < 0.1]
        await hands.end(failed, Outcome.SNOOZED)
        good = [lease for lease in done if lease not in failed]
        await hands.end(good, Outcome.OK)
        covered.update(
            (event, point)
            for lease in good
            for low, high in lease.event_ids
            for event in range(low, high)
            for first, last in lease.ranges
            for point in range(first, last)
        )

    for event, (low, high) in told:
        points = {point for known, point in covered if known == event}
        assert points >= set(range(low, high))
    assert await _count(hands, "dead_letter") == 0
    history = await hands.rows("task_history", "job")
    runs = sum(row["n"] for row in history if row["outcome"] == Outcome.OK)
    hits = sum(len({p // 7 for p in range(low, high)}) for _, (low, high) in told)
    assert runs == hits
