"""Cancelling, retrying and redriving. Each act wakes who waits for what it changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from headgate.core.access import Principal
from headgate.core.errors import Conflict, NotFound
from headgate.core.services import Services
from headgate.core.tasks import store
from headgate.core.tasks.model import Redriven, Task
from headgate.core.tasks.reading import find_task, resolve_job
from headgate.core.tasks.rules import no_cancel, retry_of

_BATCH = 5000  # dead letters in one transaction
_TRIES = 5  # a task that moves this often between pending and leased is tried again by people


@dataclass(frozen=True, slots=True)
class Redrive:
    """What a redrive of many found and moved."""

    matched: int
    redriven: int


async def cancel(services: Services, *, who: Principal, task_id: int) -> Task:
    """End a pending task, or ask the worker of a running one; return the task.

    Raises `NotFound`, and `Conflict` for a task that has ended.
    """
    said = {
        "code": "cancelled",
        "message": f"Cancelled by {who.name} before it started.",
        "fault": "state",
        "retry": False,
    }
    async with services.database.connection() as conn:
        for _ in range(_TRIES):
            ended = await store.cancel_pending(conn, org_id=who.org_id, task_id=task_id, error=said)
            if ended or await store.cancel_leased(conn, org_id=who.org_id, task_id=task_id):
                services.wake.signal("changed")
                services.wake.signal("emitted")
                return await find_task(conn, org_id=who.org_id, task_id=task_id)
            task = await find_task(conn, org_id=who.org_id, task_id=task_id)
            # It may have been claimed, or have failed and gone back, between the two statements.
            if task.state not in {"pending", "waiting", "running"}:
                raise no_cancel(task.state)
    raise Conflict("The task is changing hands.", hint="Try again.")


async def retry(services: Services, *, who: Principal, task_id: int) -> Task:
    """Run a waiting task now, redrive a dead one, run an ended one again; return the task.

    Raises `NotFound`, and `Conflict` when the task is not in a state to be retried or its job was
    removed.
    """
    async with services.database.transaction() as conn:
        await store.lock_ended(conn, org_id=who.org_id, task_id=task_id)
        task = await find_task(conn, org_id=who.org_id, task_id=task_id)
        match retry_of(task.state, dead_letter=task.dead_letter is not None):
            case "run_now":
                done = await store.run_now(conn, org_id=who.org_id, task_id=task_id)
                if not done:
                    raise Conflict("The task has just started.")
            case "redrive":
                letter = task.dead_letter or 0
                moved = await store.redrive(
                    conn, org_id=who.org_id, ids=[letter], job_id=None, last=letter, limit=1
                )
                if not moved:
                    raise _not_redriven(task.job)
            case "run_again":
                carrier = await store.run_again(conn, org_id=who.org_id, task_id=task_id)
                if carrier is None:
                    raise _removed(task.job)
            case other:
                assert_never(other)
        task = await find_task(conn, org_id=who.org_id, task_id=task_id)
    _signal(services)
    return task


async def redrive_one(services: Services, *, who: Principal, letter_id: int) -> Redriven:
    """Put one open dead letter back to work; raises `NotFound`, or `Conflict` if it is not open."""
    async with services.database.connection() as conn:
        moved = await store.redrive(
            conn, org_id=who.org_id, ids=[letter_id], job_id=None, last=letter_id, limit=1
        )
        if not moved:
            letter = await store.find_dead_letter(conn, org_id=who.org_id, id=letter_id)
            if letter is None:
                raise NotFound(f"There is no dead letter {letter_id}.")
            if letter.state != "open":
                raise Conflict(f"The dead letter is not open: it is {letter.state}.")
            raise _not_redriven(letter.job)
    _signal(services)
    return moved[0]


async def redrive_many(
    services: Services,
    *,
    who: Principal,
    ids: Sequence[int] | None = None,
    job: str | None = None,
    dry_run: bool,
) -> Redrive:
    """Put the open dead letters back to work that are in `ids` and of `job`; None means any.

    Those that die while this runs are left alone, and so are those of removed jobs. A second call
    finds nothing of what the first one moved.
    """
    async with services.database.connection() as conn:
        job_id = await resolve_job(conn, org_id=who.org_id, job=job)
        matched, last = await store.count_redrivable(
            conn, org_id=who.org_id, ids=ids, job_id=job_id
        )
        if dry_run:
            return Redrive(matched, 0)
        count = 0
        while moved := await store.redrive(
            conn, org_id=who.org_id, ids=ids, job_id=job_id, last=last, limit=_BATCH
        ):
            count += len(moved)
            _signal(services)
    return Redrive(matched, count)


def _signal(services: Services) -> None:
    services.wake.signal("routed")
    services.wake.signal("changed")


def _removed(job: str) -> Conflict:
    return Conflict(
        f"The job {job} was removed, so nothing would run this task.",
        hint="Deploy a DAG that has the job again.",
    )


def _not_redriven(job: str) -> Conflict:
    return Conflict(
        f"The dead letter cannot be redriven: the job {job} was removed, or another redrive took"
        " it just now.",
        hint="Deploy a DAG that has the job again, or look where the task is now.",
    )
