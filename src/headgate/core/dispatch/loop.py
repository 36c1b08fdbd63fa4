"""The Dispatcher's loops: route, carve, sweep, reap, promote, measure, sample, upkeep."""

import asyncio
import contextlib
import logging
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

from headgate.core.database import Database
from headgate.core.dispatch import store
from headgate.core.dispatch.leader import TERM, Leadership
from headgate.core.dispatch.pressure.measure import measure
from headgate.core.dispatch.standstill import Standstill
from headgate.core.dispatch.store import Routed
from headgate.core.errors import DatabaseUnavailable
from headgate.core.flow.rules import EVERY as SAMPLE_EVERY
from headgate.core.flow.sampling import Sampler
from headgate.core.lane import Lane
from headgate.core.wake import Wake, wait
from headgate.core.work.model import Outcome, Result
from headgate.core.work.store import complete

_log = logging.getLogger("headgate.dispatch")
_ROUTE = 5000
_ROUTE_POLL = 0.5  # a wake-up may be lost
_FOLLOW_UP = 0.05  # while there is something to carve or to sweep
_REAP = 500
_REAP_EVERY = 1.0
_AFTER_OUTAGE = 5.0  # seconds in which workers that could not renew their sessions do so
_AFTER_RESTART = 15.0  # the same for a restart of Postgres, whoever noticed it
_DEADLINE_GRACE = 5.0  # seconds in which a live worker itself ends a task that is past its deadline
_PROMOTE = 1000
_PROMOTE_EVERY = 0.1
_MEASURE_EVERY = 0.25
_MEASURE_SHARE = 20  # a round of measuring is followed by this many times its length of rest
_SWEEP_SHARE = 5
_RUNTIME_ROWS = 100_000  # tasks that may wait for one runtime before other runtimes feed it no more
_UPKEEP_EVERY = 600.0
_ASK_AGAIN = 0.5
_TICK = 0.5


