"""Which of the running dispatchers leads.

Leading only saves work: every statement of the Dispatcher is right when two of them run it. Whoever
holds an advisory lock leads, so that a leader that dies is followed within a second: its connection
dies with it. One that is stopped or cut off keeps its connection; when it has not renewed its term
its followers end that connection. It may wake up later and believe that it leads: each term has an
epoch, and what it asks the router for in an older one does nothing.
"""

import asyncio
import logging

from headgate.core.database import Connection, Database
from headgate.core.dispatch import store
from headgate.core.errors import DatabaseUnavailable

_log = logging.getLogger("headgate.dispatch")
TERM = 6.0  # seconds without a renewal after which a leader counts as stuck
_RENEW = 2.0
_ASK = 0.5


class Leadership:
    """Runs for election until cancelled; `epoch` is our term while we lead."""

    def __init__(self, database: Database, *, name: str, term: float = TERM) -> None:
        self._database = database
        self._name = name
        self._term = term
        self.epoch: int | None = None
        self._changed = asyncio.Event()

    async def leading(self) -> int:
        """Wait until we lead; return the epoch."""
        while self.epoch is None:
            self._changed.clear()
            await self._changed.wait()
        return self.epoch

    def deposed(self, epoch: int) -> None:
        """Take note that the router no longer listens to `epoch`."""
        if self.epoch == epoch:
            _log.warning("another dispatcher leads now")
            self.epoch = None

    async def run(self) -> None:
        while True:
            try:
                async with self._database.own_connection() as conn:
                    await self._campaign(conn)
            except DatabaseUnavailable as error:
                _log.info("cannot lead: %s", error.message)
            finally:
                self.epoch = None
            await asyncio.sleep(_ASK)

    async def _campaign(self, conn: Connection) -> None:
        """Wait for the lock and lead until deposed."""
        while not await store.try_to_lead(conn):
            for pid in await store.stuck_leaders(conn):
                _log.warning("the leading dispatcher does not answer: its connection is ended")
                await store.end_backend(conn, pid=pid)
            await asyncio.sleep(_ASK)
        epoch = await store.begin_term(conn, leader=self._name, term=self._term)
        self.epoch = epoch
        self._changed.set()
        _log.info("leads in epoch %d", epoch)
        while self.epoch == epoch:
            await asyncio.sleep(min(_RENEW, self._term / 3))
            if not await store.renew_term(conn, epoch=epoch, term=self._term):
                self.deposed(epoch)
