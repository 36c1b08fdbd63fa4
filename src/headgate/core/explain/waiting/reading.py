"""Looking up why a pending task does not run."""

from headgate.core.database import Connection
from headgate.core.explain.making.reading import making_of
from headgate.core.explain.reasons import Reason
from headgate.core.explain.waiting import store
from headgate.core.explain.waiting.model import Pending, StaleInput
from headgate.core.explain.waiting.rules import waits
from headgate.core.explain.waiting.stale import place_of, stale_reason

_HOLDS = 20
_STALE = 20


async def waits_of(conn: Connection, *, org_id: int, task_id: int) -> list[Reason]:
    """Return every reason why a pending task does not run; none for a task that is not pending."""
    task = await store.pending_facts(conn, org_id=org_id, task_id=task_id)
    if task is None:
        return []
    stale = []
    if task.reads_stale:
        stale = await store.stale_inputs(
            conn, job_id=task.job_id, ckey=task.ckey, rngs=task.rngs, limit=_STALE
        )
    return waits(
        task,
        holds=await store.holds(conn, job_id=task.job_id, limit=_HOLDS),
        stale=[await _stale(conn, task, one) for one in stale],
        last_end=await store.last_end(conn, org_id=org_id, task_id=task_id)
        if task.waiting
        else None,
    )


async def _stale(conn: Connection, task: Pending, stale: StaleInput) -> Reason:
    if stale.maker_id is None or stale.maker is None:
        return stale_reason(task, stale, None)
    making = await making_of(
        conn,
        job_id=stale.maker_id,
        job=stale.maker,
        strategy=stale.strategy or 0,
        part_size=stale.part_size or 1,
        place=place_of(stale),
    )
    return stale_reason(task, stale, making)
