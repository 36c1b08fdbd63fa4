"""How fresh a dataset is, and the way up to what keeps it stale."""

import pytest
from explained import DIAMOND, invalidate, make, one_job, pending

from headgate.core.database import Connection
from headgate.core.dispatch.store import begin_term
from headgate.core.errors import InvalidInput, NotFound
from headgate.core.events.model import NewEvent
from headgate.core.events.store import emit
from headgate.core.explain.dataset.model import DatasetWhy
from headgate.core.explain.dataset.reading import why_dataset
from headgate.core.work.model import Outcome
from proof.by_hand import Hands
from proof.dags import hands_on, sweep

_KEYS = """
dag: k
datasets: {raw: {}, shop: {}, page: {}}
sources: {in: {kind: http, dataset: raw}}
jobs:
  shop:
    operator: proof.s
    inputs: [{dataset: raw, segments: 1}]
    outputs: [shop]
    execution_strategy: PerPartition
  page: {operator: proof.p, inputs: [shop], outputs: [page], execution_strategy: PerPartition}
"""


async def _why(hands: Hands, name: str, **part: object) -> DatasetWhy:
    return await why_dataset(hands.conn, org_id=1, name=name, **part)  # type: ignore[arg-type]


async def test_a_dataset_that_nothing_changed_is_fresh(conn: Connection) -> None:
    hands = await hands_on(conn, DIAMOND)
    told = await _why(hands, "d")

    assert told.fresh
    assert told.summary == "d is fresh: nothing that it is made from changed since."
    assert [node.dataset for node in told.chain] == ["d"]
    assert told.chain[0].producer == "d.make_d"


async def test_the_chain_goes_up_to_the_cause(conn: Connection) -> None:
    hands = await hands_on(conn, DIAMOND)
    await hands.session()
    await begin_term(conn, leader="someone", term=60)
    await invalidate(conn, hands, "a", (10, 20))
    await conn.execute("update core.job set paused = true where name = 'make_b'")

    told = await _why(hands, "d")

    assert not told.fresh
    assert [(node.dataset, node.depth, node.where) for node in told.chain] == [
        ("d", 0, "all of it"),
        ("b", 1, "all of it"),
        ("c", 1, "all of it"),
    ]
    b, c = told.chain[1:]
    assert [reason.code for reason in b.blocked_by] == ["job_paused"]
    assert [reason.code for reason in b.under_way] == ["pending"]
    assert c.blocked_by == []
    assert list(b.stale_ranges) == [(10, 20)]
    assert list(c.stale_ranges) == [(10, 22)]
    assert told.summary == "d is stale in [10, 22). The job d.make_b is paused."


async def test_it_names_the_events_that_made_it_stale(conn: Connection) -> None:
    hands = await hands_on(conn, DIAMOND)
    await hands.emit("a", (0, 1))
    await invalidate(conn, hands, "a", (10, 20), (40, 41))

    told = await _why(hands, "d")

    # The update is among them: b and c must agree, so that one marks, too; d itself it does not.
    assert [(e.dataset, e.kind, e.range) for e in told.caused_by] == [
        ("a", "invalidate", (40, 41)),
        ("a", "invalidate", (10, 20)),
    ]
    assert [e.range for e in (await _why(hands, "d", range=(41, 50))).caused_by] == [(40, 41)]


async def test_a_part_is_fresh_although_another_is_stale(conn: Connection) -> None:
    hands = await hands_on(conn, DIAMOND)
    await invalidate(conn, hands, "a", (10, 20))

    assert (await _why(hands, "d", range=(30, 40))).fresh
    part = await _why(hands, "d", range=(15, 40))
    assert list(part.chain[0].stale_ranges) == [(15, 22)]
    # What is read for d at 15-40 is c there, and that is stale there.
    assert ("c", "[15, 40)") in {(node.dataset, node.where) for node in part.chain}


async def test_running_work_is_told_with_its_worker(conn: Connection) -> None:
    hands = await hands_on(conn, DIAMOND)
    session = await hands.session()
    await invalidate(conn, hands, "a", (10, 20))
    (lease,) = await hands.claim(session, "make_b")

    (b,) = (await _why(hands, "b")).chain

    assert [reason.text for reason in b.under_way] == [
        f"Task {lease.task_id} of d.make_b makes it on hand."
    ]


async def test_what_was_given_up_stays_stale_where_it_was(conn: Connection) -> None:
    hands = await hands_on(conn, DIAMOND)
    session = await hands.session()
    await invalidate(conn, hands, "a", (10, 20))
    (lease,) = await hands.claim(session, "make_b")
    await hands.end(lease, Outcome.DEAD)
    await sweep(hands)

    told = await _why(hands, "b", range=(10, 11))
    (reason,) = told.chain[0].blocked_by

    assert told.summary == f"b is stale in [10, 11). {reason.text}"
    assert reason.text.endswith(" of d.make_b covers it: it broke")
    assert (await _why(hands, "b", range=(90, 91))).chain[0].blocked_by == []


