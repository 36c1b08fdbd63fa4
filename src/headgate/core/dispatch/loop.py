"""The Dispatcher's loops: route, reap, promote, and the upkeep of partitions and sessions."""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

from headgate.core.database import Database
from headgate.core.dispatch import store
from headgate.core.errors import DatabaseUnavailable
from headgate.core.wake import Wake, wait
from headgate.core.work.model import Outcome, Result
from headgate.core.work.store import complete

_log = logging.getLogger("headgate.dispatch")
_ROUTE = 5000
_ROUTE_POLL = 0.5  # a wake-up may be lost
_REAP = 500
_REAP_EVERY = 1.0
_AFTER_OUTAGE = 5.0  # seconds in which workers that could not renew their sessions do so
_DEADLINE_GRACE = 5.0  # seconds in which a live worker itself ends a task that is past its deadline
_PROMOTE = 1000
_PROMOTE_EVERY = 0.1
_UPKEEP_EVERY = 600.0
_ASK_AGAIN = 0.5


class Dispatcher:
    """Any number may run against one database; each does whatever the others left."""

    def __init__(self, database: Database, wake: Wake) -> None:
        self._database = database
        self._wake = wake
        self.counts: Counter[str] = Counter()

    async def run(self) -> None:
        """Dispatch until cancelled. A database that is away is waited for."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._route_forever())
            group.create_task(self._every(_REAP_EVERY, self.reap, after_outage=_AFTER_OUTAGE))
            group.create_task(self._every(_PROMOTE_EVERY, self.promote))
            group.create_task(self._every(_UPKEEP_EVERY, self.upkeep))

    async def route(self) -> int:
        """Route one batch; return how many events it held."""
        async with self._database.connection() as conn:
            events, tasks = await store.route_batch(conn, limit=_ROUTE)
        if events:
            self.counts["events"] += events
            self.counts["tasks"] += tasks
        if tasks:
            self._wake.signal("routed")
        return events

    async def reap(self) -> int:
        """Take back the leases of dead workers and of attempts past their deadline."""
        async with self._database.transaction() as conn:
            expired = await store.expired_leases(conn, grace=_DEADLINE_GRACE, limit=_REAP)
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
        if promoted:
            self._wake.signal("routed")
        return promoted

    async def upkeep(self) -> None:
        async with self._database.connection() as conn:
            await store.ensure_partitions(conn)
            await store.drop_dead_sessions(conn)

    async def _route_forever(self) -> None:
        with self._wake.waiting("emitted", "deployed") as woken:
            while True:
                try:
                    routed = await self.route()
                except DatabaseUnavailable as error:
                    _log.warning("cannot route: %s", error.message)
                    routed = 0
                if routed < _ROUTE:
                    await wait(woken, _ROUTE_POLL)

    async def _every(
        self,
        seconds: float,
        duty: Callable[[], Coroutine[Any, Any, Any]],
        *,
        after_outage: float = 0.0,
    ) -> None:
        while True:
            try:
                await duty()
            except DatabaseUnavailable as error:
                _log.warning("%s waits: %s", duty.__name__, error.message)
                await self._outage()
                await asyncio.sleep(after_outage)
            else:
                await asyncio.sleep(seconds)

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
