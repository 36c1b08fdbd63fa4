"""Debounce: a burst becomes one task, and no event waits longer than the job allows."""

from datetime import timedelta

from headgate.core.database import Connection
from headgate.core.work.model import Outcome
from proof.by_hand import Hands
from proof.dags import hands_on

_DAG = """
dag: d
datasets: {a: {partitioning: range}}
sources: {in: {kind: http, dataset: a}}
jobs:
  job:
    operator: proof.noop
    inputs: [a]
    execution_strategy: Bulk
    debounce: {quiet: 10s, max_wait: 25s}
"""


async def _age(hands: Hands, seconds: int) -> None:
    """Let time pass for the task that waits."""
    await hands.conn.execute(
        "update core.task_pending set run_at = run_at - %(by)s, created_at = created_at - %(by)s",
        {"by": timedelta(seconds=seconds)},
    )


async def _due_in(hands: Hands) -> float:
    cursor = await hands.conn.execute(
        "select extract(epoch from run_at - now())::float8 as due from core.task_pending"
    )
    row = await cursor.fetchone()
    assert row is not None
    return float(row["due"])


async def test_a_task_waits_until_nothing_came_for_the_quiet_time(conn: Connection) -> None:
    hands = await hands_on(conn, _DAG)
    session = await hands.session()
    await hands.emit("a", (0, 1))
    await hands.route()
    await _age(hands, 8)
    await hands.emit("a", (1, 2))
    await hands.route()

    assert 9 < await _due_in(hands) <= 10
    await hands.promote()
    assert await hands.claim(session, "job") == []
    await _age(hands, 11)
    await hands.promote()
    (lease,) = await hands.claim(session, "job")
    assert (lease.n, lease.rngs) == (2, "{[0,2)}")


async def test_no_event_waits_longer_than_the_longest_wait(conn: Connection) -> None:
    hands = await hands_on(conn, _DAG)
    for number in range(4):
        await hands.emit("a", (number, number + 1))
        await hands.route()
        assert await _due_in(hands) <= min(10, 25 - 8 * number)
        await _age(hands, 8)
    await hands.promote()

    (lease,) = await hands.claim(await hands.session(), "job")
    assert lease.n == 4


async def test_a_debounced_event_never_shortens_a_backoff(conn: Connection) -> None:
    hands = await hands_on(conn, _DAG)
    session = await hands.session()
    await hands.emit("a", (0, 1))
    await hands.route()
    await _age(hands, 11)
    await hands.promote()
    (lease,) = await hands.claim(session, "job")
    await hands.end(lease, Outcome.RETRY, delay_ms=60_000)
    before = await _due_in(hands)
    await hands.emit("a", (1, 2))
    await hands.route()

    assert await _due_in(hands) >= before - 1
