"""What needs a person: every kind of trouble is told once, with what to do, most urgent first."""

from typing import Any, LiteralString, cast

from headgate.core.attention.model import Attention, AttentionItem
from headgate.core.attention.overview.reading import dag_summaries
from headgate.core.attention.overview.store import kpis, last_ended
from headgate.core.attention.reading import attention
from headgate.core.clock import utc_now
from headgate.core.database import Connection
from headgate.core.events.model import NewEvent
from headgate.core.events.store import emit
from headgate.core.observe.store import Lag
from headgate.core.work.model import Outcome
from proof.by_hand import Hands
from proof.dags import hands_on

FLOW = """
dag: d
datasets:
  a: {partitioning: range}
  b: {partitioning: range}
  rows: {write_mode: buffered, schema: {n: bigint}}
sources: {in: {kind: http, dataset: a}, rows: {kind: http, dataset: rows}}
jobs:
  one:
    operator: proof.o
    inputs: [a]
    outputs: [b]
    execution_strategy: PerPartition
    partition_size: 10
"""
WELL = Lag(0.0, 0)


async def _look(conn: Connection, *, lag: Lag = WELL, warnings: tuple[str, ...] = ()) -> Attention:
    return await attention(conn, org_id=1, lag=lag, warnings=warnings, now=utc_now())


async def _items(conn: Connection) -> dict[str, AttentionItem]:
    return {item.code: item for item in (await _look(conn)).items}


async def _invalidate(hands: Hands, low: int = 0, high: int = 10) -> None:
    id_ = hands.made.datasets["a"]
    event = NewEvent(dataset_id=id_, range=(low, high), kind="invalidate")
    await emit(hands.conn, org_id=1, events=[event])
    await hands.route()


async def _kill(hands: Hands, job: str = "one") -> None:
    """Let the first pending task of a job fail for good."""
    (lease,) = await hands.claim(await hands.session(), job)
    await hands.end(lease, Outcome.DEAD)


async def test_nothing_needs_a_person_where_all_is_well(conn: Connection) -> None:
    hands = await hands_on(conn, FLOW)
    await hands.session()

    assert await _look(conn) == Attention(items=[], complete=True)


async def test_the_most_urgent_comes_first(conn: Connection) -> None:
    hands = await hands_on(conn, FLOW)
    await hands.session()
    await _invalidate(hands)
    await _kill(hands)

    found = await _look(conn, lag=Lag(20.0, 2), warnings=("Vacuum is held back.",))

    assert [(item.severity, item.code) for item in found.items] == [
        ("critical", "leases_orphaned"),
        ("critical", "not_routing"),
        ("warning", "stale_dataset"),
        ("warning", "dead_letters"),
        ("notice", "database"),
    ]
    assert "An event has waited 20 s" in found.items[1].sentence
    assert found.items[-1].sentence == "Vacuum is held back."


async def test_dead_letters_are_told_by_their_error(conn: Connection) -> None:
    hands = await hands_on(conn, FLOW)
    await hands.emit("a", (0, 20))
    await hands.route()
    await _kill(hands)
    await _kill(hands)

    item = (await _items(conn))["dead_letters"]

    assert (item.title, item.count) == ("2 dead letters of d.one", 2)
    assert item.sentence.startswith("it broke. When the cause is mended, redrive them")
    assert item.target.kind == "dead_letters"
    assert item.command == f"headgate dlq list --job d.one --fingerprint {item.target.id}"


async def test_a_dataset_that_nothing_refreshes_is_told_with_its_cause(conn: Connection) -> None:
    hands = await hands_on(conn, FLOW)
    await _invalidate(hands)
    made = await _items(conn)
    await conn.execute("update core.job set paused = true where name = 'one'")
    paused = (await _items(conn))["stale_dataset"]
    await conn.execute("update core.job set paused = false")
    await _kill(hands)
    dead = (await _items(conn))["stale_dataset"]

    assert "stale_dataset" not in made, "a task of it waits"
    assert paused.sentence.endswith("and d.one, which makes it, is paused. Resume that job.")
    assert dead.sentence.endswith(
        "all that is left of d.one is 1 dead letter. Redrive or discard it."
    )
    assert (dead.target.kind, dead.target.id) == ("dataset", "b")


