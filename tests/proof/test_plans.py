"""The hot statements read what they work on, however much history and other work there is.

Pages read, not milliseconds: they are the same on a busy machine.
"""

from typing import Any

from headgate.core.database import Connection
from headgate.core.dispatch import store as dispatch
from headgate.core.events import store as events
from headgate.core.events.model import NewEvent
from headgate.core.events.store import emit
from headgate.core.work import store as work
from headgate.core.work.model import Outcome
from proof.by_hand import Hands
from proof.dags import hands_on
from proof.deployment import Input, JobPlan, deploy


async def _hands(conn: Connection) -> Hands:
    await dispatch.ensure_partitions(conn)
    jobs = [JobPlan("job", (Input("a"),))]
    return Hands(conn, await deploy(conn, datasets={"a": "range", "old": "range"}, jobs=jobs))


class Prepared:
    """A statement with the plan that it got when little was there, as a process keeps it."""

    def __init__(self, conn: Connection, statement: str, *values: str) -> None:
        """`values` are the names of the statement's parameters, in the order of `pages`."""
        self._conn = conn
        for number, name in enumerate(values, start=1):
            statement = statement.replace(f"%({name})s", f"${number}")
        self._statement = statement

    async def make(self) -> None:
        await self._conn.execute(f"prepare hot as {self._statement}".encode())

    async def pages(self, *values: str) -> int:
        """Execute; return how many pages the statement touched."""
        execute = f"explain (analyze, buffers, format json) execute hot ({', '.join(values)})"
        async with self._conn.transaction():
            await work.plan_by_index(self._conn)
            cursor = await self._conn.execute(execute.encode())
            row = await cursor.fetchone()
        assert row is not None
        return _most_pages(row["QUERY PLAN"][0]["Plan"])


def _most_pages(node: dict[str, Any]) -> int:
    """Return the pages of the hungriest node: the root's do not hold those of every `with`."""
    here = int(node["Shared Hit Blocks"] + node["Shared Read Blocks"])
    return max([here, *map(_most_pages, node.get("Plans", ()))])


async def _route_pages(hands: Hands, route: Prepared) -> int:
    await hands.emit("a", *((n, n + 1) for n in range(10)))
    async with hands.conn.transaction():
        await dispatch.lock_router(hands.conn)
        return await route.pages("5000", "null", "1000")


async def test_routing_reads_no_history(conn: Connection) -> None:
    hands = await _hands(conn)
    route = Prepared(conn, dispatch._SQL["route"], "limit", "epoch", "guard")
    await route.make()
    await _route_pages(hands, route)
    before = await _route_pages(hands, route)
    await conn.execute(
        "insert into core.event (org_id, dataset_id, rng)"
        " select 1, %s, int8range(i, i + 1) from generate_series(1, 50000) i",
        [hands.made.datasets["old"]],
    )
    await hands.route()
    for _ in range(2):
        assert await _route_pages(hands, route) < before + 60
        await conn.execute("analyze core.event")


async def test_a_claim_does_not_look_at_every_lease_and_every_task(conn: Connection) -> None:
    hands = await _hands(conn)
    session, job = await hands.session(), hands.made.jobs["job"]
    claim = Prepared(conn, work._SQL["claim"], "jobs", "quotas", "after", "session")
    values = f"'{{{job}}}'", "'{50}'", "'{0}'", str(session)
    for _ in range(2):  # a plan made when there was little
        await hands.emit("a", *((n, n + 1) for n in range(50)))
        await hands.route()
        await hands.end(await hands.claim(session, "job", 50), Outcome.OK)
    await conn.execute("vacuum analyze core.task_lease")
    await conn.execute("vacuum analyze core.task_pending")
    await conn.execute("alter table core.task_lease set (autovacuum_enabled = off)")
    await conn.execute("alter table core.task_pending set (autovacuum_enabled = off)")
    await claim.make()
    await claim.pages(*values)
    await hands.emit("a", *((n, n + 1) for n in range(6000)))
    await hands.route()
    few = await claim.pages(*values)
    await hands.claim(session, "job", 3000)
    many = await claim.pages(*values)
    assert many < 2 * few


async def test_a_claim_does_not_look_at_delayed_tasks(conn: Connection) -> None:
    hands = await _hands(conn)
    session, job = await hands.session(), hands.made.jobs["job"]
    claim = Prepared(conn, work._SQL["claim"], "jobs", "quotas", "after", "session")
    await claim.make()
    await hands.emit("a", *((n, n + 1) for n in range(5000)))
    await hands.route()
    await conn.execute("update core.task_pending set waiting = true")
    await conn.execute("vacuum core.task_pending")
    await hands.emit("a", *((n, n + 1) for n in range(50)))
    await hands.route()
    assert await claim.pages(f"'{{{job}}}'", "'{50}'", "'{0}'", str(session)) < 50 * 20


