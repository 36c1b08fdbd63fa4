"""The event log is read by dataset, kind, place, producer and time, and never all of it."""

from datetime import timedelta
from typing import Any, LiteralString, cast

import pytest

from headgate.core.clock import utc_now
from headgate.core.database import Connection
from headgate.core.dispatch import store as dispatch
from headgate.core.errors import NotFound
from headgate.core.events.model import NewEvent
from headgate.core.events.reading.model import NEWEST, EventFilter, Look
from headgate.core.events.reading.walk import list_matching
from headgate.core.events.store import emit
from proof.by_hand import Hands
from proof.dags import hands_on

FLOW = """
dag: d
datasets: {keyed: {}, ranged: {partitioning: range}, quiet: {partitioning: range}}
sources:
  one: {kind: http, dataset: keyed}
  two: {kind: http, dataset: ranged}
  three: {kind: http, dataset: quiet}
jobs: {job: {operator: proof.j, inputs: [keyed], execution_strategy: PerUpdate}}
"""


async def _look(conn: Connection, *, limit: int = 50, below: int = NEWEST, **wanted: Any) -> Look:
    return await list_matching(
        conn, org_id=1, wanted=EventFilter(**wanted), below=below, limit=limit
    )


async def _ids(conn: Connection, **wanted: Any) -> list[int]:
    return [event.id for event in (await _look(conn, **wanted)).events]


async def _fill(hands: Hands, dataset: str, count: int, *, days: int = 2) -> None:
    """Add many updates of a dataset, spread over days and in the order of time."""
    await dispatch.ensure_partitions(hands.conn)
    await hands.conn.execute(
        "insert into core.event (id, org_id, dataset_id, rng, producer_task, at)"
        " select nextval('core.event_id'), 1, %s, int8range(i, i + 1), 1000000 + i / 10,"
        "        now() - interval '1 day' * (%s - i::float8 * %s / %s) from generate_series(1, %s) i",
        [hands.made.datasets[dataset], days, days, count, count],
    )
    await hands.conn.execute("analyze core.event")


async def test_each_filter_finds_its_own(conn: Connection) -> None:
    hands = await hands_on(conn, FLOW)
    (a, b, other) = await hands.emit("keyed", "a/1", "a/2", "b")
    (low, high) = await hands.emit("ranged", (0, 10), (10, 20))
    invalid = NewEvent(dataset_id=hands.made.datasets["ranged"], range=(5, 6), kind="invalidate")
    (gone,) = await emit(conn, org_id=1, events=[invalid], producer_task=77)

    assert await _ids(conn) == [gone, high, low, other, b, a]
    assert await _ids(conn, dataset="keyed") == [other, b, a]
    assert await _ids(conn, key_prefix="a/") == [b, a]
    assert await _ids(conn, dataset="ranged", range=(9, 11)) == [high, low]
    assert await _ids(conn, kind="invalidate") == [gone]
    assert await _ids(conn, kind="invalidate", dataset="keyed") == []
    assert await _ids(conn, kind="update", dataset="ranged") == [high, low]
    assert await _ids(conn, producer_task=77) == [gone]
    assert await _ids(conn, producer_task=77, dataset="keyed") == []


async def test_time_bounds_are_kept_exactly(conn: Connection) -> None:
    hands = await hands_on(conn, FLOW)
    await _fill(hands, "ranged", 1000)
    cursor = await conn.execute("select id, at from core.event order by id")
    events = [(row["id"], row["at"]) for row in await cursor.fetchall()]
    since, until = events[300][1], events[700][1]

    found = await _ids(conn, since=since, until=until, limit=1000)

    assert found == [id_ for id_, at in reversed(events) if since <= at < until]
    assert await _ids(conn, since=utc_now() + timedelta(days=1)) == []
    assert await _ids(conn, until=utc_now() - timedelta(days=300)) == []
    assert len(await _ids(conn, until=utc_now() + timedelta(days=300), limit=2000)) == 1000


async def test_a_page_goes_on_where_the_last_one_ended(conn: Connection) -> None:
    hands = await hands_on(conn, FLOW)
    every = await hands.emit("keyed", *(f"k{n}" for n in range(7)))

    first = await _look(conn, dataset="keyed", limit=3)
    second = await _look(conn, dataset="keyed", limit=3, below=first.go_on or 0)
    third = await _look(conn, dataset="keyed", limit=3, below=second.go_on or 0)

    found = [event.id for look in (first, second, third) for event in look.events]
    assert found == every[::-1]
    assert third.go_on is None


async def test_a_look_for_what_is_rare_ends_early_and_says_where(conn: Connection) -> None:
    hands = await hands_on(conn, FLOW)
    (rare,) = await hands.emit("ranged", (10**6, 10**6 + 5))
    await _fill(hands, "ranged", 12_000)

    first = await _look(conn, dataset="ranged", range=(10**6, 10**6 + 1), limit=5)
    second = await _look(
        conn, dataset="ranged", range=(10**6, 10**6 + 1), limit=5, below=first.go_on or 0
    )

    assert (list(first.events), first.go_on is None) == ([], False)
    assert [event.id for event in second.events] == [rare]
    assert second.go_on is None


async def test_a_large_payload_is_left_out_of_lists(conn: Connection) -> None:
    hands = await hands_on(conn, FLOW)
    events = [
        NewEvent(dataset_id=hands.made.datasets["keyed"], key="k", payload=payload)
        for payload in ({"n": 1}, {"text": "x" * 9000}, None)
    ]
    await emit(conn, org_id=1, events=events)

    (none, large, small) = (await _look(conn)).events

    assert (small.payload, small.payload_omitted) == ({"n": 1}, False)
    assert (large.payload, large.payload_omitted) == (None, True)
    assert (none.payload, none.payload_omitted, none.payload_bytes) == (None, False, 0)


async def test_a_dataset_that_never_was_is_not_found(conn: Connection) -> None:
    await hands_on(conn, FLOW)
    with pytest.raises(NotFound):
        await _look(conn, dataset="nothing")


class _Watched:
    """A connection that takes note of the most pages that a statement touched."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self.pages = 0

    async def execute(self, statement: LiteralString, values: Any = None) -> Any:
        cursor = await self._conn.execute(
            f"explain (analyze, buffers, format json) {statement}".encode(), values
        )
        row = await cursor.fetchone()
        assert row is not None
        plan = row["QUERY PLAN"][0]["Plan"]
        self.pages = max(self.pages, plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])
        return await self._conn.execute(statement, values)


@pytest.mark.parametrize("generic", [False, True], ids=["custom", "generic"])
async def test_no_filter_walks_the_log(conn: Connection, generic: bool) -> None:
    hands = await hands_on(conn, FLOW)
    await hands.emit("quiet", (1, 2))
    await _fill(hands, "ranged", 60_000)
    if generic:
        await conn.execute("set plan_cache_mode = force_generic_plan")
    now = utc_now()
    for wanted in (
        {},
        {"dataset": "quiet"},
        {"dataset": "ranged"},
        {"kind": "invalidate"},
        {"dataset": "ranged", "kind": "invalidate"},
        {"producer_task": 1_000_100},
        {"since": now - timedelta(hours=20), "until": now - timedelta(hours=19, minutes=59)},
    ):
        watched = _Watched(conn)
        await _look(cast("Connection", watched), **wanted)
        assert watched.pages < 300, wanted
    watched = _Watched(conn)
    await _look(cast("Connection", watched), dataset="ranged", range=(-5, -1))
    assert watched.pages < 600, "a walk over ten thousand events"