async def test_a_paused_job_with_work_is_told_and_one_without_is_not(conn: Connection) -> None:
    hands = await hands_on(conn, FLOW)
    await conn.execute("update core.job set paused = true where name = 'one'")
    without = await _items(conn)
    await hands.emit("a", (0, 30))
    await hands.route()
    item = (await _items(conn))["job_paused"]

    assert without == {}
    assert item.sentence.startswith("3 tasks wait while d.one is paused.")
    assert item.command == "headgate job resume d.one"
    assert item.since is not None


async def test_a_paused_backfill_is_told(conn: Connection) -> None:
    hands = await hands_on(conn, FLOW)
    await conn.execute("update core.job set paused = true where name = 'one'")
    await hands.emit("a", (0, 20_000))
    await hands.route()

    found = await _items(conn)

    assert found["backfill_paused"].count == 20_000
    assert "job_paused" not in found


async def test_a_queue_is_told_when_it_has_been_held_for_a_minute(conn: Connection) -> None:
    hands = await hands_on(conn, FLOW)
    job = hands.made.jobs["one"]
    await conn.execute(
        "insert into core.hold (job_id, reason) values (%s, 'backpressure:runtime:x')", [job]
    )
    at_once = await _items(conn)
    await conn.execute("update core.hold set since = since - interval '2 minutes'")

    item = (await _items(conn))["queue_held"]

    assert "queue_held" not in at_once
    assert item.target.id == "d.one"
    assert item.sentence


async def test_work_without_any_worker_is_critical(conn: Connection) -> None:
    hands = await hands_on(conn, FLOW)
    await hands.emit("a", (0, 10))
    await hands.route()
    never = (await _items(conn))["no_workers"]
    await hands.die(await hands.session())
    gone = (await _items(conn))["no_workers"]
    await hands.session()
    alive = await _items(conn)

    assert (never.severity, never.command) == ("critical", "headgate worker")
    assert "heard of" not in never.sentence
    assert "The last one was heard of until" in gone.sentence
    assert "no_workers" not in alive


async def test_tasks_that_no_worker_can_run_are_told_after_a_minute(conn: Connection) -> None:
    hands = await hands_on(conn, FLOW)
    await hands.session()
    await hands.emit("a", (0, 10))
    await hands.route()
    at_once = await _items(conn)
    await conn.execute(
        "update core.task_pending set run_at = run_at - interval '2 minutes',"
        " created_at = created_at - interval '2 minutes'"
    )
    item = (await _items(conn))["not_started"]
    (lease,) = await hands.claim(await hands.session(), "one")
    taken = await _items(conn)

    assert "not_started" not in at_once
    assert "none of them has the runtime in_process with the operator proof.o" in item.sentence
    assert lease.task_id
    assert "not_started" not in taken


async def test_a_failing_sink_is_told_as_rows_that_are_missing(conn: Connection) -> None:
    hands = await hands_on(conn, FLOW)
    event = NewEvent(dataset_id=hands.made.datasets["rows"], key="k", payload={"n": 1})
    await emit(conn, org_id=1, events=[event])
    await hands.route()
    await _kill(hands, "sink-rows")

    item = (await _items(conn))["sink_failing"]

    assert "The rows that they cover are missing in the table." in item.sentence


async def test_many_of_a_kind_are_cut_and_said_to_be_more(conn: Connection) -> None:
    hands = await hands_on(conn, FLOW)
    await hands.session()
    await conn.execute(
        "insert into core.dead_letter (org_id, task_id, job_id, ckey, rngs, inval, evs, n, heavy,"
        " priority, attempts, error, fingerprint, created_at)"
        " select 1, i, %s, 'p' || i, '{}', '{}', '{}', 1, false, 0, 1,"
        "        '{\"message\": \"it broke\"}', 'f' || i %% 12, now() from generate_series(1, 24) i",
        [hands.made.jobs["one"]],
    )

    found = await _look(conn)

    assert (len(found.items), found.complete) == (10, False)


