"""A seeded round of everything that goes wrong, one statement at a time.

Writers commit late and roll back, two routers get into each other's way, workers claim, succeed,
fail, die, come back and repeat themselves, the reaper and the promoter work in between. One
schedule has one outcome: what a broken statement does shows in the same step each time.
"""

import asyncio
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from headgate.core.database import Connection
from headgate.core.dispatch import store as dispatch
from headgate.core.work import store as work
from headgate.core.work.model import Lease, Outcome, Result
from proof.by_hand import Hands
from proof.deployment import Input, JobPlan, deploy
from proof.waiting import until_blocked
from proof.writers import Writer

DATASETS = {"a": "range", "k": "key", "failed": "key"}
JOBS = [
    JobPlan("each", (Input("a"),), failures="failed"),
    JobPlan("part", (Input("a", -2, 2),), strategy="PerPartition", part_size=5, max_concurrency=3),
    JobPlan("named", (Input("k", segments=1),), strategy="PerPartition", failures="failed"),
    JobPlan("all", (Input("a"), Input("k")), strategy="Bulk", max_attempts=4),
    JobPlan("mourner", (Input("failed"),)),
]
_CAPS = {plan.name: plan.max_concurrency for plan in JOBS if plan.max_concurrency}
_SAID = (Outcome.OK, Outcome.OK, Outcome.OK, Outcome.RETRY, Outcome.RETRY, Outcome.DEAD,
         Outcome.SNOOZED, Outcome.CANCELLED)  # fmt: skip


@dataclass(slots=True)
class Owed:
    """What the next attempt of a slot must cover, and the attempts that it must not forget."""

    events: set[int] = field(default_factory=set)
    attempt: int = 0


