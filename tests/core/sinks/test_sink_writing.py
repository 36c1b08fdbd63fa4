"""Rows of events arrive in the table of their dataset, and later ones take the place of earlier."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sink_crew import at_work, drain, put, redrive, route, rows, some, tell

from headgate.core.database import Connection, Database
from headgate.core.sinks import store as sinks
from headgate.core.sinks.model import Table
from headgate.core.work import store as work
from headgate.core.work.model import Outcome, Result

LEFT = 'select n from data."d.left" order by n'
RIGHT = 'select n from data."d.right" order by n'
ALL_TYPES = """\
dag: d
datasets:
  d.all:
    write_mode: buffered
    schema: {Text: text, select: boolean, i: integer, b: bigint, n: numeric, d: double, day: date,
             at: timestamptz, u: uuid, j: jsonb, raw: bytea, texts: "text[]", numbers: "bigint[]"}
sources: {s: {kind: http, dataset: d.all}}
"""


def over(low: int, high: int, *numbers: int, **more: Any) -> dict[str, Any]:
    return {"range": (low, high), "payload": some(*numbers) or None, **more}


def at(key: str | None, *numbers: int, **more: Any) -> dict[str, Any]:
    return {"key": key, "payload": some(*numbers) or None, **more}


INV: dict[str, Any] = {"kind": "invalidate"}


async def test_rows_come_into_the_table_with_the_place_of_their_event(
    database: Database, conn: Connection
) -> None:
    await put(conn)
    first, second = await tell(
        conn, "d.left", over(0, 10, 1, 2), {"range": (10, 20), "payload": {"n": 3}}
    )

    await drain(database)

    assert await rows(
        conn, 'select _event, _row, _rng::text, _key, n, word from data."d.left" order by n'
    ) == [
        (first, 1, "[0,10)", None, 1, ""),
        (first, 2, "[0,10)", None, 2, ""),
        (second, 1, "[10,20)", None, 3, None),
    ]
    assert await rows(
        conn, 'select bool_and(_at = at) from data."d.left" join core.event on id = _event'
    ) == [True]


async def test_each_type_keeps_its_value(database: Database, conn: Connection) -> None:
    await put(conn, ALL_TYPES)
    row = {"Text": "ü\n", "select": True, "i": -(2**31), "b": 2**63 - 1, "n": "1e30", "d": 0.1,
           "day": "2024-02-29", "at": "2026-01-31T12:00:00.5+02:00", "j": {"a": [None]},
           "u": "00000000-0000-0000-0000-00000000000A", "raw": "\\x00Ff", "texts": ["a", None],
           "numbers": [2**60]}  # fmt: skip
    await tell(conn, "d.all", {"key": "x", "payload": [row, {}]})

    await drain(database)

    full, empty = await rows(conn, 'select * from data."d.all" order by _row')
    assert [str(value) for value in full[5:]] == [
        "ü\n", "True", "-2147483648", "9223372036854775807", "1" + "0" * 30, "0.1", "2024-02-29",
        "2026-01-31 10:00:00.500000+00:00", "00000000-0000-0000-0000-00000000000a",
        "{'a': [None]}", r"b'\x00\xff'", "['a', None]", "[1152921504606846976]",
    ]  # fmt: skip
    assert empty[5:] == (None,) * 13


async def test_an_invalidation_with_rows_replaces_what_overlaps_it(
    database: Database, conn: Connection
) -> None:
    await put(conn)
    await tell(conn, "d.left", over(0, 10, 1), over(10, 20, 2), over(20, 30, 3), over(5, 25, 4))
    await drain(database)

    await tell(conn, "d.left", over(9, 11, 5, **INV))
    await drain(database)

    assert await rows(conn, LEFT) == [3, 5]


async def test_an_invalidation_without_rows_deletes(database: Database, conn: Connection) -> None:
    await put(conn)
    await tell(conn, "d.left", over(0, 10, 1), over(10, 20, 2))
    await tell(conn, "d.right", at("a", 1), at("b", 2), at(None, 3))
    await drain(database)

    await tell(conn, "d.left", over(0, 10, **INV))
    await tell(conn, "d.right", at("b", **INV))
    await drain(database)

    assert await rows(conn, LEFT) == [2]
    assert await rows(conn, RIGHT) == [1, 3]


async def test_a_key_is_replaced_by_the_same_key_only(database: Database, conn: Connection) -> None:
    await put(conn)
    await tell(conn, "d.right", at("a", 1), at("a/x", 2), at("b", 3))
    await drain(database)

    await tell(conn, "d.right", at("a", 4, **INV))
    await drain(database)

    assert await rows(conn, RIGHT) == [2, 3, 4]


async def test_an_invalidation_of_the_whole_dataset_replaces_everything_before_it(
    database: Database, conn: Connection
) -> None:
    await put(conn)
    await tell(conn, "d.right", at("a", 1), at(None, 2))
    await drain(database)

    await tell(conn, "d.right", at("b", 3), at(None, 4, **INV), at("c", 5))
    await drain(database)

    assert await rows(conn, RIGHT) == [4, 5]


async def test_within_one_task_only_what_no_later_event_replaced_survives(
    database: Database, conn: Connection
) -> None:
    await put(conn)
    await tell(
        conn, "d.left", over(0, 10, 1), over(0, 10, 2, **INV), over(5, 15, 3, **INV), over(0, 10, 4)
    )

    await drain(database)

    assert await rows(conn, LEFT) == [3, 4]
    assert await rows(conn, "select count(*) from core.task_history") == [1]


async def test_the_events_of_one_run_do_not_replace_each_other(
    database: Database, conn: Connection
) -> None:
    async def make(ctx: Any) -> None:
        for n in range(3):
            ctx.emit("d.made", key="a", payload={"n": 10 * int(ctx.task.attempt) + n})

    await put(
        conn,
        """\
