"""Invalidation: what a change reaches is stale at once, runs again hop by hop, and never mixes."""

import pytest

from headgate.core.database import Connection, Database
from headgate.core.dispatch import store as dispatch
from headgate.core.events.model import NewEvent
from headgate.core.events.store import emit
from headgate.core.wake import Wake
from headgate.core.work.completion import Completer, Ending
from headgate.core.work.model import Outcome, Result
from proof.by_hand import Hands
from proof.connecting import Connect
from proof.dags import hands_on, stale, sweep

_DIAMOND = """
dag: d
datasets:
  a: {partitioning: range}
  b: {partitioning: range}
  c: {partitioning: range}
  d: {partitioning: range}
sources: {in: {kind: http, dataset: a}}
jobs:
  make_b: {operator: proof.b, inputs: [a], outputs: [b], execution_strategy: Bulk}
  make_c:
    operator: proof.c
    inputs: [{dataset: a, window: [-2, 0]}]
    outputs: [c]
    execution_strategy: Bulk
    cancel_on_invalidate: true
  make_d: {operator: proof.d, inputs: [b, c], outputs: [d], execution_strategy: Bulk}
"""


async def _invalidate(hands: Hands, dataset: str, *spans: tuple[int, int]) -> None:
    id_ = hands.made.datasets[dataset]
    events = [NewEvent(dataset_id=id_, range=span, kind="invalidate") for span in spans]
    await emit(hands.conn, org_id=1, events=events)
    await hands.route()


async def _run(hands: Hands, session: int, job: str, makes: str | None = None) -> Outcome:
    """Run the pending task of a job, and tell of its output as a worker does."""
    (lease,) = await hands.claim(session, job)
    async with hands.conn.transaction():
        (outcome,) = await hands.end(lease, Outcome.OK)
        if makes and outcome is Outcome.OK:
            kind = "invalidate" if lease.invalidated else "update"
            events = [
                NewEvent(dataset_id=hands.made.datasets[makes], range=span, kind=kind)
                for span in lease.ranges
            ]
            await emit(hands.conn, org_id=1, events=events, producer_task=lease.task_id)
    return outcome


async def _agree(hands: Hands, session: int) -> None:
    """Change the source, and let everything but d catch up."""
    await hands.emit("a", (0, 5))
    await hands.route()
    for job, makes in (("make_b", "b"), ("make_c", "c")):
        await _run(hands, session, job, makes)
    await hands.route()
    await sweep(hands)


async def test_an_invalidation_marks_everything_downstream_in_one_batch(conn: Connection) -> None:
    hands = await hands_on(conn, _DIAMOND)
    await _invalidate(hands, "a", (10, 20), (40, 41))

    # c at n reads a from n-2 to n, so a at n concerns c from n to n+2; d takes the hull.
    assert await stale(hands) == {
        "b": "{[10,20),[40,41)}",
        "c": "{[10,22),[40,43)}",
        "d": "{[10,22),[40,43)}",
    }


async def test_what_is_stale_is_fresh_again_hop_by_hop(conn: Connection) -> None:
    hands = await hands_on(conn, _DIAMOND)
    session = await hands.session()
    await _invalidate(hands, "a", (10, 20))
    assert await _run(hands, session, "make_b", "b") is Outcome.OK
    await sweep(hands)
    assert set(await stale(hands)) == {"c", "d"}
    await hands.route()
    assert await hands.claim(session, "make_d") == []
    assert await _run(hands, session, "make_c", "c") is Outcome.OK
    await sweep(hands)  # the event of c is not a task yet, so d stays stale
    assert set(await stale(hands)) == {"d"}
    await hands.route()
    await sweep(hands)
    assert await _run(hands, session, "make_d", "d") is Outcome.OK
    await sweep(hands)
    assert await stale(hands) == {}