class Dispatcher:
    """Any number may run against one database: one leads, the others follow when it is gone."""

    def __init__(
        self, database: Database, wake: Wake, *, name: str = "dispatcher", term: float = TERM
    ) -> None:
        self._database = database
        self._wake = wake
        self._lane = Lane(database)
        self._sweep_at = 0.0
        self._sampler = Sampler(database)
        self._standstill = Standstill(settle=_AFTER_OUTAGE)
        self.leadership = Leadership(database, name=name, term=term)
        self.counts: Counter[str] = Counter()

    async def run(self) -> None:
        """Dispatch until cancelled. A database that is away is waited for."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self.leadership.run())
                group.create_task(self._route_forever())
                group.create_task(self._tick())
                group.create_task(self._every(_REAP_EVERY, self.reap, after_outage=_AFTER_OUTAGE))
                group.create_task(self._every(_PROMOTE_EVERY, self.promote))
                group.create_task(self._every(_MEASURE_EVERY, self.measure))
                group.create_task(self._every(_UPKEEP_EVERY, self.upkeep))
                group.create_task(self._every(SAMPLE_EVERY, self._sampler.sample))
        finally:
            await self._lane.close()

    async def route(self) -> int:
        """Route one batch; return how many events it held."""
        return (await self._route(self.leadership.epoch)).events

    async def _route(self, epoch: int | None) -> Routed:
        async with self._lane.connection() as conn:
            routed = await store.route_batch(conn, limit=_ROUTE, epoch=epoch)
        if routed.deposed and epoch is not None:
            self.leadership.deposed(epoch)
        self.counts["events"] += routed.events
        self.counts["tasks"] += routed.tasks
        if routed.tasks:
            self._wake.signal("routed")
        return routed

    async def _follow_up(self, routed: Routed, epoch: int) -> bool:
        """Do what a batch gave rise to; return whether there is more of it to do now."""
        if routed.invalidated:
            async with self._database.connection() as conn:
                self.counts["preempted"] += await store.preempt(conn)
        carved = await self.carve(epoch) if routed.backfill else 0
        swept = await self.sweep() if routed.stale else 0
        return bool(carved or swept)

    async def carve(self, epoch: int | None = None) -> int:
        """Make tasks of backfills, as there is room; nothing if `epoch` is over."""
        async with self._database.transaction() as conn:
            await store.lock_router(conn)
            carved = await store.carve(conn, epoch=epoch)
            if carved:
                await store.drop_carved(conn)
        if carved:
            self.counts["tasks"] += carved
            self._wake.signal("routed")
        return carved

    async def sweep(self) -> int:
        """Forget staleness that has ended; not more often than its cost allows."""
        started = time.monotonic()
        if started < self._sweep_at:
            return 0
        async with self._database.transaction() as conn:
            await store.lock_router(conn)
            changed, _ = await store.sweep(conn)
        now = time.monotonic()
        self._sweep_at = now + _SWEEP_SHARE * (now - started)
        if changed:
            self._wake.signal("routed")
        return changed

    async def reap(self) -> int:
        """Take back the leases of dead workers and of attempts past their deadline."""
        async with self._database.transaction() as conn:
            expired = await store.expired_leases(
                conn, grace=_DEADLINE_GRACE, settle=_AFTER_RESTART, limit=_REAP
            )
            if self._standstill.settling():  # asked late: the answer may have been on its way
                return 0
            results = [
                Result(row["task_id"], row["token"], Outcome.LOST, _why_lost(row["worker_gone"]))
                for row in expired
            ]
            if results:
                await complete(conn, results=results)
        if results:
            self.counts["reaped"] += len(results)
            _log.warning("took back %d tasks from workers that are gone or stuck", len(results))
            self._wake.signal("routed")
            self._wake.signal("emitted")
            self._wake.signal("changed")
        return len(results)

    async def promote(self) -> int:
        """Make delayed tasks whose time has come claimable."""
        async with self._database.connection() as conn:
            promoted = await store.promote(conn, limit=_PROMOTE)
            ready = await store.rated_ready(conn)
        if promoted or ready:
            self._wake.signal("routed")
        return promoted

    async def measure(self) -> float:
        """Move the valves of backpressure; return how many seconds to rest at least."""
        started = time.monotonic()
        async with self._database.transaction() as conn:
            freed, held = await measure(conn, runtime_rows=_RUNTIME_ROWS)
        self.counts["held"] += held
        if freed:
            self._wake.signal("routed")
        return _MEASURE_SHARE * (time.monotonic() - started)

    async def upkeep(self) -> None:
        async with self._database.connection() as conn:
            await store.ensure_partitions(conn)
            await store.drop_dead_sessions(conn)

    async def _route_forever(self) -> None:
        with self._wake.waiting("emitted", "deployed") as woken:
            while True:
                epoch = await self.leadership.leading()
                pause = _ROUTE_POLL
                try:
                    routed = await self._route(epoch)
                    if routed.events == _ROUTE:
                        continue
                    if await self._follow_up(routed, epoch):
                        continue
                    if routed.stale or routed.backfill:
                        pause = _FOLLOW_UP
                except DatabaseUnavailable as error:
                    _log.warning("cannot route: %s", error.message)
                await wait(woken, pause)

    async def _tick(self) -> None:
        while True:
            self._standstill.tick()
            await asyncio.sleep(_TICK)

    async def _every(
        self,
        seconds: float,
        duty: Callable[[], Coroutine[Any, Any, Any]],
        *,
        after_outage: float = 0.0,
    ) -> None:
        while True:
            await self.leadership.leading()
            try:
                rest = await duty()
            except DatabaseUnavailable as error:
                _log.warning("%s waits: %s", duty.__name__, error.message)
                await self._outage()
                await asyncio.sleep(after_outage)
            else:
                await asyncio.sleep(max(seconds, rest) if isinstance(rest, float) else seconds)

    async def _outage(self) -> None:
        """Wait until the database answers."""
        while True:
            await asyncio.sleep(_ASK_AGAIN)
            with contextlib.suppress(DatabaseUnavailable):
                return await self._database.ping()


def _why_lost(worker_gone: bool) -> dict[str, str]:  # noqa: FBT001 - straight from a row
    if worker_gone:
        return {
            "code": "worker_lost",
            "message": "The worker stopped answering while it ran this task.",
            "hint": "Look at the worker's log. A task that does this three times in a row is set"
            " aside as a dead letter.",
        }
    return {
        "code": "stuck",
        "message": "The attempt went on past its deadline and its worker did not end it.",
        "hint": "The operator blocks its worker: run the job in a child process (`runtime`).",
    }
