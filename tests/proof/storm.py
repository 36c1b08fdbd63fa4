"""A storm: processes and a Postgres that are killed, frozen and cut off at work, and the verdict.

Two dispatchers and three workers, whose clocks disagree by hours, work on `storm_flow` while writers
in this process emit. What goes wrong, and when, follows from the seed (`storm_acts`), and so does
what each writer says next. Who is hit in the middle of what is up to the machine: the same seed
plays the same storm, not the same story.
"""

import asyncio
import contextlib
import logging
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from headgate.core.database import Connection, Database
from headgate.core.dispatch import store as dispatch
from headgate.core.errors import DatabaseUnavailable
from headgate.core.migrate import migrate, migrations_of
from headgate.core.tasks.letters.model import EVERY
from headgate.core.tasks.letters.store import redrive
from headgate.core.wake import Wake
from headgate.core.work import store as work
from headgate.core.work.model import Outcome, Result
from headgate.ports.postgres.embedded import EmbeddedPostgres
from proof import storm_oracle
from proof.dags import hands_on
from proof.storm_acts import Act, Kind, schedule
from proof.storm_crew import Member, crash
from proof.storm_emitters import Teller, Told
from proof.storm_flow import DAG, TABLES

TERM, LEASE = 1.5, 1.5  # seconds; much shorter than those of the product, as the storm is
_TELLERS = 3
_REST = 60.0  # seconds in which everything has to come to rest
_WATCHER = "watcher"  # connections of this name are never cut
_DISPATCH = ("--dispatch", "--slots", "0", "--term", str(TERM), "--lease", str(LEASE))
_WORK = ("--slots", "8", "--lease", str(LEASE), "--seconds", "0.05", "--skew")
_CREW = {
    "north": _DISPATCH,
    "south": _DISPATCH,
    "early": (*_WORK, "-7"),
    "exact": (*_WORK, "0"),
    "late": (*_WORK, "5"),
}


@dataclass
class Storm:
    """`counts` are of events told, attempts, epochs, what was lost or doubled; `acts` of what was done.

    `broken` are the promises that were, for people.
    """

    acts: Counter[Kind] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)


async def play(*, seed: int, seconds: float, say: Callable[[str], None] = print) -> Storm:
    """Let a storm rage for `seconds` over a server of its own; return what it left."""
    folder = Path(tempfile.mkdtemp(prefix="headgate-storm-"))
    server = EmbeddedPostgres(folder / "data", log=folder / "postgres.log")
    try:
        url = await asyncio.to_thread(server.start)
        director = _Director(server, url, folder, seed=seed, say=say)
        with _quiet():
            try:
                await director.play(seconds)
            finally:
                await director.close()
        return director.storm
    finally:
        await asyncio.to_thread(server.stop)
        shutil.rmtree(folder)


