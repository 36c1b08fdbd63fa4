"""Datasets as people list them: how fresh, who makes them, what came into them, what hangs on them."""

from datetime import timedelta

import pytest
from explained import DIAMOND, invalidate, make

from headgate.core.clock import utc_now
from headgate.core.database import Connection
from headgate.core.errors import NotFound
from headgate.core.events.model import NewEvent
from headgate.core.events.store import emit
from headgate.core.explain.inventory.model import Dataset
from headgate.core.explain.inventory.reading import dataset_in_full, history_of, list_datasets
from headgate.core.explain.lineage.datasets.model import DatasetLineage
from headgate.core.explain.lineage.datasets.walk import dataset_lineage
from headgate.core.work.model import Outcome
from proof.by_hand import Hands
from proof.dags import hands_on

BUFFERED = """
dag: d
datasets:
  rows: {write_mode: buffered, schema: {name: text, n: bigint}, pii_columns: [name]}
sources: {in: {kind: http, dataset: rows}}
jobs: {job: {operator: proof.j, inputs: [rows], execution_strategy: PerUpdate}}
"""


async def _list(
    conn: Connection, *, words: str | None = None, stale: bool | None = None
) -> dict[str, Dataset]:
    found = await list_datasets(conn, org_id=1, words=words, stale=stale, after="", limit=200)
    return {dataset.name: dataset for dataset in found}


async def _one(hands: Hands, name: str) -> Dataset:
    return (await dataset_in_full(hands.conn, org_id=1, name=name))[0]


async def test_a_dataset_tells_how_much_of_it_is_stale_and_who_mends_it(conn: Connection) -> None:
    hands = await hands_on(conn, DIAMOND)
    await invalidate(conn, hands, "a", (10, 18))

    found, parts = await dataset_in_full(conn, org_id=1, name="b")

    assert (found.stale_units, found.stale_keys, found.producer_state) == (8, 0, "waiting")
    assert found.note.endswith("d.make_b is making it anew.")
    assert (parts.ranges, parts.whole, parts.more) == ([(10, 18)], False, False)
    assert found.stale_since is not None
    a = await _one(hands, "a")
    assert (a.stale_since, a.stale_units, a.note, a.producer_kind) == (None, 0, "", "source")
    assert (a.consumers, a.consumer_count) == (["d.make_b", "d.make_c"], 2)
    assert a.last_event_at is not None


@pytest.mark.parametrize(
    ("change", "state", "said"),
    [
        ("update core.job set paused = true where name = 'make_b'", "paused", "resume it"),
        (
            "insert into core.hold select id, 'backpressure:b' from core.job where name = 'make_b'",
            "held",
            "held until a queue downstream has drained",
        ),
    ],
)
async def test_what_keeps_a_dataset_stale_is_said(
    conn: Connection, change: str, state: str, said: str
) -> None:
    hands = await hands_on(conn, DIAMOND)
    await invalidate(conn, hands, "a", (10, 18))
    await conn.execute(change.encode())

    found = await _one(hands, "b")

    assert found.producer_state == state
    assert said in found.note


async def test_dead_letters_of_the_producer_are_told(conn: Connection) -> None:
    hands = await hands_on(conn, DIAMOND)
    session = await hands.session()
    await invalidate(conn, hands, "a", (10, 18))
    (lease,) = await hands.claim(session, "make_b")
    await hands.end(lease, Outcome.DEAD)

    found = await _one(hands, "b")

    assert (found.producer_state, found.producer_dead) == ("failing", 1)
    assert "d.make_b has 1 dead letter: redrive or discard them." in found.note


async def test_a_list_is_narrowed_by_name_and_by_freshness(conn: Connection) -> None:
    hands = await hands_on(conn, DIAMOND.replace("datasets:", "datasets:\n  other: {}"))
    await invalidate(conn, hands, "a", (10, 18))

    assert list(await _list(conn)) == ["a", "b", "c", "d", "other"]
    assert list(await _list(conn, words="THE")) == ["other"]
    assert list(await _list(conn, stale=True)) == ["b", "c", "d"]
    assert list(await _list(conn, stale=False)) == ["a", "other"]


