"""A deploy makes the tables and the sinks of buffered datasets, and loses no row."""

import asyncio
import re

import pytest
from sink_crew import TWO, at_work, drain, put, rows, some, tell

from headgate.core.dag.check.findings import InvalidDag
from headgate.core.dag.deploy import deploy, preview
from headgate.core.dag.load import check_dag
from headgate.core.dag.plan import plan_text
from headgate.core.dag.schema import ColumnType
from headgate.core.database import Connection, Database
from headgate.core.errors import Conflict
from headgate.core.sinks.model import TYPES
from proof.connecting import Connect

COLUMNS = """select column_name, data_type from information_schema.columns
              where table_schema = 'data' and table_name = 'd.left' order by ordinal_position offset 5"""


async def plan(conn: Connection, source: str) -> str:
    seen = await preview(conn, org_id=1, source=source, file="dag.yaml", known_operators=None)
    return plan_text(seen.plan)


async def faults(conn: Connection, source: str) -> list[str]:
    with pytest.raises(InvalidDag) as caught:
        await put(conn, source)
    return [f"{f.line}:{f.column} {f.code} {f.text}" for f in caught.value.findings]


async def test_a_buffered_dataset_gets_a_table_and_a_sink(conn: Connection) -> None:
    await put(conn)

    assert await rows(conn, COLUMNS) == [("n", "bigint"), ("word", "text")]
    (job,) = await rows(conn, "select to_jsonb(j) from core.job j where name = 'sink-d-left'")
    wanted = {
        "operator": "core.sink",
        "strategy": 2,
        "update_strategy": "append",
        "params": {"dataset": "d.left"},
        "removed_at": None,
    }
    assert {name: job[name] for name in wanted} == wanted
    assert await rows(
        conn,
        "select d.name as dataset, j.name as job, max_bytes from core.subscription s join core.dataset d on d.id = dataset_id"
        " join core.job j on j.id = s.job_id order by 1",
    ) == [("d.left", "sink-d-left", 2**30), ("d.right", "sink-d-right", 2**30)]


async def test_nobody_can_declare_the_job_of_a_sink(conn: Connection) -> None:
    found = check_dag(
        TWO + "jobs: {sink-d-left: {operator: d.x, inputs: [d.left]}}\n", file="f"
    ).findings
    assert [f.severity for f in found] == ["error"]


async def test_deploying_again_keeps_the_rows_and_the_version(
    database: Database, conn: Connection
) -> None:
    await put(conn)
    await tell(conn, "d.left", {"range": (0, 1), "payload": some(1)})
    await drain(database)

    assert not (await put(conn)).changed
    assert (await put(conn, TWO + "description: anew\n")).version == 2

    assert await rows(conn, 'select n from data."d.left"') == [1]


async def test_a_new_column_is_added_and_old_rows_have_null_in_it(
    database: Database, conn: Connection
) -> None:
    await put(conn)
    await tell(conn, "d.left", {"range": (0, 1), "payload": some(1)})
    await drain(database)
    wider = TWO.replace("{n: bigint, word: text}", '{n: bigint, word: text, more: "text[]"}', 1)

    assert "~ dataset d.left  schema.more none → text[]" in await plan(conn, wider)
    await put(conn, wider)
    await tell(conn, "d.left", {"range": (0, 1), "payload": {"n": 2, "more": ["x"]}})
    await drain(database)

    assert await rows(conn, 'select n, more from data."d.left" order by n') == [
        (1, None),
        (2, ["x"]),
    ]


async def test_a_column_with_rows_neither_goes_nor_changes_its_type(
    database: Database, conn: Connection
) -> None:
    await put(conn)
    await tell(conn, "d.left", {"range": (0, 1), "payload": some(1)})
    await drain(database)
    narrow = TWO.replace("{n: bigint, word: text}", "{n: text}", 1)

    assert await faults(conn, narrow) == [
        "3:63 column_in_use column word cannot go: the table has rows, which would lose it; keep `word: text`, or empty the table first",
        "3:67 column_in_use column n cannot become text: the table has rows with bigint in it; keep bigint, or add a column with another name",
    ]
    assert await rows(conn, COLUMNS) == [("n", "bigint"), ("word", "text")]


async def test_an_empty_table_takes_any_schema(database: Database, conn: Connection) -> None:
    await put(conn)

    await put(conn, TWO.replace("{n: bigint, word: text}", "{n: text, day: date}", 1))

    assert await rows(conn, COLUMNS) == [("n", "text"), ("day", "date")]
    await tell(conn, "d.left", {"range": (0, 1), "payload": {"n": "x", "day": "2026-01-01"}})
    await drain(database)
    assert await rows(conn, 'select n, day::text from data."d.left"') == [("x", "2026-01-01")]


