"""Running one job over a part of its partitions again."""

import asyncio

import pytest
from chain_flow import CHAIN, run, services_over

from headgate.core.app import Range
from headgate.core.database import Connection
from headgate.core.errors import Conflict, InvalidInput, NotFound
from headgate.core.events.model import NewEvent
from headgate.core.events.store import emit
from headgate.core.jobs.process.model import Processed
from headgate.core.jobs.process.running import process
from headgate.core.services import Services
from headgate.core.work.model import Outcome
from proof.dags import hands_on


async def processed(
    services: Services,
    job: str,
    *,
    key: str | None = None,
    over: Range | None = None,
    dry_run: bool = False,
) -> Processed:
    return await process(services, org_id=1, job=job, key=key, range=over, dry_run=dry_run)


async def test_a_range_runs_again_in_this_job_and_in_no_other(
    database_url: str, conn: Connection
) -> None:
    hands = await hands_on(
        conn, CHAIN + "  other: {operator: proof.o, inputs: [a], execution_strategy: PerUpdate}\n"
    )
    async with services_over(database_url) as services:
        done = await processed(services, "d.make_b", over=(5, 25))
    await hands.route()

    assert (done.dataset, done.range, done.tasks, done.by_backfill) == ("a", (5, 25), 3, False)
    assert done.text == "3 tasks of d.make_b run over [5, 25)."
    rows = await hands.rows("task_pending", "make_b")
    assert sorted(str(row["rngs"]) for row in rows) == [
        "{[10, 20)}",
        "{[20, 25)}",
        "{[5, 10)}",
    ]
    assert await hands.rows("task_pending", "other") == []
    (event,) = await hands.events("a")
    assert (event["id"], event["only_job"]) == (done.event_id, hands.made.jobs["make_b"])


async def test_a_dry_run_tells_how_many_tasks_and_changes_nothing(
    database_url: str, conn: Connection
) -> None:
    hands = await hands_on(conn, CHAIN)
    async with services_over(database_url) as services:
        told = await processed(services, "d.make_b", over=(0, 100_000), dry_run=True)
        one = await processed(services, "d.keyed", key="x", dry_run=True)

    assert (told.tasks, told.by_backfill, told.event_id) == (10_000, True, None)
    assert told.text == (
        "10,000 tasks of d.make_b would run over [0, 100,000), as a backfill: bit by bit, after"
        " what comes now."
    )
    assert (one.tasks, one.text) == (1, "1 task of d.keyed would run over key x.")
    assert await hands.events("a") == []


async def test_a_shifted_input_is_told_where_the_output_reads_it(
    database_url: str, conn: Connection
) -> None:
    """The output at n reads b at n - 2 to n + 1, so an event at m concerns m - 1 to m + 2."""
    hands = await hands_on(conn, CHAIN)
    async with services_over(database_url) as services:
        wide = await processed(services, "d.window", over=(10, 30))
        narrow = await processed(services, "d.window", over=(10, 12))
    await hands.route()

    events = [(row["rng"].lower, row["rng"].upper) for row in await hands.events("b")]
    assert events == [(11, 28), (11, 12)]
    assert wide.range == (10, 30)
    assert narrow.range == (10, 14), "as little as an event can concern"
    rows = await hands.rows("task_pending", "window")
    assert sorted(str(row["rngs"]) for row in rows) == ["{[10, 20)}", "{[20, 30)}"]


async def test_a_large_range_names_its_backfill(database_url: str, conn: Connection) -> None:
    hands = await hands_on(conn, CHAIN)
    async with services_over(database_url) as services:
        asked = asyncio.create_task(processed(services, "d.make_b", over=(0, 50_000)))
        while not await hands.route():
            await asyncio.sleep(0.01)
        done = await asked

    (backfill,) = await hands.rows("backfill", "make_b")
    assert (done.backfill, done.tasks) == (backfill["id"], 5000)
    assert backfill["event_id"] == done.event_id


async def test_a_key_runs_again_with_its_last_payload_and_no_version(
    database_url: str, conn: Connection
) -> None:
    hands = await hands_on(conn, CHAIN)
    session = await hands.session()
    dataset = hands.made.datasets["k"]
    ids = await emit(
        conn,
        org_id=1,
        events=[
            NewEvent(dataset_id=dataset, key="x", payload={"n": 1}, version="1"),
            NewEvent(dataset_id=dataset, key="x", payload={"n": 2}, version="2"),
            NewEvent(dataset_id=dataset, key="y", payload={"n": 3}, version="3"),
        ],
    )
    await hands.route()
    await run(hands, session, "each", *[Outcome.OK] * 3)

    async with services_over(database_url) as services:
        done = await processed(services, "d.each", key="x")
        fresh = await processed(services, "d.each", key="new")
    await hands.route()

    assert (done.payload_of, fresh.payload_of) == (ids[1], None)
    event = next(row for row in await hands.events("k") if row["id"] == done.event_id)
    assert (event["payload"], event["version"]) == ({"n": 2}, None)
    assert len(await hands.rows("task_pending", "each")) == 2


async def test_it_says_that_a_paused_job_runs_nothing(database_url: str, conn: Connection) -> None:
    await hands_on(conn, CHAIN)
    await conn.execute("update core.job set paused = true where name = 'keyed'")
    async with services_over(database_url) as services:
        done = await processed(services, "d.keyed", key="x")
        held = await processed(services, "d.make_b", over=(0, 1))

    assert done.text.endswith("The job is paused: nothing starts before it is resumed.")
    assert held.text == "1 task of d.make_b runs over [0, 1)."


@pytest.mark.parametrize(
    ("job", "key", "over", "code"),
    [
        ("d.make_b", None, None, "missing"),
        ("d.make_b", "x", (0, 1), "both"),
        ("d.make_b", "x", None, "not_a_key"),
        ("d.keyed", None, (0, 1), "not_a_range"),
        ("d.make_b", None, (5, 5), "range_order"),
        ("d.make_b", None, (0, 2**62), "range_order"),
        ("d.make_b", None, (0, 10**9 + 1), "range_size"),
        ("d.keyed", "a\nb", None, "key_character"),
    ],
)
async def test_a_part_that_the_job_cannot_have_is_refused(
    database_url: str,
    conn: Connection,
    *,
    job: str,
    key: str | None,
    over: Range | None,
    code: str,
) -> None:
    hands = await hands_on(conn, CHAIN)
    async with services_over(database_url) as services:
        with pytest.raises(InvalidInput) as refused:
            await processed(services, job, key=key, over=over)

    assert [problem.code for problem in refused.value.problems] == [code]
    assert await hands.events("a") == await hands.events("k") == []


async def test_a_job_that_reads_all_as_one_has_no_part_to_run(
    database_url: str, conn: Connection
) -> None:
    await hands_on(
        conn, CHAIN.replace("{dataset: k, whole: true}, t]", "{dataset: k, whole: true}]")
    )
    async with services_over(database_url) as services:
        with pytest.raises(Conflict, match="concerns all of its output"):
            await processed(services, "d.all", key="x")
        with pytest.raises(NotFound, match="There is no job"):
            await processed(services, "d.nothing", key="x")