dag: d
datasets: {d.in: , d.made: {write_mode: buffered, schema: {n: bigint}}}
sources: {s: {kind: http, dataset: d.in}}
jobs: {make: {operator: d.make, inputs: [d.in], outputs: [d.made], execution_strategy: PerPartition}}
""",
    )
    async with at_work(database, others={"d.make": make}) as crew:
        await tell(conn, "d.in", {"key": "a"})
        await crew.idle()
        await tell(conn, "d.in", {"key": "a", **INV})
        await crew.idle()
        await crew.idle()

    kinds = await rows(
        conn,
        "select kind from core.event join core.dataset d on d.id = dataset_id where name = 'd.made' order by 1",
    )
    assert kinds == [0, 0, 0, 1, 1, 1]
    assert await rows(conn, 'select count(*), min(_event) > 4 from data."d.made"') == [(3, True)]


async def test_a_redriven_task_does_not_bring_back_what_was_replaced_since(
    database: Database, conn: Connection
) -> None:
    await put(conn)
    await conn.execute('alter table data."d.left" rename to away')
    await tell(conn, "d.left", over(0, 10, 1), over(10, 20, 2))
    await drain(database)
    assert await rows(conn, "select state from core.dead_letter") == ["open"]
    await conn.execute('alter table data.away rename to "d.left"')
    await tell(conn, "d.left", over(0, 10, 3, **INV))
    await drain(database)

    await redrive(conn)
    await drain(database)

    assert await rows(conn, LEFT) == [2, 3]


async def test_old_rows_stand_until_those_that_replace_them_are_written(conn: Connection) -> None:
    await put(conn)
    await _write(conn, await tell(conn, "d.left", over(0, 10, 1)))
    other, new = await tell(conn, "d.left", over(20, 30, 2), over(0, 10, 3, **INV))

    await _write(conn, [other])
    assert await rows(conn, LEFT) == [1, 2]

    await _write(conn, [new])
    assert await rows(conn, LEFT) == [2, 3]


async def test_a_task_that_covers_events_which_another_one_wrote_adds_nothing(
    database: Database, conn: Connection
) -> None:
    await put(conn)
    ids = await tell(conn, "d.left", over(0, 10, 1), over(10, 20, 2))
    await drain(database)
    more = await tell(conn, "d.left", over(20, 30, 3))
    await route(conn)
    await conn.execute(
        "update core.task_pending set evs = int8multirange(int8range(%s, %s, '[]'))",
        [ids[0], more[0]],
    )

    await drain(database)

    assert await rows(conn, LEFT) == [1, 2, 3]


async def test_of_the_ids_that_a_task_covers_only_events_of_its_dataset_are_written(
    database: Database, conn: Connection
) -> None:
    await put(conn)
    await tell(conn, "d.left", over(0, 10, 1))
    await tell(conn, "d.right", at("a", 10))
    await tell(conn, "d.left", over(0, 10, 2))
    await route(conn)
    await conn.execute("update core.task_pending set evs = '{[1,4)}'")

    await drain(database)

    assert (await rows(conn, LEFT), await rows(conn, RIGHT)) == ([1, 2], [10])


async def test_the_statements_are_valid_for_every_type(conn: Connection) -> None:
    await put(conn, ALL_TYPES)
    (found,) = (await sinks.tables(conn, org_id=1)).values()
    table = Table(1, "d.all", found.columns)
    assert len(found.columns) == 13
    for write in (sinks.insert_rows, sinks.delete_replaced):
        for _ in range(3):  # prepared from the second time on
            assert await write(conn, table=table, dataset_id=1, evs="{[1,9)}") == 0


_PLACES = st.tuples(st.integers(0, 8), st.integers(1, 6))
_STORY = st.lists(st.tuples(_PLACES, st.booleans(), st.booleans()), min_size=1, max_size=12)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(story=_STORY, cuts=st.randoms(use_true_random=False))
async def test_the_table_is_the_same_however_events_were_cut_into_tasks_and_in_any_order(
    conn: Connection, story: list[tuple[tuple[int, int], bool, bool]], cuts: Any
) -> None:
    await put(conn)
    await conn.execute('truncate data."d.left"')
    events = [
        over(low, low + size, *([n] if filled else []), **(INV if kind else {}))
        for n, ((low, size), kind, filled) in enumerate(story)
    ]
    ids = await tell(conn, "d.left", *events)
    cuts.shuffle(ids)
    while ids:
        size = cuts.randint(1, len(ids))
        await _write(conn, ids[:size])
        ids = ids[size:]

    def replaced(n: int) -> bool:
        (low, size), _, _ = story[n]
        return any(
            kind and low < other + width and other < low + size
            for (other, width), kind, _ in story[n + 1 :]
        )

    standing = [n for n, (_, _, filled) in enumerate(story) if filled and not replaced(n)]
    assert await rows(conn, LEFT) == standing


async def _write(conn: Connection, ids: list[int]) -> None:
    """Complete a task that covers exactly these events, as the operator would."""
    (dataset,) = await rows(conn, "select id from core.dataset where name = 'd.left'")
    (job,) = await rows(conn, "select id from core.job where name = 'sink-d-left'")
    async with conn.transaction():
        cursor = await conn.execute(
            """insert into core.task_lease (task_id, org_id, job_id, ckey, session_id, attempt, losses,
                   rngs, inval, evs, n, heavy, priority, created_at, deadline_at)
               select nextval('core.task_id'), 1, %s, 'b', 0, 1, 0, '{}', '{}',
                      range_agg(int8range(e, e, '[]')), 1, true, 0, now(), now() from unnest(%s::bigint[]) e
               returning task_id, token""",
            [job, ids],
        )
        lease = await cursor.fetchone()
        assert lease is not None
        await work.complete(conn, results=[Result(lease["task_id"], lease["token"], Outcome.OK)])
        table = Table(1, "d.left", {"n": "bigint", "word": "text"})
        await sinks.write_rows(conn, dataset_id=dataset, table=table, **lease)