async def test_updates_too_wait_until_inputs_of_one_ancestor_agree(conn: Connection) -> None:
    hands = await hands_on(conn, _DIAMOND)
    session = await hands.session()
    await hands.emit("a", (0, 5))
    await hands.route()
    assert await stale(hands) == {"b": "{[0,5)}", "c": "{[0,7)}"}
    await _run(hands, session, "make_b", "b")
    await hands.route()
    await sweep(hands)
    assert await hands.claim(session, "make_d") == []
    await _run(hands, session, "make_c", "c")
    await hands.route()
    await sweep(hands)
    assert await _run(hands, session, "make_d") is Outcome.OK


async def test_a_task_needs_only_its_own_ranges_to_be_fresh(conn: Connection) -> None:
    hands = await hands_on(conn, _DIAMOND)
    session = await hands.session()
    await hands.emit("a", (0, 5))
    await hands.route()
    for job, makes in (("make_b", "b"), ("make_c", "c")):
        await _run(hands, session, job, makes)
    await hands.route()
    await hands.emit("a", (100, 101))
    await hands.route()
    await sweep(hands)

    assert await _run(hands, session, "make_d") is Outcome.OK


@pytest.mark.parametrize("routed", [True, False])
async def test_an_output_whose_inputs_changed_meanwhile_is_not_published(
    conn: Connection, routed: bool
) -> None:
    hands = await hands_on(conn, _DIAMOND)
    session = await hands.session()
    await _agree(hands, session)
    (lease,) = await hands.claim(session, "make_d")
    await hands.emit("b", (3, 4))
    if routed:
        await hands.route()

    assert await hands.end(lease, Outcome.OK) == [Outcome.SNOOZED]
    (row,) = await hands.rows("task_history", "make_d")
    assert (row["outcome"], row["error"]["code"]) == (Outcome.SNOOZED, "inputs_changed")
    await hands.route()
    await hands.promote()
    (again,) = await hands.claim(session, "make_d")
    assert (again.attempt, again.n) == (1, lease.n + 1)
    assert await hands.end(again, Outcome.OK) == [Outcome.OK]


async def test_what_was_given_up_stays_stale_until_somebody_decides(conn: Connection) -> None:
    hands = await hands_on(conn, _DIAMOND)
    session = await hands.session()
    await hands.emit("a", (0, 5))
    await hands.route()
    (lease,) = await hands.claim(session, "make_b")
    await hands.end(lease, Outcome.DEAD)
    await _run(hands, session, "make_c", "c")
    await hands.route()
    await sweep(hands)
    assert await stale(hands) == {"b": "{[0,5)}"}
    assert await hands.claim(session, "make_d") == []
    await conn.execute("update core.dead_letter set state = 'discarded'")
    await sweep(hands)
    (lease,) = await hands.claim(session, "make_d")
    assert await hands.end(lease, Outcome.OK) == [Outcome.OK]


async def test_an_update_further_up_that_is_not_work_yet_counts(conn: Connection) -> None:
    """What was read of it may have come through one of the two ways only."""
    hands = await hands_on(conn, _DIAMOND)
    session = await hands.session()
    await _agree(hands, session)
    first, *_ = await hands.claim(session, "make_d")
    await hands.emit("a", (100, 101))
    assert await hands.end(first, Outcome.OK) == [Outcome.OK]
    await hands.emit("b", (0, 5))
    await hands.route()
    (second,) = await hands.claim(session, "make_d")
    await hands.emit("a", (4, 5))
    assert await hands.end(second, Outcome.OK) == [Outcome.SNOOZED]


async def test_inputs_that_change_while_a_write_reads_them_count(
    conn: Connection, connect: Connect, database: Database
) -> None:
    """A write may read the inputs itself: what it made of changed ones is rolled back."""
    hands = await hands_on(conn, _DIAMOND)
    session = await hands.session()
    await _agree(hands, session)
    (lease,) = await hands.claim(session, "make_d")
    await conn.execute("create table made (n int)")
    other = Hands(await connect(), hands.made)

    async def write(inside: Connection) -> None:
        await inside.execute("insert into made values (1)")
        await other.emit("b", (3, 4))

    completer = Completer(database, Wake(database, me="proof"), ended=lambda *_: None)
    ending = Ending(Result(lease.task_id, lease.token, Outcome.OK), org_id=1)
    accepted = await completer.with_writes(ending, [write], gated=True)

    assert list(accepted.values()) == [Outcome.SNOOZED]
    cursor = await conn.execute("select count(*) as rows from made")
    assert await cursor.fetchone() == {"rows": 0}
    (row,) = await hands.rows("task_history", "make_d")
    assert row["error"]["code"] == "inputs_changed"


