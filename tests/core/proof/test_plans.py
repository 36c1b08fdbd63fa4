"""The hot statements read what they work on, however much history and other work there is.

Pages read, not milliseconds: they are the same on a busy machine.
"""

from typing import Any

from headgate.core.database import Connection
from headgate.core.dispatch import store as dispatch
from headgate.core.work import store as work
from headgate.core.work.model import Outcome
from proof.by_hand import Hands
from proof.deployment import Input, JobPlan, deploy


async def _hands(conn: Connection) -> Hands:
    await dispatch.ensure_partitions(conn)
    jobs = [JobPlan("job", (Input("a"),))]
    return Hands(conn, await deploy(conn, datasets={"a": "range", "old": "range"}, jobs=jobs))


class Prepared:
    """A statement with the one plan that it got when little was there, as in a busy process."""

    def __init__(self, conn: Connection, statement: str, *values: str) -> None:
        """`values` are the names of the statement's parameters, in the order of `pages`."""
        self._conn = conn
        for number, name in enumerate(values, start=1):
            statement = statement.replace(f"%({name})s", f"${number}")
        self._statement = statement

    async def make(self) -> None:
        await self._conn.execute("set plan_cache_mode = force_generic_plan")
        await self._conn.execute(f"prepare hot as {self._statement}".encode())

    async def pages(self, *values: str) -> int:
        """Execute; return how many pages the statement touched."""
        execute = f"explain (analyze, buffers, format json) execute hot ({', '.join(values)})"
        cursor = await self._conn.execute(execute.encode())
        row = await cursor.fetchone()
        assert row is not None
        plan: dict[str, Any] = row["QUERY PLAN"][0]["Plan"]

        def show(n, d=0):
            if n["Shared Hit Blocks"] > 3000:
                print(
                    " " * d,
                    n["Node Type"],
                    n.get("Index Name"),
                    n.get("Relation Name"),
                    n.get("Index Cond"),
                    n.get("Filter"),
                    n.get("Rows Removed by Filter"),
                    n["Actual Rows"],
                    n["Actual Loops"],
                    n["Shared Hit Blocks"],
                    n.get("TID Cond"),
                    n.get("Join Filter"),
                )
            for c in n.get("Plans", []):
                show(c, d + 2)

        show(plan)
        return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


async def _route_pages(hands: Hands, route: Prepared) -> int:
    await hands.emit("a", *((n, n + 1) for n in range(10)))
    async with hands.conn.transaction():
        await dispatch.lock_router(hands.conn)
        return await route.pages("5000")


async def test_routing_reads_no_history(conn: Connection) -> None:
    hands = await _hands(conn)
    route = Prepared(conn, dispatch._SQL["route"], "limit")
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
    claim = Prepared(conn, work._SQL["claim"], "jobs", "quotas", "session")
    values = f"'{{{job}}}'", "'{50}'", str(session)
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
    claim = Prepared(conn, work._SQL["claim"], "jobs", "quotas", "session")
    await claim.make()
    await hands.emit("a", *((n, n + 1) for n in range(5000)))
    await hands.route()
    await conn.execute("update core.task_pending set waiting = true")
    await conn.execute("vacuum core.task_pending")
    await hands.emit("a", *((n, n + 1) for n in range(50)))
    await hands.route()
    assert await claim.pages(f"'{{{job}}}'", "'{50}'", str(session)) < 50 * 20
