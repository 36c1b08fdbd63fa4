"""What a task was made from, and what was made from it."""

import pytest
from explained import DIAMOND, invalidate, make

from headgate.core.database import Connection
from headgate.core.errors import NotFound
from headgate.core.explain.lineage.model import Lineage
from headgate.core.explain.lineage.reading import lineage_of
from headgate.core.work.model import Lease
from proof.by_hand import Hands
from proof.dags import hands_on, sweep


async def _made(conn: Connection) -> tuple[Hands, dict[str, Lease]]:
    """Let the diamond make all of one invalidation."""
    hands = await hands_on(conn, DIAMOND)
    session = await hands.session()
    await invalidate(conn, hands, "a", (10, 18))
    made = {}
    for job, output in (("make_b", "b"), ("make_c", "c")):
        made[job] = await make(hands, session, job, output)
        await hands.route()
    await sweep(hands)
    made["make_d"] = await make(hands, session, "make_d", "d")
    return hands, made


async def _lineage(hands: Hands, task: int, *, depth: int = 3) -> Lineage:
    return await lineage_of(hands.conn, org_id=1, task_id=task, depth=depth)


async def test_it_goes_up_to_what_came_from_outside(conn: Connection) -> None:
    hands, made = await _made(conn)
    found = await _lineage(hands, made["make_d"].task_id)

    assert [(task.hop, task.job) for task in found.tasks] == [
        (-1, "d.make_b"),
        (-1, "d.make_c"),
        (0, "d.make_d"),
    ]
    (b, c, d) = found.tasks
    assert [(e.dataset, e.producer_task) for e in d.inputs] == [("b", b.id), ("c", c.id)]
    assert [(e.dataset, e.range, e.producer_task) for e in b.inputs] == [("a", (10, 18), None)]
    assert [e.dataset for e in d.outputs] == ["d"]
    assert {(read.event_id, read.task_id) for read in found.reads} == {
        (e.id, d.id) for e in d.inputs
    }
    assert found.complete


async def test_it_goes_down_to_what_was_made_of_it(conn: Connection) -> None:
    hands, made = await _made(conn)
    await hands.route()
    found = await _lineage(hands, made["make_b"].task_id)

    assert [(task.hop, task.job) for task in found.tasks] == [(0, "d.make_b"), (1, "d.make_d")]
    assert found.complete


async def test_depth_bounds_it_and_says_that_more_follows(conn: Connection) -> None:
    chain = """
dag: d
datasets: {a: {}, b: {}, c: {}}
sources: {in: {kind: http, dataset: a}}
jobs:
  one: {operator: proof.o, inputs: [a], outputs: [b]}
  two: {operator: proof.t, inputs: [b], outputs: [c]}
"""
    hands = await hands_on(conn, chain)
    session = await hands.session()
    await hands.emit("a", "x")
    await hands.route()
    (first,) = await hands.claim(session, "one")
    await conn.execute(
        "insert into core.event (org_id, dataset_id, key, producer_task) values (1, %s, 'x', %s)",
        [hands.made.datasets["b"], first.task_id],
    )
    await hands.route()
    (second,) = await hands.claim(session, "two")

    assert [t.id for t in (await _lineage(hands, second.task_id, depth=1)).tasks] == [
        first.task_id,
        second.task_id,
    ]
    down = await _lineage(hands, first.task_id, depth=1)
    assert [t.state for t in down.tasks] == ["running", "running"]
    assert down.complete


async def test_an_unknown_task_has_no_lineage(conn: Connection) -> None:
    hands = await hands_on(conn, DIAMOND)
    with pytest.raises(NotFound):
        await _lineage(hands, 5)