async def test_a_job_that_may_run_on_stale_inputs_does_after_its_longest_hold(
    conn: Connection,
) -> None:
    held = _DIAMOND.replace("inputs: [b, c], outputs", "max_hold: 30s, inputs: [b, c], outputs")
    hands = await hands_on(conn, held)
    session = await hands.session()
    await hands.emit("a", (0, 5))
    await hands.route()
    await _run(hands, session, "make_b", "b")
    await hands.route()
    assert await hands.claim(session, "make_d") == []
    await conn.execute("update core.task_pending set created_at = now() - interval '31 seconds'")

    (lease,) = await hands.claim(session, "make_d")
    assert await hands.end(lease, Outcome.OK) == [Outcome.OK]


async def test_what_is_invalidated_in_mid_run_starts_anew_if_the_job_says_so(
    conn: Connection,
) -> None:
    hands = await hands_on(conn, _DIAMOND)
    session = await hands.session()
    await hands.emit("a", (0, 5))
    await hands.route()
    await hands.claim(session, "make_b")
    await hands.claim(session, "make_c")
    await _invalidate(hands, "a", (90, 91))
    assert await dispatch.preempt(conn) == 0
    await _invalidate(hands, "a", (4, 5))
    assert await dispatch.preempt(conn) == 1

    (row,) = await hands.rows("task_lease", "make_c")
    assert row["preempted"]


async def test_an_append_job_ends_the_cascade(conn: Connection) -> None:
    hands = await hands_on(
        conn,
        """
dag: d
datasets: {a: {partitioning: range}, b: {partitioning: range}, c: {partitioning: range}}
sources: {in: {kind: http, dataset: a}}
jobs:
  note: {operator: proof.n, inputs: [a], outputs: [b], update_strategy: append}
  sum: {operator: proof.s, inputs: [b], outputs: [c]}
""",
    )
    await _invalidate(hands, "a", (0, 9))

    assert await stale(hands) == {}
    (row,) = await hands.rows("task_pending", "note")
    assert str(row["inval"]) == "{[0, 9)}"


async def test_text_keys_are_stale_one_by_one(conn: Connection) -> None:
    hands = await hands_on(
        conn,
        """
dag: d
datasets: {a: , b: , c: , d: }
sources: {in: {kind: http, dataset: a}}
jobs:
  make_b: {operator: proof.b, inputs: [{dataset: a, segments: 1}], outputs: [b],
           execution_strategy: PerPartition}
  make_c: {operator: proof.c, inputs: [{dataset: a, segments: 1}], outputs: [c],
           execution_strategy: PerPartition}
  make_d: {operator: proof.d, inputs: [b, c], outputs: [d], execution_strategy: PerPartition}
""",
    )
    session = await hands.session()
    await hands.emit("a", "x/1", "y/1")
    await hands.route()
    assert await stale(hands) == dict.fromkeys(["b/x", "b/y", "c/x", "c/y"], "{(,)}")
    for job, makes in (("make_b", "b"), ("make_c", "c")):
        await hands.end(await hands.claim(session, job, 2), Outcome.OK)
        await hands.emit(makes, "x", "y")
    await hands.route()
    await hands.emit("a", "y/2")
    await hands.route()
    await sweep(hands)

    assert await stale(hands) == dict.fromkeys(["b/y", "c/y"], "{(,)}")
    assert [lease.ckey for lease in await hands.claim(session, "make_d", 5)] == ["kx"]
