"""Deploys against a real registry: what is written, what is refused, who wins."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from headgate.core.dag import store
from headgate.core.dag.check.findings import InvalidDag
from headgate.core.dag.deploy import Deployed, deploy, preview, rollback
from headgate.core.dag.graph.flow import flows_of
from headgate.core.dag.plan import plan_text
from headgate.core.database import Connection
from headgate.core.dispatch.store import lock_router, route
from headgate.core.errors import Conflict, NotFound
from headgate.core.events.model import NewEvent
from headgate.core.events.store import emit

CREATIVE = """\
dag: creative
datasets:
  creative.brief:
  creative.tick:
  creative.variants: {schema: {id: text}, pii_columns: [id], storage: s3, location: variants/}
  creative.failed:
  creative.blocks: {partitioning: range, unit: block}
  creative.sums: {partitioning: range}
sources:
  briefs: {kind: object_created, dataset: creative.brief, prefix: briefs/, suffix: .json}
  nightly: {kind: schedule, dataset: creative.tick, cron: "0 3 * * *"}
  blocks: {kind: http, dataset: creative.blocks}
jobs:
  variants:
    operator: creative.make
    inputs: [{dataset: creative.brief, segments: 2}, creative.tick]
    outputs: [creative.variants]
    failures: creative.failed
    execution_strategy: PerPartition
    update_strategy: append
    unique_key: [id]
    scaling: {mode: backfill, max_concurrency: 7}
    priority: 3
    retry: {attempts: 5, backoff: 2s, max_backoff: 1m}
    timeout: 90s
    runtime: child_process
    limits: {cpu: 1500ms}
    params: {sizes: [1, 2]}
  sums:
    operator: creative.sum
    inputs: [{dataset: creative.blocks, window: [-10, 0]}]
    outputs: [creative.sums]
    execution_strategy: Bulk
"""
READER = """\
dag: reader
datasets: {reader.report: }
jobs:
  read: {operator: reader.read, inputs: [creative.variants], outputs: [reader.report]}
