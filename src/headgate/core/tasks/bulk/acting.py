"""Acting on the next tasks of an act that is under way."""

from collections.abc import Sequence
from datetime import datetime

from headgate.core.database import Connection
from headgate.core.services import Services
from headgate.core.tasks import store as tasks
from headgate.core.tasks.bulk import store
from headgate.core.tasks.bulk.model import ActCourse, Acted
from headgate.core.tasks.bulk.rules import (
    gone_on,
    is_meant,
    of_way,
    pause_of,
    read,
    told,
    written,
)
from headgate.core.tasks.carrying import Operation, State, Step, carry
from headgate.core.tasks.letters import store as letters
from headgate.core.tasks.letters.model import LetterFilter
from headgate.core.tasks.letters.rules import batch_of
from headgate.core.tasks.listing.model import TaskFilter
from headgate.core.tasks.listing.walk import list_matching
from headgate.core.tasks.model import Task
from headgate.core.tasks.rules import cancelled_by

_REMOVED = "Its job was removed. Deploy a DAG that has it again."


async def act_on_slice(services: Services) -> float:
    """Act on the next tasks of the act that is due first; return the seconds to pause then."""
    return await carry(services, due=store.next_act, step=_act)


async def _act(conn: Connection, operation: Operation, now: datetime) -> Step | float:
    course = read(operation["result"])
    state: State = "cancelled"
    if not operation["cancel_requested"]:
        if pause := pause_of(course, now=now):
            return pause
        course = await _slice(conn, course, operation, now)
        state = "succeeded" if of_way(course) is None else "running"
    total = max(operation["total"], course.acted)
    return Step(
        state=state,
        done=course.acted,
        total=total,
        message=told(course, total=total, state=state),
        result=written(course),
        problems=course.problems,
    )


async def _slice(
    conn: Connection, course: ActCourse, operation: Operation, now: datetime
) -> ActCourse:
    """Act on as many tasks as are due; those that were in somebody's hand come first."""
    org_id, wanted, most = operation["org_id"], of_way(course), batch_of(course.rate)
    if wanted is None or not wanted.states:
        return gone_on(course, acted=0, in_hand=(), passed=0, refused={}, resume=None, now=now)
    again = await _again(conn, org_id, wanted, course.in_hand)
    room = max(0, most - len(again))
    resume: int | None = course.after
    found: list[Task] = list(again)
    if room and course.after < course.last:
        part = await list_matching(
            conn,
            org_id=org_id,
            wanted=wanted,
            order="oldest",
            after=course.after,
            below=course.last + 1,
            limit=room,
        )
        found, resume = [*found, *part.tasks], part.resume
    elif course.after >= course.last:
        resume = None
    meant = [task for task in found if is_meant(task, course)]
    acted = await _do(conn, org_id, course, meant, actor=operation["actor"])
    known = {*acted.done, *acted.refused, *acted.unfit}
    rest = [task.id for task in meant if task.id not in known]
    in_hand = [task.id for task in await _again(conn, org_id, wanted, rest)]
    looked_at = len(found) + len(course.in_hand) - len(again)
    return gone_on(
        course,
        acted=len(acted.done),
        in_hand=in_hand,
        passed=looked_at - len(acted.done) - len(in_hand),
        refused=dict.fromkeys(sorted(acted.refused), _REMOVED),
        resume=resume,
        now=now,
    )


async def _again(
    conn: Connection, org_id: int, wanted: TaskFilter, ids: Sequence[int]
) -> Sequence[Task]:
    """Return those of `ids` that are wanted still."""
    if not ids:
        return ()
    some = TaskFilter(states=wanted.states, ids=ids)
    found = await list_matching(conn, org_id=org_id, wanted=some, order="oldest", limit=len(ids))
    return found.tasks


async def _do(
    conn: Connection, org_id: int, course: ActCourse, meant: Sequence[Task], *, actor: str
) -> Acted:
    ids = [task.id for task in meant]
    if not ids:
        return Acted(())
    if course.action == "cancel":
        return await _cancel(conn, org_id, ids, actor=actor)
    match meant[0].state:
        case "dead":
            return await _redrive(conn, org_id, meant)
        case "waiting":
            held = await store.hold_pending(conn, org_id=org_id, task_ids=ids)
            return Acted(await tasks.run_now(conn, org_id=org_id, task_ids=held))
        case _:
            await tasks.lock_ended(conn, org_id=org_id, task_ids=ids)
            moved = await tasks.run_ended(conn, org_id=org_id, task_ids=ids)
            return Acted(moved, set(ids) - set(moved))


async def _cancel(conn: Connection, org_id: int, ids: Sequence[int], *, actor: str) -> Acted:
    held = await store.hold_pending(conn, org_id=org_id, task_ids=ids)
    ended = await tasks.cancel_pending(
        conn, org_id=org_id, task_ids=held, error=cancelled_by(actor)
    )
    leased = await store.hold_leased(conn, org_id=org_id, task_ids=ids)
    asked = await tasks.cancel_leased(conn, org_id=org_id, task_ids=leased)
    return Acted({*ended, *asked})


async def _redrive(conn: Connection, org_id: int, dead: Sequence[Task]) -> Acted:
    """Redrive by the open letters. Who set one aside, or has it superseded, wants it to rest."""
    of_letter = {task.dead_letter: task.id for task in dead if task.dead_letter is not None}
    unfit = [task.id for task in dead if task.dead_letter is None]
    if not of_letter:
        return Acted((), unfit=unfit)
    moved = await letters.redrive(
        conn,
        org_id=org_id,
        chosen=LetterFilter(ids=sorted(of_letter)),
        last=max(of_letter),
        limit=len(of_letter),
    )
    done = {of_letter[one.dead_letter] for one in moved}
    return Acted(done, set(of_letter.values()) - done, unfit)