async def test_rows_that_come_while_a_column_is_to_go_stop_the_deploy(connect: Connect) -> None:
    conn, writer = await connect(), await connect()
    await put(conn)
    narrow = TWO.replace("{n: bigint, word: text}", "{n: bigint}", 1)
    async with writer.transaction():
        await writer.execute('insert into data."d.left" (_event, _row, _at) values (1, 1, now())')
        deploying = asyncio.create_task(put(conn, narrow))
        await asyncio.sleep(0.3)
        assert not deploying.done()
    with pytest.raises(Conflict, match="Rows came into the table"):
        await deploying
    assert await rows(conn, COLUMNS) == [("n", "bigint"), ("word", "text")]
    assert await rows(conn, "select version from core.dag") == [1]


async def test_a_removed_dataset_keeps_its_table_and_finds_it_again(
    database: Database, conn: Connection
) -> None:
    await put(conn)
    await tell(conn, "d.left", {"range": (0, 1), "payload": some(1)})
    await drain(database)
    without = re.sub(r"  d\.left:.*\n", "", TWO).replace(
        "left: {kind: http, dataset: d.left}, ", ""
    )

    assert "  ! dataset d.left: its table and the rows in it stay\n" in await plan(conn, without)
    await put(conn, without)
    assert await rows(conn, "select name from core.job where removed_at is not null") == [
        "sink-d-left"
    ]
    assert await rows(conn, 'select n from data."d.left"') == [1]

    await put(conn)
    await tell(conn, "d.left", {"range": (0, 1), "payload": some(2)})
    await drain(database)
    assert await rows(conn, 'select n from data."d.left" order by n') == [1, 2]


async def test_the_plan_says_which_rows_a_dataset_without_a_sink_does_not_get(
    conn: Connection,
) -> None:
    await put(conn)
    await conn.execute(
        "insert into core.task_pending (org_id, job_id, ckey, evs)"
        " select 1, id, 'b', '{[1,2)}' from core.job where name = 'sink-d-left'"
    )

    told = await plan(conn, TWO.replace("write_mode: buffered, ", "", 1))

    assert (
        "! dataset d.left: its table and the rows in it stay; 1 pending task of its sink will not"
        " run unless it is deployed again" in told
    )


async def test_what_a_table_cannot_be_is_told_with_its_place(conn: Connection) -> None:
    name = "d." + "x" * 62
    assert await faults(
        conn,
        f"""\
dag: d
datasets:
  d.bare: {{write_mode: buffered}}
  d.own: {{write_mode: buffered, location: here, schema: {{_event: text, ctid: text, ok: text}}}}
  {name}: {{write_mode: buffered, schema: {{a: text}}}}
sources: {{a: {{kind: http, dataset: d.bare}}, b: {{kind: http, dataset: d.own}}, c: {{kind: http, dataset: {name}}}}}
""",
    ) == [
        "3:24 missing_schema a buffered dataset needs a schema: its table has those columns; add the schema",
        "4:33 meaningless the table of a buffered dataset is named after it; remove it",
        "4:58 reserved_column the table has a column _event of its own; give it another name",
        "4:72 reserved_column the table has a column ctid of its own; give it another name",
        "5:3 name_too_long the name of a buffered dataset has at most 63 characters; its table is named after it: give it a shorter one",
    ]


async def test_two_orgs_have_tables_of_their_own(database: Database, conn: Connection) -> None:
    await conn.execute("insert into core.org (id, slug, name) values (2, 'two', 'Two')")
    await put(conn)
    await deploy(conn, org_id=2, source=TWO, file="f", known_operators=None, principal="test")
    for org in (1, 2):
        await conn.execute(
            """insert into core.event (org_id, dataset_id, rng, payload)
               select org_id, id, '[0,1)', jsonb_build_object('n', org_id) from core.dataset
                where org_id = %s and name = 'd.left'""",
            [org],
        )

    async with at_work(database) as crew:
        await crew.idle()

    assert await rows(conn, 'select n from data."d.left"') == [1]
    assert await rows(conn, 'select n from data_2."d.left"') == [2]


async def test_deploys_at_once_make_one_table(connect: Connect) -> None:
    done = await asyncio.gather(*[put(await connect()) for _ in range(3)])
    assert sorted(d.changed for d in done) == [False, False, True]


def test_every_type_of_a_schema_is_a_type_of_a_table() -> None:
    assert set(TYPES) == set(ColumnType.__args__)


async def test_a_table_in_use_is_not_waited_for_long(connect: Connect) -> None:
    conn, reader = await connect(), await connect()
    await put(conn)
    async with reader.transaction():
        await reader.execute('select * from data."d.left"')
        wider = TWO.replace("{n: bigint, word: text}", "{n: bigint, word: text, x: text}", 1)
        with pytest.raises(Conflict, match="is in use"):
            await put(conn, wider)
    await put(conn, wider)
