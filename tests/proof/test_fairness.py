"""Fairness: groups of keys take turns in a job, orgs take turns in a worker."""

from collections import Counter

import pytest

from headgate.core.database import Connection
from headgate.core.work.model import Outcome
from headgate.core.work.rules import Demand, allocate
from headgate.core.work.shares import Shares
from proof.dags import hands_on

_DAG = """
dag: d
datasets: {a: }
sources: {in: {kind: http, dataset: a}}
jobs:
  job: {operator: proof.noop, inputs: [a], execution_strategy: STRATEGY, fairness: {segments: 1}}
"""


@pytest.mark.parametrize("strategy", ["PerUpdate", "PerPartition"])
async def test_a_group_that_comes_late_does_not_wait_for_the_queue_of_another(
    conn: Connection, strategy: str
) -> None:
    hands = await hands_on(conn, _DAG.replace("STRATEGY", strategy))
    session = await hands.session()
    await hands.emit("a", *(f"loud/{n}" for n in range(100)))
    await hands.route()
    first = await hands.claim(session, "job", 10)
    await hands.emit("a", *(f"quiet/{n}" for n in range(5)), *(f"third/{n}" for n in range(5)))
    await hands.route()

    after = await hands.claim(session, "job", 15)
    names = await conn.execute(
        "select l.task_id, split_part(e.key, '/', 1) as name from core.task_lease l"
        " join core.event e on e.id = lower(l.evs)"
    )
    group = {row["task_id"]: row["name"] for row in await names.fetchall()}
    assert {group[lease.task_id] for lease in first} == {"loud"}
    assert Counter(group[lease.task_id] for lease in after) == Counter(loud=5, quiet=5, third=5)


async def test_a_group_that_was_away_has_saved_nothing_up(conn: Connection) -> None:
    hands = await hands_on(conn, _DAG.replace("STRATEGY", "PerUpdate"))
    session = await hands.session()
    await hands.emit("a", "quiet/0")
    await hands.route()
    await hands.end(await hands.claim(session, "job", 1), Outcome.OK)
    await hands.emit("a", *(f"loud/{n}" for n in range(50)))
    await hands.route()
    await hands.end(await hands.claim(session, "job", 40), Outcome.OK)
    await hands.emit("a", *(f"quiet/{n}" for n in range(40)))
    await hands.route()
    left = await hands.claim(session, "job", 20)

    rows = await (
        await conn.execute(
            "select split_part(e.key, '/', 1) as name from core.task_lease l"
            " join core.event e on e.id = lower(l.evs)"
        )
    ).fetchall()
    assert len(left) == 20
    assert Counter(row["name"] for row in rows) == Counter(loud=10, quiet=10)


@pytest.mark.parametrize("slots", [1, 3, 10])
def test_busy_orgs_are_served_by_their_weights(slots: int) -> None:
    jobs = {
        1: Demand(1, 0, "r", org_id=1, weight=1),
        2: Demand(2, 9, "r", org_id=1, weight=1),
        3: Demand(3, 0, "r", org_id=2, weight=3),
        4: Demand(4, 0, "r", org_id=3, weight=1),
    }

    class Job:
        def __init__(self, demand: Demand) -> None:
            self.org_id, self.org_weight = demand.org_id, demand.weight

    shares, got = Shares(), Counter[int]()
    idle = {4}  # has nothing for the first half
    for turn in range(2000):
        if turn == 1000:
            idle, got = set(), Counter()
        busy = frozenset(jobs) - idle
        quotas = allocate(
            list(jobs.values()), free={"r": slots}, busy=busy, turn=turn, served=shares.served
        )
        claimed = [job for job, quota in quotas for _ in range(quota) if job not in idle]
        got.update(jobs[job].org_id for job in claimed)
        shares.claimed([Job(jobs[job]) for job in claimed], hungry=[Job(jobs[job]) for job in busy])

    total = got.total()
    for org, weight in ((1, 1), (2, 3), (3, 1)):
        assert got[org] / total == pytest.approx(weight / 5, abs=0.06)


def test_within_an_org_priority_is_strict_but_for_a_look_each() -> None:
    jobs = [Demand(1, 0, "r"), Demand(2, 5, "r"), Demand(3, 5, "r")]

    assert dict(allocate(jobs, free={"r": 11}, busy=frozenset({1, 2, 3}), turn=0)) == {
        1: 1,
        2: 5,
        3: 5,
    }