async def test_an_update_that_failed_is_told_although_nothing_is_marked(conn: Connection) -> None:
    hands = await hands_on(conn, _KEYS)
    await hands.emit("raw", "eu/x", "us/y")
    await hands.route()
    for lease in await hands.claim(await hands.session(), "shop", 2):
        await hands.end(lease, Outcome.DEAD if lease.ckey == "keu" else Outcome.OK)

    told = await _why(hands, "shop", key="eu")

    assert told.fresh
    assert told.summary == (
        "shop is not marked stale, but part of it was never made: see the dead letters."
    )
    assert (await _why(hands, "shop", key="us")).chain[0].blocked_by == []


async def test_what_is_left_of_a_backfill_is_told_in_units(conn: Connection) -> None:
    job = "execution_strategy: PerPartition, partition_size: 10, outputs: [made]"
    dag = one_job(job, partitioning="range").replace(
        "partitioning: range}", "partitioning: range}, made: {partitioning: range}", 1
    )
    hands = await hands_on(conn, dag)
    await invalidate(conn, hands, "a", (0, 50_000))
    told = (await _why(hands, "made", range=(100, 160))).chain[0]

    (backfill,) = await hands.rows("backfill", "job")
    assert [reason.text for reason in told.under_way] == [
        f"Backfill {backfill['id']} of d.job has 60 units of it left, of 50,000."
    ]
    await conn.execute("update core.backfill set cancelled_at = now()")
    cancelled = (await _why(hands, "made", range=(100, 160))).chain[0]
    assert "backfill_cancelled" in {reason.code for reason in cancelled.blocked_by}


async def test_keys_are_followed_through_segments(conn: Connection) -> None:
    hands = await hands_on(conn, _KEYS)
    await hands.session()
    raw = hands.made.datasets["raw"]
    events = [NewEvent(dataset_id=raw, key=k, kind="invalidate") for k in ("eu/x", "us/y")]
    await emit(conn, org_id=1, events=events)
    await hands.route()

    told = await _why(hands, "page", key="eu")

    assert [(node.dataset, list(node.stale_keys)) for node in told.chain] == [
        ("page", ["eu"]),
        ("shop", ["eu"]),
    ]
    assert [e.key for e in told.caused_by] == ["eu/x"]
    (mending,) = told.chain[1].under_way
    eu = min(row["id"] for row in await hands.rows("task_pending", "shop"))
    assert mending.text == f"Task {eu} of k.shop will make it."
    assert (await _why(hands, "page", key="asia")).fresh


async def test_marks_that_nothing_mends_wait_for_the_dispatcher(conn: Connection) -> None:
    hands = await hands_on(conn, DIAMOND)
    session = await hands.session()
    await invalidate(conn, hands, "a", (10, 20))
    (lease,) = await hands.claim(session, "make_b")
    await hands.end(lease, Outcome.OK)

    assert [r.code for r in (await _why(hands, "b")).chain[0].blocked_by] == ["no_dispatcher"]
    await begin_term(conn, leader="someone", term=60)
    assert [r.code for r in (await _why(hands, "b")).chain[0].blocked_by] == ["about_to_be_fresh"]


async def test_events_on_their_way_are_told(conn: Connection) -> None:
    hands = await hands_on(conn, DIAMOND)
    session = await hands.session()
    await invalidate(conn, hands, "a", (10, 20))
    await make(hands, session, "make_b", "b")

    told = await _why(hands, "d")

    assert "1 event for d.make_d is not a task yet." in [r.text for r in told.chain[0].under_way]
    await hands.route()
    assert await pending(hands, "make_d")


@pytest.mark.parametrize(
    ("name", "part"),
    [("d", {"key": "x"}), ("d", {"range": (5, 5)}), ("d", {"range": (0, 2**62)})],
)
async def test_a_part_that_a_dataset_cannot_have_is_refused(
    conn: Connection, name: str, part: dict[str, object]
) -> None:
    hands = await hands_on(conn, DIAMOND)
    with pytest.raises(InvalidInput) as refused:
        await _why(hands, name, **part)
    assert refused.value.problems


async def test_an_unknown_dataset_is_not_found(conn: Connection) -> None:
    hands = await hands_on(conn, DIAMOND)
    with pytest.raises(NotFound, match="no dataset e"):
        await _why(hands, "e")
