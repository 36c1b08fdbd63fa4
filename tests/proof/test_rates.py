"""Rates: tokens come with time, a claim takes no more than there are, over all workers."""

from datetime import timedelta

from headgate.core.database import Connection
from headgate.core.dispatch import store as dispatch
from headgate.core.work.model import Outcome
from proof.by_hand import Hands
from proof.dags import hands_on


def _dag(rate: str) -> str:
    return f"""
dag: d
datasets: {{a: {{partitioning: range}}}}
sources: {{in: {{kind: http, dataset: a}}}}
jobs:
  job: {{operator: proof.noop, inputs: [a], rate: {rate}}}
"""


async def _later(hands: Hands, seconds: float) -> None:
    await hands.conn.execute(
        "update core.bucket set at = at - %(by)s", {"by": timedelta(seconds=seconds)}
    )


async def test_no_more_tasks_start_than_the_rate_allows(conn: Connection) -> None:
    hands = await hands_on(conn, _dag("{limit: 60, per: 1h, burst: 3}"))
    one, other = await hands.session(), await hands.session()
    await hands.emit("a", *((n, n + 1) for n in range(30)))
    await hands.route()

    assert len(await hands.claim(one, "job", 10)) == 3
    assert await hands.claim(other, "job", 10) == []
    assert not await dispatch.rated_ready(conn)
    await _later(hands, 121)
    assert await dispatch.rated_ready(conn)
    assert len(await hands.claim(other, "job", 10)) == 2
    await _later(hands, 3600 * 10)
    leases = await hands.claim(one, "job", 10)
    assert len(leases) == 3, "a pause saves up no more than a burst"
    await hands.end(leases, Outcome.OK)
    assert await hands.claim(one, "job", 10) == [], "an end gives no token back"


async def test_a_claim_that_takes_less_leaves_the_rest(conn: Connection) -> None:
    hands = await hands_on(conn, _dag("{limit: 1, per: 1h, burst: 5}"))
    session = await hands.session()
    await hands.emit("a", *((n, n + 1) for n in range(9)))
    await hands.route()

    assert [len(await hands.claim(session, "job", 2)) for _ in range(4)] == [2, 2, 1, 0]