class _Director:
    def __init__(
        self,
        server: EmbeddedPostgres,
        url: str,
        folder: Path,
        *,
        seed: int,
        say: Callable[[str], None],
    ) -> None:
        self._server = server
        self._database = Database(url, size=2, application=_WATCHER)
        self._writers = Database(url, size=_TELLERS, application="writers")
        self._wake = Wake(self._writers, me="writers")
        self._crew = [
            Member(url, name=name, options=options, folder=folder)
            for name, options in _CREW.items()
        ]
        self._seed = seed
        self._say = say
        self.storm = Storm()
        self._told = Told()

    async def play(self, seconds: float) -> None:
        await migrate(self._database.url, migrations_of("core", "headgate.core"))
        await self._database.open()
        await self._writers.open()
        async with self._database.connection() as conn:
            await dispatch.ensure_partitions(conn)
            hands = await hands_on(conn, DAG)
            await conn.execute(TABLES.encode())
        async with asyncio.TaskGroup() as group:
            keepers = [group.create_task(member.keep()) for member in self._crew]
            carrier = group.create_task(self._wake.run())
            await self._until(self._all_there, seconds=_REST)
            await self._rage(seconds, hands.made.datasets)
            self._say(f"{seconds:.0f} s of acts are over: {self._done()}")
            await self._until(self._at_rest, seconds=_REST)
            for member in self._crew:
                member.leave()
            await asyncio.gather(*keepers)
            carrier.cancel()
        await self._judge()

    async def close(self) -> None:
        await self._writers.close()
        await self._database.close()

    async def _rage(self, seconds: float, datasets: dict[str, int]) -> None:
        stop = asyncio.Event()
        begun = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for residue in range(_TELLERS):
                teller = Teller(
                    self._writers,
                    self._wake,
                    datasets=datasets,
                    told=self._told,
                    seed=self._seed,
                    residue=residue,
                    tellers=_TELLERS,
                )
                group.create_task(teller.run(stop))
            for act in schedule(self._seed, seconds=seconds, term=TERM, lease=LEASE):
                await asyncio.sleep(begun + act.at - time.monotonic())
                group.create_task(self._do(act))
            await asyncio.sleep(begun + seconds - time.monotonic())
            stop.set()

    # Acts -------------------------------------------------------------------------------------

    async def _do(self, act: Act) -> None:
        awake = [member for member in self._crew if not member.frozen]
        member = awake[act.index(len(awake))] if awake else self._crew[0]
        with contextlib.suppress(DatabaseUnavailable):  # it came to nothing: Postgres was away
            match act.kind:
                case Kind.KILL:
                    member.kill(pause=act.lasts)
                case Kind.FREEZE:
                    await member.freeze(act.lasts)
                case Kind.DEPOSE:
                    await (await self._leader()).freeze(act.lasts)
                case Kind.CUT:
                    await self._cut(act)
                case Kind.CRASH:
                    await crash(self._server, away=act.lasts)
                case Kind.REPEAT:
                    await self._repeat(seconds=act.lasts)
            self.storm.acts[act.kind] += 1

    async def _leader(self) -> Member:
        """Wait for one that leads and is not frozen."""
        while True:
            with contextlib.suppress(DatabaseUnavailable):
                async with self._database.connection() as conn:
                    cursor = await conn.execute(
                        "select leader from core.router where led_until > clock_timestamp()"
                    )
                    row = await cursor.fetchone()
                for member in self._crew:
                    if row and member.name == row["leader"] and not member.frozen:
                        return member
            await asyncio.sleep(0.05)

    async def _cut(self, act: Act) -> None:
        async with self._database.connection() as conn:
            cursor = await conn.execute(
                "select pid from pg_stat_activity where backend_type = 'client backend'"
                " and application_name <> %s order by pid",
                [_WATCHER],
            )
            pids = [row["pid"] for row in await cursor.fetchall()]
            if pids:
                await dispatch.end_backend(conn, pid=pids[act.index(len(pids))])

    async def _repeat(self, *, seconds: float) -> None:
        """Complete what has ended again and again, above all while others are at it anew."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            async with self._database.connection() as conn:
                cursor = await conn.execute(
                    "select task_id, token from core.task_history where token is not null"
                    " order by task_id in (select task_id from core.task_lease) desc, done_at desc"
                    " limit 20"
                )
                ended = [Result(**row, outcome=Outcome.OK) for row in await cursor.fetchall()]
                if accepted := await work.complete(conn, results=ended):
                    self.storm.broken.append(f"a stale token changes nothing ({accepted})")
            await asyncio.sleep(0.02)

    # The end ----------------------------------------------------------------------------------

    async def _all_there(self, conn: Connection) -> dict[str, int]:
        cursor = await conn.execute("select count(distinct worker) as workers from core.session")
        row = await cursor.fetchone()
        missing = len(self._crew) - (row["workers"] if row else 0)
        return {"missing": missing} if missing else {}

    async def _at_rest(self, conn: Connection) -> dict[str, int]:
        redriven = await redrive(conn, org_id=1, chosen=EVERY, last=2**62, limit=1000)
        self.storm.counts["redriven"] += len(redriven)
        return await storm_oracle.left(conn)

    async def _until(
        self, left: Callable[[Connection], Awaitable[dict[str, int]]], *, seconds: float
    ) -> None:
        """Wait until nothing is left."""
        begun, more = time.monotonic(), {"unknown": 1}
        while more and time.monotonic() < begun + seconds:
            await asyncio.sleep(0.1)
            with contextlib.suppress(DatabaseUnavailable):
                async with self._database.connection() as conn:
                    more = await left(conn)
        if more:
            self.storm.broken.append(f"all comes to its end within {seconds:g} s (left: {more})")

    async def _judge(self) -> None:
        async with self._database.connection() as conn:
            counts, broken = await storm_oracle.verdict(conn, self._told)
            cursor = await conn.execute(
                "select count(*) as attempts, count(*) filter (where outcome = 2) as lost_attempts,"
                " (select epoch from core.router) as epochs from core.task_history"
            )
            row = await cursor.fetchone()
        died = [text for member in self._crew for text in member.died]
        self.storm.counts.update({**counts, **(row or {})})
        self.storm.counts["told"] = len(self._told.numbers) + self._told.changes
        self.storm.broken += broken + [f"no process dies by itself ({text})" for text in died]

    def _done(self) -> str:
        return ", ".join(f"{kind} {times}" for kind, times in sorted(self.storm.acts.items()))


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Log nothing of the outages that are meant."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
