"""Routing, coalescing and folding back, held against a model that shares no idea with the SQL."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, Phase, given, note, seed, settings
from psycopg.types.multirange import Multirange

from headgate.core.database import Connection
from headgate.core.dispatch import store as dispatch
from headgate.core.events.model import KINDS, NewEvent
from headgate.core.events.store import emit
from headgate.core.work import store as work
from headgate.core.work.model import Lease, Outcome, Result
from proof import flows
from proof.deployment import Deployment, JobPlan, deploy
from proof.ledger import EVERYWHERE, Ledger, Slot, Told, Work

_SEED = 20251120


class Rehearsal:
    """Does each step twice, in the database and in the ledger, and compares."""

    def __init__(self, conn: Connection, plans: Sequence[JobPlan], deployment: Deployment) -> None:
        self._conn = conn
        self._made = deployment
        self._plans = list(plans)
        self._ledger = Ledger({plan.name: plan for plan in plans})
        self._leases: dict[Slot, Lease] = {}
        self._session = 0
        self._last_failure = 0

    async def begin(self) -> None:
        # What a failed example left: a first empty batch may only have closed its window.
        while (await self._routed(5000))[0] or (await self._routed(5000))[0]:
            pass
        await self._conn.execute("delete from core.task_pending")
        await self._conn.execute("delete from core.task_lease")
        self._session = await work.open_session(self._conn, worker="proof", capacity=10, lease=600)

    async def do(self, step: flows.Step) -> None:
        match step:
            case flows.Emit():
                await self._emit(step.lines)
            case flows.Route():
                assert await self._routed(step.limit) == self._ledger.route(step.limit)
            case flows.Claim():
                await self._claim(self._plans[step.job % len(self._plans)].name, step.quota)
            case flows.Finish():
                await self._finish(step.picks)
            case flows.Promote():
                await dispatch.promote(self._conn, limit=1000)
                self._ledger.promote()
        await self._compare()

    async def settle(self) -> None:
        """Route and finish everything, so that every event has to show up somewhere."""
        while self._ledger.unrouted or self._ledger.pending or self._ledger.leased:
            await self.do(flows.Route(3))
            await self.do(flows.Promote())
            for number in range(len(self._plans)):
                await self.do(flows.Claim(number, 50))
            await self.do(flows.Finish([(i, Outcome.OK, True) for i in range(len(self._leases))]))
        for plan in self._plans:
            assert self._ledger.accounted(plan.name) == self._ledger.hits[plan.name]

    async def _routed(self, limit: int) -> tuple[int, int]:
        async with self._conn.transaction():
            await dispatch.lock_router(self._conn)
            routed = await dispatch.route(self._conn, limit=limit)
            return routed.events, routed.tasks

    async def _emit(self, lines: Sequence[flows.Line]) -> None:
        events = [
            NewEvent(
                dataset_id=self._made.datasets[line.dataset],
                key=line.key,
                range=line.range,
                payload={"a": 1} if line.payload else None,
                kind=KINDS[line.invalidates],
            )
            for line in lines
        ]
        for line, event in zip(lines, await emit(self._conn, org_id=1, events=events), strict=True):
            points = frozenset(range(*line.range)) if line.range else frozenset[int]()
            heavy = line.key is not None or line.payload
            told = Told(event, line.dataset, line.invalidates, points, line.key, heavy)
            self._ledger.emit(told)

    async def _claim(self, job: str, quota: int) -> None:
        free, count = self._ledger.claimable(job, quota)
        cursor = await self._conn.execute(
            "select id, ckey from core.task_pending where job_id = %s order by id",
            [self._made.jobs[job]],
        )
        oldest = [row for row in await cursor.fetchall() if (job, row["ckey"]) in free][:count]
        async with self._conn.transaction():
            await work.lock_capped_jobs(self._conn, jobs=[self._made.jobs[job]])
            claimed = await work.claim(
                self._conn, quotas=[(self._made.jobs[job], quota)], session=self._session
            )
        assert [(c.task_id, c.ckey) for c in claimed] == [(r["id"], r["ckey"]) for r in oldest]
        for lease in claimed:
            expected = self._ledger.claim((job, lease.ckey))
            assert (lease.attempt, lease.n, lease.heavy) == (
                expected.attempt,
                expected.n,
                expected.heavy,
            )
            assert {p for low, high in lease.ranges for p in range(low, high)} == expected.points
            ids = frozenset(e for low, high in lease.event_ids for e in range(low, high))
            assert self._read_by(job, ids) == expected.events
            self._leases[job, lease.ckey] = lease

    async def _finish(self, picks: Sequence[tuple[int, Outcome, bool]]) -> None:
        chosen: dict[Slot, tuple[Outcome, bool]] = {}
        for index, outcome, right in picks:
            if self._leases:
                slot = list(self._leases)[index % len(self._leases)]
                chosen.setdefault(slot, (outcome, right))
        results = [
            Result(
                self._leases[slot].task_id, self._leases[slot].token + (0 if right else 10**9), said
            )
            for slot, (said, right) in chosen.items()
        ]
        accepted = await work.complete(self._conn, results=results)
        became, failures = {}, list[str]()
        for slot, (said, right) in chosen.items():
            if right:
                lease = self._leases.pop(slot)
                outcome, told = self._ledger.complete(slot, said)
                became[lease.task_id, lease.token] = outcome
                failures += told
        assert accepted == became
        await self._hear(failures)

    async def _hear(self, failures: list[str]) -> None:
        cursor = await self._conn.execute(
            "select id, key from core.event where dataset_id = %s and id > %s order by id",
            [self._made.datasets["failed"], self._last_failure],
        )
        told = await cursor.fetchall()
        assert sorted(row["key"] for row in told) == sorted(failures)
        for row in told:
            self._last_failure = row["id"]
            self._ledger.emit(Told(row["id"], "failed", False, frozenset(), row["key"], True))

    async def _compare(self) -> None:
        assert await self._rows("task_pending", "waiting") == self._ledger.pending
        assert await self._rows("task_lease", "false as waiting") == self._ledger.leased

    async def _rows(self, table: str, waiting: str) -> dict[Slot, Work]:
        cursor = await self._conn.execute(
            f"select job_id, ckey, rngs, inval, evs, n, heavy, attempt, losses, {waiting}"
            f" from core.{table}".encode()
        )
        found = {}
        for row in await cursor.fetchall():
            job = self._made.name_of(row["job_id"])
            work = _work(row)
            found[job, row["ckey"]] = replace(work, events=self._read_by(job, work.events))
        return found

    def _read_by(self, job: str, ids: frozenset[int]) -> frozenset[int]:
        """Leave out what a Bulk task's ranges hold of datasets that its job does not read."""
        reads = {read.dataset for plan in self._plans if plan.name == job for read in plan.inputs}
        known = self._ledger.known
        return frozenset(i for i in ids if i not in known or known[i].dataset in reads)


def _work(row: dict[str, Any]) -> Work:
    return Work(
        _points(row["rngs"]),
        _points(row["inval"]),
        _points(row["evs"]),
        row["n"],
        row["heavy"],
        row["attempt"],
        row["losses"],
        row["waiting"],
    )


def _points(ranges: Multirange[int]) -> frozenset[int]:
    if any(r.lower is None for r in ranges):
        return EVERYWHERE
    return frozenset(point for r in ranges for point in range(r.lower, r.upper))


@seed(_SEED)
@settings(
    max_examples=40,
    deadline=None,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(plans=flows.plans(), steps=flows.STEPS)
async def test_any_history_leaves_what_the_ledger_says(
    conn: Connection, plans: list[JobPlan], steps: list[flows.Step]
) -> None:
    deployment = await deploy(conn, datasets=flows.DATASETS, jobs=plans)
    rehearsal = Rehearsal(conn, plans, deployment)
    await rehearsal.begin()
    note(f"{plans}\n{steps}")
    for step in steps:
        await rehearsal.do(step)
    await rehearsal.settle()