async def test_a_buffered_dataset_tells_how_far_its_table_is_behind(conn: Connection) -> None:
    hands = await hands_on(conn, BUFFERED)
    before = await _one(hands, "rows")
    event = NewEvent(dataset_id=hands.made.datasets["rows"], key="k", payload={"name": "x", "n": 1})
    await emit(conn, org_id=1, events=[event])
    await hands.route()
    await conn.execute(
        "update core.task_pending set created_at = created_at - interval '5 minutes'"
    )

    found = await _one(hands, "rows")

    assert before.sink is not None
    assert (before.sink.lag_seconds, before.sink.state) == (0, "idle")
    assert found.sink is not None
    assert (found.sink.job, found.sink.waiting) == ("d.sink-rows", 1)
    assert 300 <= found.sink.lag_seconds < 400
    assert found.note == "Its table is 5 min behind."
    assert (found.columns, found.pii_columns) == ({"name": "text", "n": "bigint"}, ["name"])


async def test_a_history_counts_events_and_units_by_the_hour(conn: Connection) -> None:
    hands = await hands_on(conn, DIAMOND)
    await hands.emit("a", (0, 10), (10, 15))
    await invalidate(conn, hands, "a", (0, 3))
    now = utc_now()

    found = await history_of(conn, org_id=1, name="a", days=1, now=now)
    by_day = await history_of(conn, org_id=1, name="a", days=30, now=now)

    assert (found.step_seconds, len(found.bins), found.complete) == (3600, 24, True)
    assert sum(one.updates for one in found.bins) == 2
    assert sum(one.invalidations for one in found.bins) == 1
    assert sum(one.units for one in found.bins) == 18
    assert (by_day.step_seconds, len(by_day.bins)) == (86_400, 30)
    assert sum(one.updates for one in by_day.bins) == 2
    assert by_day.until - by_day.since == timedelta(days=30)


async def test_a_long_history_says_from_when_on_it_is_counted(conn: Connection) -> None:
    hands = await hands_on(conn, DIAMOND)
    await conn.execute(
        "insert into core.event (org_id, dataset_id, rng)"
        " select 1, %s, int8range(i, i + 1) from generate_series(1, 20500) i",
        [hands.made.datasets["a"]],
    )

    found = await history_of(conn, org_id=1, name="a", days=1, now=utc_now())

    assert sum(one.updates for one in found.bins) == 20_000
    assert (found.complete, found.counted_since is None) == (False, False)


async def _lineage(hands: Hands, name: str, *, up: int = 9, down: int = 9) -> DatasetLineage:
    return await dataset_lineage(hands.conn, org_id=1, name=name, up=up, down=down)


async def test_lineage_has_layers_up_and_down(conn: Connection) -> None:
    hands = await hands_on(conn, DIAMOND)
    session = await hands.session()
    await invalidate(conn, hands, "a", (10, 18))
    await make(hands, session, "make_b", "b")

    found = await _lineage(hands, "b")

    assert [(n.layer, n.kind, n.name, n.state) for n in found.nodes] == [
        (-3, "source", "d.in", "source"),
        (-2, "dataset", "a", "fresh"),
        (-1, "job", "d.make_b", "idle"),
        (0, "dataset", "b", "stale"),
        (1, "job", "d.make_d", "idle"),
        (2, "dataset", "d", "stale"),
    ]
    names = {node.id: node.name for node in found.nodes}
    assert [(names[e.source], names[e.target]) for e in found.edges] == [
        ("b", "d.make_d"),
        ("d.make_d", "d"),
        ("a", "d.make_b"),
        ("d.make_b", "b"),
        ("d.in", "a"),
    ]
    assert found.complete


async def test_lineage_is_bounded_by_steps_and_says_so(conn: Connection) -> None:
    hands = await hands_on(conn, DIAMOND)

    near = await _lineage(hands, "a", up=0, down=1)
    alone = await _lineage(hands, "d", up=0, down=0)

    assert [node.name for node in near.nodes] == ["a", "d.make_b", "d.make_c", "b", "c"]
    assert not near.complete
    assert [node.name for node in alone.nodes] == ["d"]
    assert not alone.complete
    assert (await _lineage(hands, "d")).complete


async def test_an_unknown_dataset_is_not_found(conn: Connection) -> None:
    hands = await hands_on(conn, DIAMOND)
    with pytest.raises(NotFound):
        await _one(hands, "nothing")
    with pytest.raises(NotFound):
        await _lineage(hands, "nothing")
    with pytest.raises(NotFound):
        await history_of(conn, org_id=1, name="nothing", days=1, now=utc_now())
