"""Seeded rounds over flows whose inputs share an ancestor, with data that shows a mix.

Each point of a source has a number that only grows. What is made of a point notes, by source, the
number that it was made of, so an output that mixes old and new inputs shows two. Operators read their
inputs at different moments, commits come late, workers die and come back, attempts are given up and
redriven.
"""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from headgate.core.database import Connection
from headgate.core.dispatch import store as dispatch
from headgate.core.events.model import NewEvent
from headgate.core.events.store import emit
from headgate.core.tasks.letters.model import EVERY
from headgate.core.tasks.letters.store import redrive
from headgate.core.work import store as work
from headgate.core.work.model import Lease, Outcome, Result
from proof.dags import carve, hands_on, stale, sweep

POINTS = 12
NO_MIX = "no output mixes old and new inputs"
Numbers = dict[int, dict[str, int]]
"""By point and source: the source's number that something was made of."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Jobs in order: name, what it reads, what it makes. The last one must not mix."""

    jobs: tuple[tuple[str, tuple[str, ...], str], ...]
    append: frozenset[str] = frozenset()
    sources: tuple[str, ...] = ("a",)

    def origins(self) -> dict[str, frozenset[str]]:
        """Return, by dataset, the sources that it is made of."""
        known = {name: frozenset({name}) for name in self.sources}
        for _, reads, makes in self.jobs:
            known[makes] = frozenset().union(*(known[name] for name in reads))
        return known

    def yaml(self, chance: random.Random) -> str:
        lines = ["dag: d", "datasets:"]
        lines += [f"  {name}: {{partitioning: range}}" for name in self.origins()]
        lines += ["sources:"]
        lines += [f"  in_{name}: {{kind: http, dataset: {name}}}" for name in self.sources]
        lines += ["jobs:"]
        for name, reads, makes in self.jobs:
            strategy = chance.choice(["Bulk", "PerUpdate", "PerPartition"])
            size = f", partition_size: {chance.randint(1, 5)}" if strategy == "PerPartition" else ""
            anew = chance.choice(["true", "false"]) if name not in self.append else "false"
            update = "append" if name in self.append else "replace"
            lines.append(
                f"  {name}: {{operator: proof.{name}, inputs: [{', '.join(reads)}],"
                f" outputs: [{makes}], execution_strategy: {strategy}{size},"
                f" update_strategy: {update}, cancel_on_invalidate: {anew},"
                " retry: {attempts: 1000, backoff: 0ms}}"
            )
        return "\n".join(lines) + "\n"


SHAPES = {
    "diamond": Shape((("b", ("a",), "b"), ("c", ("a",), "c"), ("d", ("b", "c"), "d"))),
    "triangle": Shape((("b", ("a",), "b"), ("d", ("a", "b"), "d"))),
    "long way round": Shape(
        (("b", ("a",), "b"), ("x", ("b",), "x"), ("c", ("a",), "c"), ("d", ("x", "c"), "d"))
    ),
    "an append on the way": Shape(
        (("b", ("a",), "b"), ("x", ("b",), "x"), ("c", ("a",), "c"), ("d", ("x", "c"), "d")),
        append=frozenset({"x"}),
    ),
    "a second source on one way": Shape(
        (("b", ("a", "s"), "b"), ("c", ("a",), "c"), ("d", ("b", "c"), "d")), sources=("a", "s")
    ),
}


@dataclass
class Writer:
    """Changes the points of one residue class, so that writers never wait for each other."""

    conn: Connection
    residue: int
    open: bool = False


@dataclass
class Run:
    """An attempt, and what it has read so far."""

    lease: Lease
    job: str
    read: dict[str, Numbers] = field(default_factory=dict)

    def points(self) -> list[int]:
        return [p for low, high in self.lease.ranges for p in range(low, high)]