class Round:
    """`violations` says, in order, which promise was broken and when."""

    def __init__(
        self, connect: Callable[[], Awaitable[Connection]], *, seed: int, steps: int
    ) -> None:
        self._connect = connect
        self._chance = random.Random(seed)
        self._steps = steps
        self._step = 0
        self._live: dict[int, list[Lease]] = {}
        self._zombies: list[Lease] = []
        self._over: set[int] = set()
        self._owed: dict[tuple[int, str], Owed] = defaultdict(Owed)
        self.violations: list[str] = []
        self.writers: list[Writer] = []
        self.hands: Hands

    async def play(self) -> None:
        conn = await self._connect()
        self.hands = Hands(conn, await deploy(conn, datasets=DATASETS, jobs=JOBS))
        self._rival = await self._connect()
        ids = self.hands.made.datasets
        self.writers = [
            Writer(await self._connect(), ids["a"], ids["k"], idempotent=n == 0) for n in range(3)
        ]
        acts = [self._write] * 8 + [self._route] * 5 + [self._claim] * 6 + [self._finish] * 6
        acts += [self._kill, self._wake_a_zombie, self._wake_a_zombie, self._reap, self._promote]
        for step in range(self._steps):
            self._step = step
            await self._chance.choice(acts)()
        await self._settle()

    def _broken(self, promise: str, what: object = "") -> None:
        self.violations.append(f"{promise} (step {self._step}: {what})")

    async def _write(self) -> None:
        writer = self._chance.choice(self.writers)
        await writer.step(self._chance)
        if writer.repeated:
            self._broken("a known key adds nothing", writer.repeated)
            writer.repeated.clear()

    async def _route(self) -> None:
        limit = self._chance.choice([1, 2, 5, 100])
        if self._chance.random() < 0.8:
            await self._route_once(self.hands.conn, limit)
            return
        async with self.hands.conn.transaction():
            await dispatch.lock_router(self.hands.conn)
            await dispatch.route(self.hands.conn, limit=limit)
            behind = asyncio.create_task(self._route_once(self._rival, limit))
            await until_blocked(self.hands.conn, self._rival, by=behind)
        await behind

    async def _route_once(self, conn: Connection, limit: int) -> None:
        async with conn.transaction():
            await dispatch.lock_router(conn)
            await dispatch.route(conn, limit=limit)

    async def _claim(self) -> None:
        if len(self._live) < 3:
            self._live[await self.hands.session()] = []
        session = self._chance.choice(list(self._live))
        job = self._chance.choice(JOBS).name
        if self._chance.random() < 0.8:
            await self._claim_for(session, job, self._chance.randint(1, 4))
            return
        rival = Hands(self._rival, self.hands.made)
        async with self.hands.conn.transaction():
            await work.lock_capped_jobs(self.hands.conn, jobs=[self.hands.made.jobs[job]])
            quotas = [(self.hands.made.jobs[job], 2)]
            leases = await work.claim(self.hands.conn, quotas=quotas, session=session)
            behind = asyncio.create_task(rival.claim(session, job, 2))
            await until_blocked(self.hands.conn, self._rival, by=behind)
        await self._claimed(session, job, [*leases, *await behind])

    async def _claim_for(self, session: int, job: str, quota: int) -> None:
        await self._claimed(session, job, await self.hands.claim(session, job, quota))

    async def _claimed(self, session: int, job: str, leases: list[Lease]) -> None:
        for lease in leases:
            owed = self._owed.pop((lease.job_id, lease.ckey), Owed())
            if lease.attempt <= owed.attempt:
                self._broken("attempts are never given back", lease)
            if not owed.events <= _events(lease):
                self._broken("what was folded back is covered again", lease)
            self._live[session].append(lease)
        held = await self.hands.rows("task_lease", job)
        if len({row["ckey"] for row in held}) < len(held):
            self._broken("one lease for a key", held)
        if len(held) > _CAPS.get(job, len(held)):
            self._broken("no more leases than the limit", held)

    async def _finish(self) -> None:
        for leases in self._live.values():
            some = self._chance.sample(leases, self._chance.randint(0, len(leases)))
            await self._complete([(lease, self._chance.choice(_SAID)) for lease in some])
            for lease in some:
                leases.remove(lease)
            self._zombies += [lease for lease in some if self._chance.random() < 0.2]

    async def _wake_a_zombie(self) -> None:
        """A second answer, or one from a worker that was taken for dead."""
        if self._zombies:
            lease = self._chance.choice(self._zombies)
            await self._complete([(lease, self._chance.choice(_SAID))])

    async def _kill(self) -> None:
        if self._live:
            session = self._chance.choice(list(self._live))
            await self.hands.die(session)
            self._zombies += self._live.pop(session)

    async def _reap(self) -> None:
        conn = self.hands.conn
        async with conn.transaction():
            expired = await dispatch.expired_leases(conn, grace=0, limit=500)
            lost = {row["token"]: row["task_id"] for row in expired}
            for session, leases in self._live.items():
                if robbed := [x for x in leases if x.token in lost]:
                    self._broken("a live worker keeps its leases", (session, robbed))
            results = [Result(task, token, Outcome.LOST) for token, task in lost.items()]
            accepted = await work.complete(conn, results=results)
        self._ended({x.token: x for x in self._zombies}, accepted)

    async def _promote(self) -> None:
        await self.hands.promote()

    async def _complete(self, said: list[tuple[Lease, Outcome]]) -> None:
        results = [Result(x.task_id, x.token, outcome) for x, outcome in said]
        accepted = await work.complete(self.hands.conn, results=results)
        known = {(lease.task_id, lease.token) for lease, _ in said}
        for pair in accepted:
            if pair not in known or pair[1] in self._over:
                self._broken("a stale token changes nothing", pair)
        self._ended({lease.token: lease for lease, _ in said}, accepted)

    def _ended(self, leases: dict[int, Lease], accepted: dict[tuple[int, int], Outcome]) -> None:
        for (_, token), outcome in accepted.items():
            self._over.add(token)
            lease = leases.get(token)
            if lease is not None and outcome in {Outcome.RETRY, Outcome.LOST, Outcome.SNOOZED}:
                owed = self._owed[lease.job_id, lease.ckey]
                owed.events |= _events(lease)
                spent = lease.attempt if outcome is Outcome.RETRY else lease.attempt - 1
                owed.attempt = max(owed.attempt, spent)

    async def _settle(self) -> None:
        """Let everything come to its end: commit, bury the dead, do the work."""
        for writer in self.writers:
            await writer.end(commit=True)
        for session in list(self._live):
            await self.hands.die(session)
            self._zombies += self._live.pop(session)
        session = await self.hands.session()
        self._live[session] = []
        for _ in range(40):
            await self.hands.route(limit=7)
            await self._promote()
            await self._reap()
            for plan in JOBS:
                await self._claim_for(session, plan.name, 50)
            await self._complete([(lease, Outcome.OK) for lease in self._live[session]])
            self._live[session] = []
            if not await self._left():
                return
        self._broken("all work comes to an end", await self._left())

    async def _left(self) -> list[dict[str, Any]]:
        cursor = await self.hands.conn.execute(
            "select job_id, ckey from core.task_pending union all"
            " select job_id, ckey from core.task_lease"
        )
        return await cursor.fetchall()


def _events(lease: Lease) -> set[int]:
    return {event for low, high in lease.event_ids for event in range(low, high)}