async def test_the_figures_are_of_now_and_of_the_last_hour(conn: Connection) -> None:
    hands = await hands_on(conn, FLOW)
    session = await hands.session()
    await _invalidate(hands, 0, 30)
    (done, _) = await hands.claim(session, "one", 2)
    await hands.end(done, Outcome.OK)
    await conn.execute(
        "insert into core.sample (at, org_id, job_id, seconds, jobs, held, waiting, delayed, running,"
        " units, bytes, oldest_seconds, succeeded, failed, dead)"
        " select now() - interval '1 minute' * i, 1, 0, 10, 1, 0, 0, 0, 0, 0, 0, 0, 5, 1, 2"
        "   from generate_series(1, 100) i"
    )

    found = await kpis(conn, org_id=1, routing_lag_seconds=0.5)

    assert (found.running, found.waiting, found.workers, found.slots) == (1, 1, 1, 9)
    assert (found.succeeded_last_hour, found.dead_last_hour) == (59 * 5, 59 * 2)
    assert (found.datasets, found.datasets_stale) == (3, 1)


async def test_a_dag_is_summed_up_in_a_sentence(conn: Connection) -> None:
    hands = await hands_on(conn, FLOW)
    (idle,) = await dag_summaries(conn, org_id=1)
    await hands.emit("a", (0, 20))
    await hands.route()
    await _kill(hands)
    (failing,) = await dag_summaries(conn, org_id=1)

    assert (idle.state, idle.sentence, idle.jobs) == ("idle", "2 jobs, nothing to do.", 2)
    assert failing.state == "failing"
    assert failing.sentence == "1 of 2 jobs has dead letters; 1 of 2 jobs has tasks that wait."


async def test_the_last_tasks_that_ended_come_newest_first(conn: Connection) -> None:
    hands = await hands_on(conn, FLOW)
    session = await hands.session()
    await hands.emit("a", (0, 30))
    await hands.route()
    leases = await hands.claim(session, "one", 3)
    for lease, outcome in zip(leases, (Outcome.OK, Outcome.DEAD, Outcome.RETRY), strict=True):
        await hands.end(lease, outcome)

    found = await last_ended(conn, org_id=1, limit=10)

    assert [(task.id, task.outcome) for task in found] == [
        (leases[1].task_id, "dead"),
        (leases[0].task_id, "succeeded"),
    ]
    assert found[0].error == "it broke"
    assert found[1].partition == leases[0].partition


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


async def test_no_look_grows_with_what_waits_failed_or_was_done(conn: Connection) -> None:
    hands = await hands_on(conn, FLOW)
    await hands.session()
    job = hands.made.jobs["one"]
    await conn.execute(
        "insert into core.task_pending (org_id, job_id, ckey, evs)"
        " select 1, %s, 'p' || i, '{}' from generate_series(1, 60000) i",
        [job],
    )
    await conn.execute(
        "insert into core.task_history (task_id, org_id, job_id, ckey, outcome, attempt, rngs, evs, n,"
        " created_at) select i, 1, %s, 'p' || i, 0, 1, '{}', '{}', 1, now()"
        "   from generate_series(1, 60000) i",
        [job],
    )
    await conn.execute(
        "insert into core.dead_letter (org_id, task_id, job_id, ckey, rngs, inval, evs, n, heavy,"
        " priority, attempts, error, fingerprint, created_at)"
        " select 1, i, %s, 'p' || i, '{}', '{}', '{}', 1, false, 0, 1, '{}', 'f', now()"
        "   from generate_series(1, 60000) i",
        [job],
    )
    await conn.execute("update core.job set paused = true where id = %s", [job])
    await conn.execute("analyze core.task_pending, core.task_history, core.dead_letter")
    watched = _Watched(conn)
    on = cast("Connection", watched)

    found = await attention(on, org_id=1, lag=WELL, warnings=(), now=utc_now())
    summary = await dag_summaries(on, org_id=1)
    figures = await kpis(on, org_id=1, routing_lag_seconds=0)
    await last_ended(on, org_id=1, limit=10)

    assert [item.count for item in found.items] == [5000, 1000]
    assert figures.waiting == 10_000
    assert summary[0].jobs_failing == 1
    assert watched.pages < 600, "the tables have thousands of pages"
