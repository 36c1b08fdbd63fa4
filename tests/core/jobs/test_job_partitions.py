"""Where a job has been: cells over ranges, and keys by name."""

import random

import pytest
from chain_flow import CHAIN, run

from headgate.core.database import Connection
from headgate.core.errors import InvalidInput, NotFound
from headgate.core.events.model import NewEvent
from headgate.core.events.store import emit
from headgate.core.jobs.partitions.model import Cell, Partitions
from headgate.core.jobs.partitions.reading import partitions_of
from headgate.core.jobs.partitions.store import MOST_ATTEMPTS
from headgate.core.paging import Cursor
from headgate.core.work.model import Outcome
from proof.by_hand import Hands
from proof.dags import hands_on

STATES = ("running", "waiting", "dead", "stale", "done", "untouched")


async def cells(conn: Connection, job: str = "d.make_b", **where: int) -> Partitions:
    return await partitions_of(conn, org_id=1, job=job, **where)


def drawn(found: Partitions) -> list[str]:
    """Write each cell as its states with how many units are in each."""
    return [
        " ".join(f"{state}={count}" for state in STATES if (count := getattr(cell, state)))
        for cell in found.cells
    ]


async def test_each_state_of_a_range_is_counted_in_its_cell(conn: Connection) -> None:
    hands = await hands_on(conn, CHAIN)
    session = await hands.session()
    await hands.emit("a", (0, 50))
    await hands.route()
    await run(hands, session, "make_b", Outcome.OK, Outcome.DEAD)
    await hands.claim(session, "make_b")
    await hands.emit("a", (65, 70))
    await hands.route()

    found = await cells(conn)

    assert (found.low, found.high, found.width, found.unit) == (0, 70, 10, "block")
    assert drawn(found) == [
        "done=10",
        "dead=10",
        "running=10",
        "waiting=10",
        "waiting=10",
        "untouched=10",
        "waiting=5 untouched=5",
    ]
    assert found.complete
    assert found.text == (
        "Of 70 blocks from 0 on: 10 done, 10 running, 25 waiting, 10 dead, 15 untouched."
    )


async def test_cells_are_whole_partitions_and_never_more_than_asked_for(conn: Connection) -> None:
    hands = await hands_on(conn, CHAIN)
    await hands.emit("a", (3, 977))
    await hands.route()

    found = await cells(conn, cells=7)

    assert [(cell.low, cell.high) for cell in found.cells] == [
        (low, min(low + 140, 980)) for low in range(0, 980, 140)
    ]
    assert sum(cell.waiting for cell in found.cells) == 974
    asked = await cells(conn, low=100, high=131)
    assert (asked.low, asked.high) == (100, 140)
    assert drawn(asked) == ["waiting=10"] * 4


async def test_a_range_made_again_counts_as_what_happens_to_it_now(conn: Connection) -> None:
    hands = await hands_on(conn, CHAIN)
    session = await hands.session()
    await hands.emit("a", (0, 10))
    await hands.route()
    await run(hands, session, "make_b", Outcome.OK)
    assert drawn(await cells(conn)) == ["done=10"]

    await hands.emit("a", (4, 6))
    await hands.route()
    assert drawn(await cells(conn)) == ["waiting=2 done=8"]


async def test_what_is_behind_is_stale_where_nothing_is_under_way(conn: Connection) -> None:
    hands = await hands_on(conn, CHAIN)
    session = await hands.session()
    await hands.emit("b", (0, 20))
    await hands.route()
    await run(hands, session, "window", Outcome.OK, Outcome.OK, Outcome.OK)
    event = NewEvent(dataset_id=hands.made.datasets["a"], range=(4, 6), kind="invalidate")
    await emit(conn, org_id=1, events=[event])
    await hands.route()

    # Made from b, which make_b is to make anew at 4 and 5: the output at n reads b at n - 2 to n + 1.
    assert drawn(await cells(conn, "d.window", low=0, high=20)) == ["stale=5 done=5", "done=10"]


async def test_a_backfill_waits_and_a_cancelled_one_is_untouched(conn: Connection) -> None:
    hands = await hands_on(conn, CHAIN)
    await hands.emit("a", (0, 20_000))
    await hands.route()

    assert drawn(await cells(conn, cells=2)) == ["waiting=10000"] * 2
    await conn.execute("update core.backfill set cancelled_at = now()")
    assert drawn(await cells(conn, cells=2, low=0, high=20_000)) == ["untouched=10000"] * 2


async def test_what_concerns_everything_fills_the_span_and_does_not_widen_it(
    conn: Connection,
) -> None:
    hands = await hands_on(conn, CHAIN)
    await hands.emit("a", (0, 30))
    await hands.route()
    await conn.execute("update core.task_pending set rngs = '{(,)}' where ckey = 'p1'")

    assert drawn(await cells(conn)) == ["waiting=10"] * 3


async def test_a_job_that_has_done_nothing_has_no_cells(conn: Connection) -> None:
    await hands_on(conn, CHAIN)

    found = await cells(conn)
    assert (found.low, found.cells, found.complete) == (None, [], True)
    assert found.text == "The job has not covered anything yet."
    assert (await cells(conn, low=5)).cells == []
    assert drawn(await cells(conn, low=0, high=20)) == ["untouched=10"] * 2


