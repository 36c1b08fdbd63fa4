"""Looking up why a task is as it is."""

from collections.abc import Sequence

from headgate.core.database import Connection
from headgate.core.dispatch.store import FANOUT
from headgate.core.errors import NotFound
from headgate.core.explain.covered.store import covered_events
from headgate.core.explain.dataset.model import DatasetWhy
from headgate.core.explain.dataset.reading import why_dataset
from headgate.core.explain.dataset.store import readings
from headgate.core.explain.reasons import Reason
from headgate.core.explain.task import store
from headgate.core.explain.task.endings import endings
from headgate.core.explain.task.model import TaskFacts, TaskWhy
from headgate.core.explain.task.rules import causes, summary_text
from headgate.core.explain.waiting.reading import waits_of
from headgate.core.tasks.reading import find_task
from headgate.core.work.model import spans_of

_EVENTS = 20
_ENDS = 50
_FOLDED = 10
_UPSTREAM = 3


async def why_task(conn: Connection, *, org_id: int, task_id: int) -> TaskWhy:
    """Explain a task, or raise `NotFound`."""
    found = await find_task(conn, org_id=org_id, task_id=task_id)
    task = await store.task_facts(conn, org_id=org_id, task_id=task_id)
    if task is None:
        raise NotFound(f"Task {task_id} has just been forgotten.")
    spans = spans_of(task.job_id, task.evs, bulk=task.ckey == "b")
    events = await covered_events(conn, org_id=org_id, spans=spans, limit=_EVENTS)
    ends = await store.ends_of(conn, org_id=org_id, task_id=task_id, limit=_ENDS)
    waits = await waits_of(conn, org_id=org_id, task_id=task_id)
    ended = endings(task, found.state, ends=ends, superseded_by=await _superseding(conn, task))
    return TaskWhy(
        task_id=task_id,
        job=task.job,
        state=found.state,
        summary=summary_text(task, found.state, waits=waits, ends=ended),
        causes=causes(
            task,
            events=events,
            covered=task.n,
            inputs=await readings(conn, job_id=task.job_id),
            fanout=FANOUT,
            ends=ends,
            folded=await store.folded_tasks(conn, org_id=org_id, task_id=task_id, limit=_FOLDED),
        ),
        waits=waits,
        upstream=await _upstream(conn, org_id, waits),
        ends=ended,
        events=events,
    )


async def _superseding(conn: Connection, task: TaskFacts) -> int | None:
    if task.letter_state != "superseded" or task.resolved_at is None:
        return None
    return await store.superseding_task(
        conn, job_id=task.job_id, task_id=task.task_id, resolved_at=task.resolved_at
    )


async def _upstream(conn: Connection, org_id: int, waits: Sequence[Reason]) -> Sequence[DatasetWhy]:
    """Explain the first stale inputs that a task waits for."""
    names = [
        subject.name
        for reason in waits
        if reason.code == "stale_input"
        for subject in reason.about
        if subject.kind == "dataset"
    ]
    return [
        await why_dataset(conn, org_id=org_id, name=name)
        for name in list(dict.fromkeys(names))[:_UPSTREAM]
    ]
