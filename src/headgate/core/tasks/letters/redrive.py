"""Putting many dead letters back to work: a few at once, more as an operation."""

from uuid import uuid4

from headgate.core.access import Principal
from headgate.core.operations import store as operations
from headgate.core.services import Services
from headgate.core.tasks.letters import store
from headgate.core.tasks.letters.model import Course, LetterFilter, Plan, Redrive
from headgate.core.tasks.letters.rules import written

KIND = "redrive"
_AT_ONCE = 100  # letters; more take long enough that somebody wants to see how far it is
_GROUPS = 100


async def plan_redrive(services: Services, *, who: Principal, chosen: LetterFilter) -> Plan:
    """Count the open letters that a redrive would put back to work now, and into what."""
    async with services.database.connection() as conn:
        return await store.plan(
            conn,
            org_id=who.org_id,
            chosen=chosen,
            state="open",
            with_removed=False,
            limit=_GROUPS,
        )


async def redrive_many(
    services: Services, *, who: Principal, chosen: LetterFilter, rate: float | None = None
) -> Redrive:
    """Put the chosen open letters back to work, at most `rate` of them a second.

    Up to a hundred without a rate go at once. More are moved by an operation, which
    `operating.run_operations` carries out. Letters that come later are left alone, and so are those
    of removed jobs. A second call finds nothing of what the first one moved.
    """
    async with services.database.transaction() as conn:
        plan = await store.plan(
            conn, org_id=who.org_id, chosen=chosen, state="open", with_removed=False, limit=1
        )
        matched = plan.total.letters
        if matched == 0 or (matched <= _AT_ONCE and rate is None):
            moved = await store.redrive(
                conn, org_id=who.org_id, chosen=chosen, last=plan.last, limit=_AT_ONCE
            )
            started = Redrive(matched, len(moved), None)
        else:
            course = Course(chosen=chosen, rate=rate, last=plan.last)
            operation = uuid4()
            started = Redrive(matched, 0, operation)
            await operations.start(
                conn,
                id=operation,
                org_id=who.org_id,
                kind=KIND,
                actor=who.name,
                subject=f"{matched:,} dead letters",
                total=matched,
                result=written(course),
            )
    _signal(services)
    return started


def _signal(services: Services) -> None:
    services.wake.signal("routed")
    services.wake.signal("changed")
