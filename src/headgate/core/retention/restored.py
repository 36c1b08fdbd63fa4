"""Mends the numbers of a log that was restored from a dump of another server.

The router's cursor is made of transaction ids, and a dump carries them into a server that counts
from elsewhere. If that server is ahead of all that is stored, nothing is wrong: the old ids are
in its past, the cursor separates them as it did, and whatever comes is later. If it is behind, it
would take old events for ones to come, and new events for ones that the cursor has passed.

Then the old cursor says for the last time what is routed. What is not gets the number 3, what is
and lies ahead gets 2, and the new cursor is a snapshot that sees everything before now but 3. So
each event that waited is routed once, and no other.

This must run before anything emits in the restored database, so at the start of every process.
"""

import logging
from dataclasses import dataclass

from headgate.core.database import Database
from headgate.core.dispatch.store import lock_router
from headgate.core.retention import store

_log = logging.getLogger("headgate.retention")


@dataclass(frozen=True, slots=True)
class Mended:
    """How many events got another number, and how many of them wait to be routed."""

    renumbered: int
    unrouted: int


async def mend_restored(database: Database) -> Mended | None:
    """Mend the log if its numbers are of another server; None if there was nothing to mend.

    One transaction, under the router's lock. It rewrites each event that lies ahead: some minutes
    for ten million.
    """
    async with database.connection() as conn:
        if not await store.from_elsewhere(conn):
            return None
    async with database.transaction() as conn:
        await lock_router(conn)
        if not await store.from_elsewhere(conn):
            return None  # another process has just done it
        _log.warning("this database was restored from another server: mending its numbers")
        renumbered, unrouted = await store.renumber_events(conn)
        await store.restart_cursor(conn)
        await store.tell_again(conn)
    _log.warning("renumbered %d events; %d of them wait to be routed", renumbered, unrouted)
    return Mended(renumbered, unrouted)
