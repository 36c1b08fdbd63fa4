"""Whether a task would only repeat the last success of its key."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headgate.core.app import Event
from headgate.core.database import Database
from headgate.core.work import store
from headgate.core.work.model import Job, Lease, Outcome, Result


@dataclass(frozen=True, slots=True)
class Memo:
    """What a task is made from, and the task that was made from the same, if one was."""

    made_from: str
    repeats: int | None


def memo_hash(job: Job, lease: Lease, events: Sequence[Event], *, code: str) -> str | None:
    """Return what stands for all that a task's output is made from; None where that is unknown.

    Known are only inputs whose events have a version; of several for one key or range the last
    counts. `code` stands for the operator's program, "" is an unknown one.
    """
    if not code or len(events) < lease.n or any(event.version is None for event in events):
        return None
    last = {(e.dataset, e.key, e.range): e.version for e in sorted(events, key=lambda e: e.id)}
    parts = [job.operator, code, job.params, lease.ckey, lease.rngs, sorted(last.items(), key=str)]
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


async def memos_of(
    database: Database,
    leases: Sequence[Lease],
    *,
    jobs: Mapping[int, Job],
    events: Mapping[int, Sequence[Event]],
    codes: Mapping[str, str],
) -> dict[int, Memo]:
    """Return, by task, the memo of each lease whose inputs are known.

    `events` are by task, `codes` by operator.
    """
    hashes = {}
    for lease in leases:
        job = jobs[lease.job_id]
        covered = events.get(lease.task_id, ())
        if made_from := memo_hash(job, lease, covered, code=codes[job.operator]):
            hashes[lease.task_id] = (lease.job_id, lease.ckey), made_from
    if not hashes:
        return {}
    async with database.connection() as conn:
        known = await store.memos(conn, keys=[key for key, _ in hashes.values()])
    return {
        task: Memo(made_from, known[key][1] if known.get(key, ("",))[0] == made_from else None)
        for task, (key, made_from) in hashes.items()
    }


def skipped(lease: Lease, memo: Memo) -> Result:
    """Return the success of a task that need not run."""
    why = f"Not run: task {memo.repeats} was made of the same inputs by the same code."
    said = {"code": "memo", "message": why, "task_id": memo.repeats}
    return Result(lease.task_id, lease.token, Outcome.SKIPPED, said)