class CascadeRound:
    """`violations` says which promise was broken; `published` how often the last job finished."""

    def __init__(
        self,
        connect: Callable[[], Awaitable[Connection]],
        *,
        shape: Shape,
        seed: int,
        steps: int,
    ) -> None:
        self._connect = connect
        self._shape = shape
        self._chance = random.Random(seed)
        self._steps = steps
        self._reads = {name: reads for name, reads, _ in shape.jobs}
        self._makes = {name: makes for name, _, makes in shape.jobs}
        self._origins = shape.origins()
        self._runs: list[Run] = []
        self._zombies: list[Run] = []
        self._number = 0
        self._last = shape.jobs[-1][0]
        self.violations: list[str] = []
        self.published = 0
        self.outdated = 0

    async def play(self) -> None:
        self.conn = await self._connect()
        self.hands = await hands_on(self.conn, self._shape.yaml(self._chance))
        await self.conn.execute(
            "create table if not exists value (dataset text, point int, source text, number int,"
            " primary key (dataset, point, source))"
        )
        await self.conn.execute("truncate value")
        self._writers = [Writer(await self._connect(), n) for n in range(3)]
        self._session = await self.hands.session()
        acts = [self._write] * 6 + [self._route] * 8 + [self._claim] * 10 + [self._read] * 12
        acts += [self._finish] * 10 + [self._sweep] * 5
        acts += [self._retry, self._die, self._wake_a_zombie, self._preempt, self._promote]
        acts += [self._give_up] + [self._redrive] * 3
        for _ in range(self._steps):
            await self._chance.choice(acts)()
        await self._settle()

    async def _write(self) -> None:
        writer = self._chance.choice(self._writers)
        if not writer.open:
            await writer.conn.execute("begin")
            writer.open = True
        elif self._chance.random() < 0.5:
            await writer.conn.execute("commit" if self._chance.random() < 0.9 else "rollback")
            writer.open = False
            return
        self._number += 1
        point = self._chance.randrange(POINTS // 3) * 3 + writer.residue
        source = self._chance.choice(self._shape.sources)
        await self._store(writer.conn, source, {point: {source: self._number}})
        kind = self._chance.choice(["update", "invalidate"])
        event = NewEvent(self.hands.made.datasets[source], range=(point, point + 1), kind=kind)
        await emit(writer.conn, org_id=1, events=[event])

    async def _route(self) -> None:
        async with self.conn.transaction():
            await dispatch.lock_router(self.conn)
            await dispatch.route(self.conn, limit=self._chance.choice([1, 2, 5, 100]))

    async def _sweep(self) -> None:
        async with self.conn.transaction():
            await dispatch.lock_router(self.conn)
            await dispatch.sweep(self.conn)

    async def _preempt(self) -> None:
        await dispatch.preempt(self.conn)
        cursor = await self.conn.execute("select token from core.task_lease where preempted")
        stopped = {row["token"] for row in await cursor.fetchall()}
        for run in [run for run in self._runs if run.lease.token in stopped]:
            self._runs.remove(run)
            await self._complete(run, Outcome.SNOOZED)

    async def _promote(self) -> None:
        await self.hands.promote()

    async def _claim(self) -> None:
        job = self._chance.choice(list(self._reads))
        for lease in await self.hands.claim(self._session, job, self._chance.randint(1, 3)):
            self._runs.append(Run(lease, job))

    async def _read(self) -> None:
        """Let one attempt read one of its inputs, now."""
        if self._runs:
            run = self._chance.choice(self._runs)
            left = [name for name in self._reads[run.job] if name not in run.read]
            if left:
                await self._read_into(run, self._chance.choice(left))

    async def _read_into(self, run: Run, dataset: str) -> None:
        cursor = await self.conn.execute(
            "select * from value where dataset = %s and point = any(%s)", [dataset, run.points()]
        )
        run.read[dataset] = {}
        for row in await cursor.fetchall():
            run.read[dataset].setdefault(row["point"], {})[row["source"]] = row["number"]

    async def _finish(self) -> None:
        if self._runs:
            run = self._runs.pop(self._chance.randrange(len(self._runs)))
            await self._complete(run, Outcome.OK)
            if self._chance.random() < 0.2:
                self._zombies.append(run)

    async def _retry(self) -> None:
        if self._runs:
            run = self._runs.pop(self._chance.randrange(len(self._runs)))
            await self._complete(run, Outcome.RETRY)

    async def _give_up(self) -> None:
        """Let an attempt fail for good, on the way: what it was to make stays behind."""
        if hopeless := [run for run in self._runs if run.job != self._last]:
            run = self._chance.choice(hopeless)
            self._runs.remove(run)
            await self._complete(run, Outcome.DEAD)

    async def _redrive(self) -> None:
        await redrive(self.conn, org_id=1, chosen=EVERY, last=2**62, limit=1000)

    async def _die(self) -> None:
        await self.hands.die(self._session)
        self._zombies += self._runs
        self._runs = []
        await self.hands.reap()
        self._session = await self.hands.session()

    async def _wake_a_zombie(self) -> None:
        if self._zombies:
            await self._complete(self._chance.choice(self._zombies), Outcome.OK, zombie=True)

    async def _complete(self, run: Run, said: Outcome, *, zombie: bool = False) -> None:
        """End an attempt as a worker does: its rows and events with its completion, or nothing."""
        for dataset in self._reads[run.job]:
            if dataset not in run.read and said is Outcome.OK:
                await self._read_into(run, dataset)
        async with self.conn.transaction():
            result = Result(run.lease.task_id, run.lease.token, said)
            accepted = await work.complete(self.conn, results=[result])
            outcome = next(iter(accepted.values()), None)
            if outcome is Outcome.OK:
                await self._publish(run)
        if zombie and outcome is not None:
            self.violations.append(f"a stale token changes nothing ({run.job})")
        if said is Outcome.OK and outcome is Outcome.SNOOZED:
            self.outdated += 1

    async def _publish(self, run: Run) -> None:
        made: Numbers = {}
        for point in run.points():
            made[point] = {}
            for source in sorted(self._origins[self._makes[run.job]]):
                seen = {
                    name: numbers.get(point, {}).get(source, 0)
                    for name, numbers in run.read.items()
                    if source in self._origins[name]
                }
                if len(set(seen.values())) > 1:
                    self.violations.append(f"{NO_MIX} ({run.job}, of {source}: {seen})")
                made[point][source] = max(seen.values())
        await self._store(self.conn, self._makes[run.job], made)
        self.published += run.job == self._last
        invalid = {p for low, high in run.lease.invalidated for p in range(low, high)}
        replaces = run.job not in self._shape.append
        events = [
            NewEvent(
                self.hands.made.datasets[self._makes[run.job]],
                range=(point, point + 1),
                kind="invalidate" if replaces and point in invalid else "update",
            )
            for point in made
        ]
        await emit(self.conn, org_id=1, events=events, producer_task=run.lease.task_id)

    @staticmethod
    async def _store(conn: Connection, dataset: str, numbers: Numbers) -> None:
        rows = [
            (point, *pair) for point, by_source in numbers.items() for pair in by_source.items()
        ]
        points, sources, values = ([row[n] for row in rows] for n in range(3))
        await conn.execute(
            "insert into value select %s, * from unnest(%s::int[], %s::text[], %s::int[])"
            " on conflict (dataset, point, source) do update set number = excluded.number",
            [dataset, points, sources, values],
        )

    async def _settle(self) -> None:
        """Stop writing, and let all work come to its end."""
        for writer in self._writers:
            if writer.open:
                await writer.conn.execute("commit")
        await self._die()
        await self._redrive()
        for _ in range(60):
            await self.hands.route()
            await carve(self.hands)
            await sweep(self.hands)
            await self.hands.promote()
            for job in self._reads:
                for lease in await self.hands.claim(self._session, job, 50):
                    await self._complete(Run(lease, job), Outcome.OK)
            if not await self._left():
                break
        else:
            self.violations.append(f"all work comes to an end ({await self._left()})")
        await sweep(self.hands)
        if left := await stale(self.hands):
            self.violations.append(f"what has caught up is not stale ({left})")
        await self._compare()

    async def _left(self) -> list[object]:
        cursor = await self.conn.execute(
            "select job_id, ckey, rngs::text from core.task_pending union all"
            " select job_id, ckey, rngs::text from core.task_lease union all"
            " select 0, '', '' from core.unrouted(1)"
        )
        return list(await cursor.fetchall())

    async def _compare(self) -> None:
        """Each output is what its sources are now."""
        cursor = await self.conn.execute("select * from value where number > 0")
        found: dict[tuple[str, str], dict[int, int]] = {}
        for row in await cursor.fetchall():
            found.setdefault((row["dataset"], row["source"]), {})[row["point"]] = row["number"]
        for dataset in self._makes.values():
            for source in sorted(self._origins[dataset]):
                if found.get((dataset, source), {}) != found.get((source, source), {}):
                    self.violations.append(f"every output follows its source ({dataset})")
