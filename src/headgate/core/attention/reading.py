"""Looking up what needs a person."""

from collections.abc import Sequence
from datetime import datetime

from headgate.core.attention import store
from headgate.core.attention.model import Attention, AttentionItem, HeldJob
from headgate.core.attention.rules import (
    MOST,
    in_order,
    of_database,
    of_datasets,
    of_dispatch,
    of_held,
    of_letters,
    of_paused,
    of_workers,
)
from headgate.core.database import Connection
from headgate.core.explain.waiting.pressure import hold_reason
from headgate.core.explain.waiting.store import holds
from headgate.core.observe.store import Lag

_EACH = 10  # items of a kind
_LETTERS = 5000  # that groups are made of
_HELD_FOR = 60.0  # seconds in which a full queue may drain by itself
_READY_FOR = 60.0  # seconds in which some worker should have taken a task
_REASONS = 3


async def attention(
    conn: Connection, *, org_id: int, lag: Lag, warnings: Sequence[str], now: datetime
) -> Attention:
    """Return what needs a person; `lag` and `warnings` are what others have measured."""
    groups = await store.letter_groups(conn, org_id=org_id, most=_LETTERS, limit=_EACH + 1)
    stuck = await store.stuck_datasets(conn, org_id=org_id, most=MOST, limit=_EACH + 1)
    held = await store.held_jobs(conn, org_id=org_id, after=_HELD_FOR, most=MOST, limit=_EACH + 1)
    paused = await store.paused_jobs(conn, org_id=org_id, most=MOST, limit=_EACH + 1)
    unstarted = await store.unstarted_jobs(
        conn, org_id=org_id, after=_READY_FOR, most=MOST, limit=_EACH + 1
    )
    crew = await store.crew(conn, org_id=org_id)
    items = [
        *of_dispatch(lag),
        *of_workers(crew, unstarted[:_EACH]),
        *of_letters(groups[:_EACH]),
        *of_datasets(stuck[:_EACH], now=now),
        *[await _held(conn, job) for job in held[:_EACH]],
        *of_paused(paused[:_EACH]),
        *of_database(warnings),
    ]
    found = (groups, stuck, held, paused, unstarted)
    looked_at = max((group.looked_at for group in groups), default=0)
    return Attention(
        items=in_order(items),
        complete=looked_at < _LETTERS and all(len(one) <= _EACH for one in found),
    )


async def _held(conn: Connection, job: HeldJob) -> AttentionItem:
    return of_held(
        job,
        [hold_reason(one) for one in await holds(conn, job_id=job.job_id, limit=_REASONS)],
    )
