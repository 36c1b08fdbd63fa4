"""What a task covers: its events, a page at a time."""

from collections.abc import Sequence

from headgate.core.events.model import MAX_PAYLOAD_BYTES
from headgate.core.work.context import LeaseLost
from headgate.core.work.contract import store
from headgate.core.work.contract.desk import Desk
from headgate.core.work.contract.messages import InputPage, ReadInputs
from headgate.core.work.contract.store import Covered
from headgate.core.work.contract.tokens import TaskGrant

PAGE_EVENTS = 1000
PAGE_BYTES = MAX_PAYLOAD_BYTES


async def read_inputs(desk: Desk, asked: ReadInputs) -> InputPage:
    """Return the events that follow one; raise `LeaseLost` when they are another's to read."""
    grants = desk.tokens.tasks([("/token", asked.token)], now=desk.services.clock())
    async with desk.services.database.connection() as conn:
        leases = await store.held(conn, grants=grants)
        found = await store.inputs(
            conn, grants=grants, start=asked.after + 1, most=PAGE_EVENTS, max_bytes=PAGE_BYTES
        )
    if not leases:
        raise lost(grants[0])
    page = found.get(grants[0].task_id, [])
    return InputPage([event for event, _, _ in page], after(page))


def after(page: Sequence[Covered]) -> int | None:
    """Return the id after which the next page begins, None if this was the last."""
    if not page:
        return None
    event, _, until = page[-1]
    return event.id if event.id + 1 < until else None


def lost(grant: TaskGrant) -> LeaseLost:
    """Return the error to raise when the lease of an attempt is gone."""
    return LeaseLost(
        f"Task {grant.task_id} is no longer this worker's: its lease was lost or has ended.",
        hint="Drop what this attempt has done. Whoever has the task now carries on.",
    )