async def test_cells_agree_with_a_count_of_every_unit(conn: Connection) -> None:
    """Random work, counted unit by unit as nobody would with more of it."""
    hands = await hands_on(conn, CHAIN)
    chance = random.Random(7)
    rows: dict[str, list[tuple[int, int]]] = {"waiting": [], "dead": [], "done": []}
    for _ in range(60):
        low = chance.randrange(-300, 300)
        rows[chance.choice(list(rows))].append((low, low + chance.randrange(1, 40)))
    for at, (low, high) in enumerate(rows["waiting"]):
        await _put(hands, "task_pending", at, low, high)
    for at, (low, high) in enumerate(rows["dead"]):
        await _put(hands, "dead_letter", at, low, high)
    for at, (low, high) in enumerate(rows["done"]):
        await _put(hands, "task_history", at, low, high)

    found = await cells(conn, "d.window", low=-200, high=260, cells=9)

    def state(unit: int) -> str:
        return next(
            (name for name in rows if any(low <= unit < high for low, high in rows[name])),
            "untouched",
        )

    for cell in found.cells:
        units = [state(unit) for unit in range(cell.low, cell.high)]
        assert cell == Cell(
            cell.low,
            cell.high,
            running=0,
            waiting=units.count("waiting"),
            dead=units.count("dead"),
            stale=0,
            done=units.count("done"),
            untouched=units.count("untouched"),
        )
    assert len(found.cells) <= 9


async def test_ten_thousand_partitions_become_a_few_cells(conn: Connection) -> None:
    hands = await hands_on(conn, CHAIN)
    await _history(hands, 12_000)

    found = await cells(conn, cells=200)

    assert 190 <= len(found.cells) <= 200
    assert not found.complete, "only the newest attempts were looked at"
    assert sum(cell.done for cell in found.cells) == 10 * (MOST_ATTEMPTS + 1)
    assert found.text.endswith("Only the newest attempts were looked at.")


async def test_a_span_without_anything_in_it_is_refused(conn: Connection) -> None:
    await hands_on(conn, CHAIN)
    with pytest.raises(InvalidInput, match="nothing between"):
        await cells(conn, low=7, high=7)
    with pytest.raises(NotFound, match="There is no job"):
        await cells(conn, "d.nothing")


async def test_keys_come_by_name_with_their_newest_state(conn: Connection) -> None:
    hands = await hands_on(conn, CHAIN)
    session = await hands.session()
    for key, outcome in (("done", Outcome.OK), ("dead", Outcome.DEAD), ("gone", Outcome.CANCELLED)):
        await hands.emit("k", key)
        await hands.route()
        await run(hands, session, "keyed", outcome)
    await hands.emit("k", "running")
    await hands.route()
    (lease,) = await hands.claim(session, "keyed")
    await hands.emit("k", "waiting", "done")
    await hands.route()

    found = await cells(conn, "d.keyed")

    assert [(one.key, one.state) for one in found.keys] == [
        ("dead", "dead"),
        ("done", "waiting"),
        ("gone", "cancelled"),
        ("running", "running"),
        ("waiting", "waiting"),
    ]
    assert {one.key: one.task_id for one in found.keys}["running"] == lease.task_id
    assert (found.cells, found.next_cursor, found.complete) == ((), None, True)


async def test_a_walk_over_the_keys_sees_each_once(conn: Connection) -> None:
    hands = await hands_on(conn, CHAIN)
    session = await hands.session()
    keys = [f"k{number:02}" for number in range(25)]
    await hands.emit("k", *keys)
    await hands.route()
    await run(hands, session, "keyed", *[Outcome.OK] * 12)

    seen: list[str] = []
    after = ""
    while True:
        found = await partitions_of(conn, org_id=1, job="d.keyed", after=after, limit=4)
        seen += [one.key for one in found.keys]
        if found.next_cursor is None:
            break
        (after,) = Cursor.parse(found.next_cursor, str)
    assert seen == keys


async def test_work_that_nothing_tells_apart_says_so(conn: Connection) -> None:
    await hands_on(conn, CHAIN)

    each, everything = await cells(conn, "d.each"), await cells(conn, "d.all")
    assert (each.partitioning, everything.partitioning) == ("event", "all")
    assert each.text == "Each event is a task of its own: see the job's tasks."
    assert (each.keys, everything.keys) == ((), ())


async def _put(hands: Hands, table: str, at: int, low: int, high: int) -> None:
    own = {
        "task_pending": ("", ""),
        "dead_letter": (
            ", inval, heavy, priority, task_id, attempts, error, fingerprint, created_at",
            ", '{}', false, 0, 1, 1, '{}', '', now()",
        ),
        "task_history": (", task_id, outcome, attempt, created_at", ", %(at)s, 0, 1, now()"),
    }[table]
    await hands.conn.execute(
        f"insert into core.{table} (org_id, job_id, ckey, rngs, evs, n{own[0]}) values"
        f" (1, %(job)s, 'u' || %(at)s, int8multirange(int8range(%(low)s, %(high)s)), '{{}}', 1{own[1]})".encode(),
        {"job": hands.made.jobs["window"], "at": at, "low": low, "high": high},
    )


async def _history(hands: Hands, partitions: int) -> None:
    """Have ended tasks of every second partition."""
    await hands.conn.execute(
        "insert into core.task_history (task_id, org_id, job_id, ckey, outcome, attempt, rngs, evs, n,"
        "                               created_at, leased_at, done_at)"
        " select nextval('core.task_id'), 1, %s, 'p' || i, 0, 1,"
        "        int8multirange(int8range(i * 20, i * 20 + 10)), '{}', 1, now(), now(), now()"
        "   from generate_series(1, %s) i",
        [hands.made.jobs["make_b"], partitions],
    )