"""
OPERATORS = {"creative.make", "creative.sum", "reader.read"}


async def connect(url: str) -> Connection:
    return await psycopg.AsyncConnection.connect(url, autocommit=True, row_factory=dict_row)


@pytest.fixture
async def conn(database_url: str) -> AsyncIterator[Connection]:
    async with await connect(database_url) as conn:
        yield conn


async def put(conn: Connection, source: str = CREATIVE, **options: Any) -> Deployed:
    return await deploy(
        conn,
        org_id=1,
        source=source,
        file="dag.yaml",
        known_operators=OPERATORS,
        principal="ann",
        **options,
    )


async def rows(conn: Connection, query: str) -> list[Any]:
    """The rows of a query; single columns as plain values."""
    cursor = await conn.execute(query.encode())
    found = [tuple(row.values()) for row in await cursor.fetchall()]
    return [row[0] if len(row) == 1 else row for row in found]


async def test_a_deploy_writes_the_whole_dag(conn: Connection) -> None:
    done = await put(conn)

    assert (done.dag, done.version, done.changed) == ("creative", 1, True)
    (job,) = await rows(conn, "select to_jsonb(j) from core.job j where name = 'variants'")
    fields = {
        "operator": "creative.make",
        "strategy": 1,
        "update_strategy": "append",
        "unique_key": ["id"],
        "part_size": 10000,
        "scaling_mode": "backfill",
        "max_concurrency": 7,
        "priority": 3,
        "max_attempts": 5,
        "backoff_ms": 2000,
        "max_backoff_ms": 60000,
        "timeout_ms": 90000,
        "runtime": "child_process",
        "limits": {"cpu_seconds": 1.5},
        "params": {"sizes": [1, 2]},
        "paused": False,
        "removed_at": None,
    }
    assert {name: job[name] for name in fields} == fields
    assert await rows(
        conn,
        """select d.name, storage, location, pii_columns, j.name as job, s.name as source
             from core.dataset d
             left join core.job j on j.id = d.producer_job_id
             left join core.source s on s.id = d.producer_source_id order by d.name""",
    ) == [
        ("creative.blocks", "postgres", None, [], None, "blocks"),
        ("creative.brief", "postgres", None, [], None, "briefs"),
        ("creative.failed", "postgres", None, [], "variants", None),
        ("creative.sums", "postgres", None, [], "sums", None),
        ("creative.tick", "postgres", None, [], None, "nightly"),
        ("creative.variants", "s3", "variants/", ["id"], "variants", None),
    ]
    assert await rows(conn, "select spec->>'prefix' from core.source where name = 'briefs'") == [
        "briefs/"
    ]
    assert await rows(
        conn,
        """select d.name, lo_off, hi_off, segments, whole
             from core.subscription s join core.dataset d on d.id = s.dataset_id order by d.name""",
    ) == [
        ("creative.blocks", 0, 10, None, False),
        ("creative.brief", 0, 0, 2, False),
        ("creative.tick", 0, 0, None, False),
    ]


async def test_the_registry_gives_back_the_flows_that_were_deployed(conn: Connection) -> None:
    done = await put(conn)
    seen = await preview(conn, org_id=1, source=CREATIVE, file="f", known_operators=None)

    def plain(flow: Any) -> Any:
        return flow.kind, flow.name, set(flow.reads), set(flow.outputs), flow.failures

    registered = await store.registered_flows(conn, org_id=1)
    assert {flow.dag for flow in registered} == {done.dag}
    assert sorted(map(repr, map(plain, registered))) == sorted(
        map(repr, map(plain, flows_of(seen.spec)))
    )


async def test_deploying_the_same_dag_again_changes_nothing(conn: Connection) -> None:
    await put(conn)

    again = await put(conn, "# written anew\n" + CREATIVE.replace("90s", "90000ms"))

    assert (again.version, again.changed, again.plan.changes) == (1, False, ())
    assert await rows(conn, "select count(*) from core.deployment") == [1]
    assert await rows(conn, "select count(*) from core.change where topic = 'dag'") == [1]


async def test_a_change_makes_the_next_version(conn: Connection) -> None:
    await put(conn)

    done = await put(conn, CREATIVE.replace("max_concurrency: 7", "max_concurrency: 9"))

    assert done.version == 2
    assert plan_text(done.plan).startswith("~ job variants  scaling.max_concurrency 7 → 9\n")
    assert await rows(conn, "select max_concurrency from core.job where name = 'variants'") == [9]
    versions = await store.list_deployments(conn, org_id=1, dag="creative", limit=9)
    assert [(v.version, v.principal, v.current) for v in versions] == [
        (2, "ann", True),
        (1, "ann", False),
    ]


async def test_what_is_no_longer_in_the_file_is_marked_removed_and_comes_back(
    conn: Connection,
) -> None:
    await put(conn)
    shorter = CREATIVE[: CREATIVE.index("  sums:\n    operator")]
    removed = """select 'job', name from core.job where removed_at is not null union all
                 select 'source', name from core.source where removed_at is not null union all
                 select 'dataset', name from core.dataset where removed_at is not null order by 1"""

    await put(conn, shorter.replace("  creative.sums: {partitioning: range}\n", ""))

    assert await rows(conn, removed) == [("dataset", "creative.sums"), ("job", "sums")]
    assert await rows(conn, "select count(*) from core.subscription") == [2]
    assert {f.name for f in await store.registered_flows(conn, org_id=1)} == {"briefs", "nightly", "blocks", "variants"}  # fmt: skip

    await put(conn)

    assert await rows(conn, removed) == []
    assert await rows(conn, "select count(*) from core.job") == [2]
    assert await rows(conn, "select count(*) from core.subscription") == [3]


async def test_a_paused_job_stays_paused(conn: Connection) -> None:
    await put(conn)
    await conn.execute("update core.job set paused = true where name = 'variants'")

    await put(conn, CREATIVE.replace("priority: 3", "priority: 4"))

    assert await rows(conn, "select paused, priority from core.job where name = 'variants'") == [
        (True, 4)
    ]


async def test_a_schedule_starts_over_only_when_its_times_change(conn: Connection) -> None:
    await put(conn)
    await conn.execute(
        "update core.source set next_at = '2030-01-01 03:00Z' where name = 'nightly'"
    )
    due = "select next_at is not null from core.source where name = 'nightly'"

    await put(conn, CREATIVE.replace('"0 3 * * *"', '"0 3 * * *", catch_up: all'))
    assert await rows(conn, due) == [True]

    await put(conn, CREATIVE.replace('"0 3 * * *"', '"0 4 * * *"'))
    assert await rows(conn, due) == [False]


async def test_a_dataset_may_change_its_producer_within_a_dag(conn: Connection) -> None:
    await put(conn)

    await put(conn, CREATIVE.replace("  sums:\n", "  totals:\n"))

    assert await rows(
        conn,
        """select j.name from core.dataset d join core.job j on j.id = d.producer_job_id
            where d.name = 'creative.sums'""",
    ) == ["totals"]


async def test_faults_leave_everything_as_it_was(conn: Connection) -> None:
    with pytest.raises(InvalidDag) as caught:
        await put(conn, CREATIVE.replace("creative.make", "creative.mak"))

    assert [p.code for p in caught.value.problems] == ["unknown_operator"]
    assert await rows(conn, "select count(*) from core.dag") == [0]


async def test_an_expected_version_must_be_the_running_one(conn: Connection) -> None:
    await put(conn, expect_version=0)

    with pytest.raises(Conflict, match="is at version 1, not 0"):
        await put(conn, CREATIVE.replace("priority: 3", "priority: 4"), expect_version=0)

    assert (
        await put(conn, CREATIVE.replace("priority: 3", "priority: 4"), expect_version=1)
    ).version == 2


async def test_a_dataset_that_another_dag_reads_cannot_go(conn: Connection) -> None:
    await put(conn)
    await put(conn, READER)

    with pytest.raises(Conflict) as caught:
        await put(conn, "dag: creative\n")

    assert [p.message for p in caught.value.problems] == [
        "dataset creative.variants cannot be removed: job read of DAG reader reads it"
    ]
    assert await rows(conn, "select count(*) from core.job where removed_at is null") == [3]
    await put(conn, "dag: reader\n")
    assert (await put(conn, "dag: creative\n")).version == 2


async def test_a_reader_cannot_come_before_what_it_reads(conn: Connection) -> None:
    with pytest.raises(InvalidDag, match=r"there is no dataset creative\.variants"):
        await put(conn, READER)


async def test_a_removed_dataset_may_be_taken_over_by_another_dag(conn: Connection) -> None:
    await put(conn)
    thief = "dag: thief\ndatasets: {creative.tick: }\n"
    with pytest.raises(InvalidDag, match="already declared by DAG creative"):
        await put(conn, thief)

    await put(conn, "dag: creative\n")
    await put(conn, thief)

    assert await rows(
        conn,
        """select g.name from core.dataset d join core.dag g on g.id = d.dag_id
            where d.name = 'creative.tick' and d.removed_at is null""",
    ) == ["thief"]
    with pytest.raises(InvalidDag, match="already declared by DAG thief"):
        await put(conn)


async def test_a_cycle_over_two_dags_is_refused(conn: Connection) -> None:
    await put(conn)
    await put(conn, READER)

    with pytest.raises(InvalidDag, match=r"closes a cycle: reader\.report → job variants"):
        await put(conn, CREATIVE.replace(", creative.tick]", ", creative.tick, reader.report]"))


async def test_of_two_dags_that_claim_a_dataset_at_once_one_wins(database_url: str) -> None:
    text = "dag: {}\ndatasets: {{shared.made: }}\nsources: {{s: {{kind: http, dataset: shared.made}}}}\n"

    async def claim(name: str) -> str:
        async with await connect(database_url) as conn:
            try:
                return (await put(conn, text.format(name))).dag
            except InvalidDag as invalid:
                return invalid.problems[0].message

    outcomes = await asyncio.gather(*(claim(f"dag{i}") for i in range(4)))

    (winner,) = (outcome for outcome in outcomes if outcome.startswith("dag"))
    refusal = f"dataset shared.made is already produced by source s of DAG {winner}"
    assert sum(outcome.startswith(refusal) for outcome in outcomes) == 3


async def test_the_same_dag_deployed_at_once_by_many_is_one_version(database_url: str) -> None:
    async def once() -> Deployed:
        async with await connect(database_url) as conn:
            return await put(conn)

    done = await asyncio.gather(*(once() for _ in range(4)))

    assert [d.version for d in done] == [1, 1, 1, 1]
    assert sorted(d.changed for d in done) == [False, False, False, True]


async def test_a_rollback_is_a_new_version_with_the_old_text(conn: Connection) -> None:
    await put(conn)
    await put(conn, CREATIVE.replace("priority: 3", "priority: 4"))

    done = await rollback(
        conn, org_id=1, dag="creative", version=1, known_operators=OPERATORS, principal="bo"
    )

    assert (done.version, done.changed) == (3, True)
    assert await rows(conn, "select priority from core.job where name = 'variants'") == [3]
    with pytest.raises(NotFound):
        await rollback(
            conn, org_id=1, dag="creative", version=9, known_operators=None, principal="bo"
        )


async def test_a_preview_writes_nothing_and_counts_what_waits(conn: Connection) -> None:
    await put(conn)
    await feed(conn, "creative.blocks", range_=(100, 101))

    seen = await preview(
        conn, org_id=1, source="dag: creative\n", file="f", known_operators=OPERATORS
    )

    assert "job sums: 1 pending task will not run unless it is deployed again" in seen.plan.warnings
    assert seen.plan.before == 1
    assert await rows(conn, "select version from core.dag") == [1]


async def test_a_window_of_the_last_ten_makes_an_event_concern_the_next_ten(
    conn: Connection,
) -> None:
    await put(conn)

    await feed(conn, "creative.blocks", range_=(100, 101))

    assert await rows(conn, "select rngs::text from core.task_pending") == ["{[100,111)}"]


async def test_orgs_do_not_see_each_others_datasets(conn: Connection) -> None:
    await conn.execute("insert into core.org (id, slug, name) values (2, 'two', 'Two')")
    await put(conn)

    done = await deploy(
        conn, org_id=2, source=CREATIVE, file="f", known_operators=None, principal="bo"
    )

    assert (done.version, done.changed) == (1, True)
    assert await rows(
        conn, "select count(*) from core.dataset where producer_job_id is not null"
    ) == [6]


async def feed(conn: Connection, dataset: str, *, range_: tuple[int, int]) -> None:
    """Emit one event and route it."""
    (dataset_id,) = await rows(conn, f"select id from core.dataset where name = '{dataset}'")
    await emit(conn, org_id=1, events=[NewEvent(dataset_id=dataset_id, range=range_)])
    async with conn.transaction():
        await lock_router(conn)
        await route(conn, limit=10)
