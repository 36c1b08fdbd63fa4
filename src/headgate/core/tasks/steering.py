"""Cancelling, retrying and redriving one. Each act wakes who waits for what it changed."""

from typing import assert_never

from headgate.core.access import Principal
from headgate.core.database import Connection
from headgate.core.errors import Conflict
from headgate.core.services import Services
from headgate.core.tasks import store
from headgate.core.tasks.letters import store as letters
from headgate.core.tasks.letters.model import LetterFilter
from headgate.core.tasks.letters.rules import check_open, no_letter, not_redriven
from headgate.core.tasks.model import Redriven, Task
from headgate.core.tasks.reading import find_task
from headgate.core.tasks.rules import cancelled_by, no_cancel, retry_of

_TRIES = 5  # a task that moves this often between pending and leased is tried again by people


async def cancel(services: Services, *, who: Principal, task_id: int) -> Task:
    """End a pending task, or ask the worker of a running one; return the task.

    Raises `NotFound`, and `Conflict` for a task that has ended.
    """
    said = cancelled_by(who.name)
    async with services.database.connection() as conn:
        for _ in range(_TRIES):
            ended = await store.cancel_pending(
                conn, org_id=who.org_id, task_ids=[task_id], error=said
            )
            if ended or await store.cancel_leased(conn, org_id=who.org_id, task_ids=[task_id]):
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
        await store.lock_ended(conn, org_id=who.org_id, task_ids=[task_id])
        task = await find_task(conn, org_id=who.org_id, task_id=task_id)
        match retry_of(task.state):
            case "run_now":
                done = await store.run_now(conn, org_id=who.org_id, task_ids=[task_id])
                if not done:
                    raise Conflict("The task has just started.")
            case "redrive":
                await _revive(conn, who=who, task=task)
            case "run_again":
                await _run_again(conn, who=who, task=task)
            case other:
                assert_never(other)
        task = await find_task(conn, org_id=who.org_id, task_id=task_id)
    _signal(services)
    return task


async def redrive_one(services: Services, *, who: Principal, letter_id: int) -> Redriven:
    """Put one open dead letter back to work; raises `NotFound`, or `Conflict` if it is not open."""
    async with services.database.connection() as conn:
        moved = await _redrive(conn, who=who, letter_id=letter_id)
        if moved is None:
            letter = await store.find_dead_letter(conn, org_id=who.org_id, id=letter_id)
            if letter is None:
                raise no_letter(letter_id)
            check_open(letter_id, letter.state)
            raise not_redriven(letter.job)
    _signal(services)
    return moved


async def _revive(conn: Connection, *, who: Principal, task: Task) -> None:
    """Put a dead task back to work by its letter, or by its history if no letter is kept."""
    letter_id = await letters.open_of_task(conn, org_id=who.org_id, task_id=task.id)
    if letter_id is None:
        await _run_again(conn, who=who, task=task)
    elif await _redrive(conn, who=who, letter_id=letter_id) is None:
        raise not_redriven(task.job)


async def _redrive(conn: Connection, *, who: Principal, letter_id: int) -> Redriven | None:
    chosen, after = LetterFilter(ids=[letter_id]), letter_id - 1
    moved = await letters.redrive(
        conn, org_id=who.org_id, chosen=chosen, after=after, last=letter_id, limit=1
    )
    return moved[0] if moved else None


async def _run_again(conn: Connection, *, who: Principal, task: Task) -> None:
    if await store.run_again(conn, org_id=who.org_id, task_id=task.id) is None:
        raise Conflict(
            f"The task cannot be run again: the job {task.job} was removed, or the task moved just"
            " now.",
            hint="Deploy a DAG that has the job again, or look where the task is now.",
        )


def _signal(services: Services) -> None:
    services.wake.signal("routed")
    services.wake.signal("changed")