async def test_the_events_of_some_tasks_are_found_without_reading_the_log(
    conn: Connection,
) -> None:
    hands = await _hands(conn)
    await conn.execute(
        "insert into core.event (org_id, dataset_id, rng)"
        " select 1, %s, int8range(i, i + 1) from generate_series(1, 60000) i",
        [hands.made.datasets["old"]],
    )
    await conn.execute("analyze core.event")
    ids = await hands.emit("a", *((n, n + 1) for n in range(40)))
    found = Prepared(conn, events._SQL["events_in"], "jobs", "bulks", "lows", "highs", "limit")
    await found.make()
    lows, highs = (f"'{{{','.join(str(i + n) for i in ids[::2])}}}'" for n in range(2))
    jobs, bulks = (
        f"'{{{','.join([value] * 20)}}}'" for value in (str(hands.made.jobs["job"]), "t")
    )
    assert await found.pages(jobs, bulks, lows, highs, "10000") < 20 * 30


async def test_a_dead_letter_is_written_without_reading_the_log(conn: Connection) -> None:
    await dispatch.ensure_partitions(conn)
    jobs = [JobPlan("job", (Input("a"),), failures="failed")]
    datasets = {"a": "range", "old": "range", "failed": "key"}
    hands = Hands(conn, await deploy(conn, datasets=datasets, jobs=jobs))
    await conn.execute(
        "insert into core.event (org_id, dataset_id, rng)"
        " select 1, %s, int8range(i, i + 1) from generate_series(1, 60000) i",
        [hands.made.datasets["old"]],
    )
    await conn.execute("analyze core.event")
    await hands.emit("a", (0, 1))
    await hands.route()
    (lease,) = await hands.claim(await hands.session(), "job")
    complete = Prepared(conn, work._SQL["complete"], "task_ids", "tokens", "outcomes", "errors",
                        "delays", "poison", "outdated")  # fmt: skip
    await complete.make()
    values = [f"'{{{v}}}'" for v in (lease.task_id, lease.token, int(Outcome.DEAD), "null", 0)]
    assert await complete.pages(*values, "3", "null") < 200
    assert len(await hands.events("failed")) == 1


async def test_a_success_finds_what_it_supersedes_among_many_dead_letters(
    conn: Connection,
) -> None:
    hands = await _hands(conn)
    await conn.execute("update core.job set update_strategy = 'replace'")
    await conn.execute(
        "insert into core.dead_letter (org_id, task_id, job_id, ckey, rngs, inval, evs, n, heavy,"
        " priority, attempts, error, fingerprint, created_at)"
        " select 1, -i, %s, 'u' || i, int8multirange(int8range(i * 10, i * 10 + 5)), '{}',"
        " int8multirange(int8range(i, i + 1)), 1, false, 0, 3, '{}', 'f', now()"
        " from generate_series(1, 30000) i",
        [hands.made.jobs["job"]],
    )
    await conn.execute("analyze core.dead_letter")
    await hands.emit("a", (100, 200))
    await hands.route()
    (lease,) = await hands.claim(await hands.session(), "job")
    complete = Prepared(conn, work._SQL["complete"], "task_ids", "tokens", "outcomes", "errors",
                        "delays", "poison", "outdated")  # fmt: skip
    await complete.make()
    values = [f"'{{{v}}}'" for v in (lease.task_id, lease.token, int(Outcome.OK), "null", 0)]

    assert await complete.pages(*values, "3", "null") < 400
    rows = await hands.rows("dead_letter", "job")
    assert sum(row["state"] == "superseded" for row in rows) == 10


async def test_marking_and_sweeping_read_no_history_and_no_foreign_work(conn: Connection) -> None:
    hands = await hands_on(
        conn,
        """
dag: d
datasets: {a: {partitioning: range}, b: {partitioning: range}, c: {partitioning: range}}
sources: {in: {kind: http, dataset: a}, other: {kind: http, dataset: old}}
jobs:
  make: {operator: proof.m, inputs: [a], outputs: [b]}
  next: {operator: proof.n, inputs: [b], outputs: [c]}
  foreign: {operator: proof.f, inputs: [old]}
""".replace("datasets: {", "datasets: {old: {partitioning: range}, "),
    )
    await dispatch.ensure_partitions(conn)
    await hands.emit("old", *((n, n + 1) for n in range(5000)))
    await hands.route()
    id_ = hands.made.datasets["a"]
    sweep = Prepared(conn, dispatch._SQL["sweep"], "most")
    await sweep.make()
    await emit(conn, org_id=1, events=[NewEvent(id_, range=(0, 10), kind="invalidate")])
    await hands.route()

    assert await sweep.pages("5000") < 400
