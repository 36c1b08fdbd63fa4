"""Carrying out redrives that take a while, slice by slice."""

from datetime import datetime

from headgate.core.database import Connection
from headgate.core.services import Services
from headgate.core.tasks.carrying import Operation, State, Step, carry
from headgate.core.tasks.letters import store
from headgate.core.tasks.letters.rules import advanced, batch_of, pause_of, read, told, written


async def move_batch(services: Services) -> float:
    """Move the next letters of the redrive that is due first; return the seconds to pause then."""
    return await carry(services, due=store.next_redrive, step=_redrive)


async def _redrive(conn: Connection, operation: Operation, now: datetime) -> Step | float:
    course = read(operation["result"])
    state: State = "cancelled"
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
    return Step(
        state=state,
        done=course.redriven,
        total=operation["total"],
        message=told(course, total=operation["total"], state=state),
        result=written(course),
    )
