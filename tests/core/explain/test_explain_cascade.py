"""What followed from an event: the tree, its counts, and whether it has come to rest."""

import pytest
from explained import DIAMOND, invalidate, make

from headgate.core.database import Connection
from headgate.core.errors import NotFound
from headgate.core.explain.cascade.model import Cascade
from headgate.core.explain.cascade.reading import cascade_of
from headgate.core.work.model import Outcome
from proof.by_hand import Hands
from proof.dags import carve, hands_on, sweep

CHAIN = """
dag: d
datasets: {a: {partitioning: range}, b: {partitioning: range}, c: {partitioning: range}}
sources: {in: {kind: http, dataset: a}}
jobs:
  one:
    operator: proof.o
    inputs: [a]
    outputs: [b]
    execution_strategy: PerPartition
    partition_size: 10
  two: {operator: proof.t, inputs: [b], outputs: [c], execution_strategy: Bulk}
"""


async def _cascade(hands: Hands, *, depth: int = 5) -> Cascade:
    """Return the cascade of the first event of `a`."""
    event = (await hands.events("a"))[0]["id"]
    return await cascade_of(hands.conn, org_id=1, event_id=event, depth=depth)


def _tree(found: Cascade) -> list[tuple[int, list[int], str | None, int, int]]:
    return [
        (node.depth, list(node.parents), node.job, node.tasks.all, node.tasks.done)
        for node in found.nodes
    ]


async def test_an_invalidation_shows_what_waits_and_what_is_to_come(conn: Connection) -> None:
    hands = await hands_on(conn, CHAIN)
    await invalidate(conn, hands, "a", (100, 130))

    found = await _cascade(hands)

    assert _tree(found) == [
        (0, [], None, 0, 0),
        (1, [0], "d.one", 3, 0),
        (2, [1], "d.two", 0, 0),
    ]
    assert (found.tasks.pending, found.tasks_in_all, found.at_rest) == (3, 4, False)
    assert found.summary == (
        "An invalidation of a [100, 130) touched 2 datasets over 2 hops; 0 of 4 tasks are done."
    )
    (root, one, two) = found.nodes
    assert [(d.dataset, d.where, d.units, d.stale) for d in root.datasets] == [
        ("a", "[100, 130)", 30, False)
    ]
    assert [(d.dataset, d.units, d.stale, d.stale_units) for d in one.datasets] == [
        ("b", 30, True, 30)
    ]
    assert [(d.dataset, d.stale) for d in two.datasets] == [("c", True)]
    assert found.complete


async def test_it_comes_to_rest_when_all_of_it_is_made_anew(conn: Connection) -> None:
    hands = await hands_on(conn, CHAIN)
    session = await hands.session()
    await invalidate(conn, hands, "a", (100, 120))
    for _ in range(2):
        await make(hands, session, "one", "b")
    await hands.route()
    before = await _cascade(hands)
    await sweep(hands)
    await make(hands, session, "two", "c")
    await hands.route()
    await sweep(hands)

    found = await _cascade(hands)

    assert before.summary.endswith("2 of 3 tasks are done.")
    assert found.summary == (
        "An invalidation of a [100, 120) touched 2 datasets over 2 hops; 3 of 3 tasks are done."
        " It has come to rest."
    )
    assert found.at_rest
    assert found.last_ended_at == max(n.last_ended_at for n in found.nodes if n.last_ended_at)
    assert [(level.depth, level.jobs, level.tasks.done) for level in found.levels] == [
        (0, 0, 0),
        (1, 1, 2),
        (2, 1, 1),
    ]
    assert not any(one.stale for node in found.nodes for one in node.datasets)


async def test_ways_that_meet_again_are_one_node_with_two_parents(conn: Connection) -> None:
    hands = await hands_on(conn, DIAMOND)
    session = await hands.session()
    await invalidate(conn, hands, "a", (10, 18))
    for job, output in (("make_b", "b"), ("make_c", "c")):
        await make(hands, session, job, output)
    await hands.route()

    found = await _cascade(hands)

    assert _tree(found) == [
        (0, [], None, 0, 0),
        (1, [0], "d.make_b", 1, 1),
        (1, [0], "d.make_c", 1, 1),
        (2, [1, 2], "d.make_d", 1, 0),
    ]
    assert found.tasks_in_all == 3


async def test_a_task_that_failed_for_good_is_told(conn: Connection) -> None:
    hands = await hands_on(conn, CHAIN)
    session = await hands.session()
    await invalidate(conn, hands, "a", (100, 110))
    (lease,) = await hands.claim(session, "one")
    await hands.end(lease, Outcome.DEAD)

    found = await _cascade(hands)

    assert found.nodes[1].tasks.dead == 1
    assert "1 task failed for good: see `headgate dlq groups`." in found.summary


async def test_what_is_left_in_a_backfill_is_told_in_units(conn: Connection) -> None:
    hands = await hands_on(conn, CHAIN)
    await invalidate(conn, hands, "a", (0, 20_000))
    await carve(hands)

    found = await _cascade(hands)

    (_, one, _) = found.nodes
    assert one.tasks.pending > 0
    assert one.units_left == 20_000 - 10 * one.tasks.pending
    assert one.expected == 2_000
    assert found.tasks_in_all == 2_001


async def test_an_event_that_is_not_routed_has_no_cascade_yet(conn: Connection) -> None:
    hands = await hands_on(conn, CHAIN)
    await hands.emit("a", (0, 10))

    found = await _cascade(hands)

    assert found.summary == (
        "An update of a [0, 10) is not routed yet: nothing has followed from it so far."
    )
    assert not found.at_rest


async def test_an_update_is_followed_by_what_was_emitted(conn: Connection) -> None:
    hands = await hands_on(conn, CHAIN)
    session = await hands.session()
    await hands.emit("a", (0, 10))
    await hands.route()
    await make(hands, session, "one", "b")
    await hands.route()

    found = await _cascade(hands)

    assert _tree(found) == [
        (0, [], None, 0, 0),
        (1, [0], "d.one", 1, 1),
        (2, [1], "d.two", 1, 0),
    ]
    assert [(one.dataset, one.where) for one in found.nodes[1].datasets] == [("b", "[0, 10)")]


async def test_depth_bounds_it_and_says_what_was_left_out(conn: Connection) -> None:
    hands = await hands_on(conn, CHAIN)
    session = await hands.session()
    await invalidate(conn, hands, "a", (0, 10))
    await make(hands, session, "one", "b")

    found = await _cascade(hands, depth=1)

    assert [node.job for node in found.nodes] == [None, "d.one"]
    assert (found.complete, found.at_rest) == (False, False)
    assert found.left_out == ["What follows after hop 1 was not looked at."]


async def test_an_unknown_event_has_no_cascade(conn: Connection) -> None:
    await hands_on(conn, CHAIN)
    with pytest.raises(NotFound):
        await cascade_of(conn, org_id=1, event_id=999, depth=3)
