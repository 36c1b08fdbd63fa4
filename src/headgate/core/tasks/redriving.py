"""Carrying out the redrives that take a while, batch by batch, in any server that is there."""

import asyncio
import logging
import math

from headgate.core.errors import DatabaseUnavailable
from headgate.core.operations import store as operations
from headgate.core.services import Services
from headgate.core.tasks.letters import store
from headgate.core.tasks.letters.rules import advanced, batch_of, pause_of, read, told, written
from headgate.core.wake import wait

_log = logging.getLogger("headgate.tasks")
_POLL = 2.0  # seconds; a wake-up may be lost, or a server may have died in the middle of a redrive
_CALM = 0.1  # seconds between two looks that find nothing, for whatever fails wakes this as well


async def run_redrives(services: Services) -> None:
    """Carry out redrives until cancelled. Any number of processes may: a batch is one's alone."""
    with services.wake.waiting("changed") as woken:
        while True:
            try:
                pause = await move_batch(services)
            except DatabaseUnavailable as error:
                _log.warning("redrives wait: %s", error.message)
                pause = _POLL
            if pause > 0:
                await asyncio.sleep(min(pause, _CALM))
                await wait(woken, max(0.0, min(pause, _POLL) - _CALM))


async def move_batch(services: Services) -> float:
    """Move the next letters of the redrive that is due first; return the seconds to pause then.

    The letters and the operation that tells of them change in one transaction, under a lock of the
    operation's row. Without a redrive that this process could go on with, that is infinite.
    """
    async with services.database.transaction() as conn:
        operation = await store.next_redrive(conn)
        if operation is None:
            return math.inf
        course, now = read(operation["result"]), services.clock()
        state: operations.State = "cancelled"
        if not operation["cancel_requested"]:
            if pause := pause_of(course, now=now):
                return pause
            most = batch_of(course.rate)
            moved = await store.redrive(
                conn,
                org_id=operation["org_id"],
                chosen=course.chosen,
                after=course.after,
                last=course.last,
                limit=most,
            )
            course = advanced(course, moved=[one.dead_letter for one in moved], now=now)
            left = len(moved) == most and course.redriven < operation["total"]
            state = "running" if left else "succeeded"
        await operations.advance(
            conn,
            id=operation["id"],
            org_id=operation["org_id"],
            state=state,
            done=course.redriven,
            total=operation["total"],
            message=told(course, total=operation["total"], state=state),
            result=written(course),
        )
    services.wake.signal("routed")
    services.wake.signal("changed")
    return 0.0
