"""Walking from task to task by the events between them."""

from collections.abc import Sequence

from headgate.core.database import Connection
from headgate.core.explain.covered import store
from headgate.core.explain.covered.model import CoveringTask, TracedEvent
from headgate.core.explain.lineage.model import Lineage, LineageTask, Read
from headgate.core.tasks.reading import find_task
from headgate.core.work.model import spans_of

_EVENTS = 10  # of each task
_TASKS = 20  # of each hop
_EVENTS_DOWN = 20  # of each hop: finding who covered one is the dearest look


async def lineage_of(conn: Connection, *, org_id: int, task_id: int, depth: int) -> Lineage:
    """Return the lineage of a task, `depth` hops up and down; raise `NotFound`."""
    await find_task(conn, org_id=org_id, task_id=task_id)
    walk = _Walk(conn, org_id)
    start = await walk.look([task_id], hop=0)
    above = start
    for hop in range(1, depth + 1):
        above = await walk.up(above, hop=hop)
    below = start
    for hop in range(1, depth + 1):
        below = await walk.down(below, hop=hop)
    walk.check_ends(above, below)
    tasks = sorted(walk.tasks.values(), key=lambda task: (task.hop, task.id))
    return Lineage(task_id, tasks, walk.reads, walk.complete)


class _Walk:
    """Looks at tasks hop by hop, at each one once."""

    def __init__(self, conn: Connection, org_id: int) -> None:
        self._conn = conn
        self._org_id = org_id
        self.tasks: dict[int, LineageTask] = {}
        self.reads: list[Read] = []
        self.complete = True

    async def up(self, tasks: Sequence[LineageTask], *, hop: int) -> Sequence[LineageTask]:
        """Look at the tasks that emitted what these ones cover."""
        reads = [
            Read(event.id, task.id)
            for task in tasks
            for event in task.inputs
            if event.producer_task is not None
        ]
        self.reads += [read for read in reads if read not in self.reads]
        return await self.look(_producers(tasks), hop=-hop)

    async def down(self, tasks: Sequence[LineageTask], *, hop: int) -> Sequence[LineageTask]:
        """Look at the tasks that cover what these ones emitted."""
        events = [event.id for task in tasks for event in task.outputs]
        if len(events) > _EVENTS_DOWN:
            self.complete = False
        covering = []
        if events:
            covering = await store.covering_tasks(
                self._conn, org_id=self._org_id, events=events[:_EVENTS_DOWN], limit=5 * _TASKS
            )
        reads = [Read(one.event_id, one.task_id) for one in covering]
        self.reads += [read for read in reads if read not in self.reads]
        return await self.look([one.task_id for one in covering], hop=hop)

    async def look(self, ids: Sequence[int], *, hop: int) -> Sequence[LineageTask]:
        """Take note of the tasks that are new; return those."""
        new = [one for one in dict.fromkeys(ids) if one not in self.tasks]
        if len(new) > _TASKS:
            self.complete = False
            new = new[:_TASKS]
        if not new:
            return []
        known = await store.covers(self._conn, org_id=self._org_id, task_ids=new)
        emitted = await store.emitted_events(
            self._conn, org_id=self._org_id, task_ids=new, limit=_EVENTS + 1
        )
        found = [
            await self._task(task, emitted.get(task.id, ()), hop=hop) for task in known.values()
        ]
        self.tasks |= {task.id: task for task in found}
        return found

    def check_ends(self, above: Sequence[LineageTask], below: Sequence[LineageTask]) -> None:
        """Take note of what would follow the last hops."""
        beyond = any(one not in self.tasks for one in _producers(above))
        if beyond or any(task.outputs for task in below):
            self.complete = False

    async def _task(
        self, task: CoveringTask, emitted: Sequence[TracedEvent], *, hop: int
    ) -> LineageTask:
        inputs = await store.covered_events(
            self._conn,
            org_id=self._org_id,
            spans=spans_of(task.job_id, task.evs, bulk=task.bulk),
            limit=_EVENTS,
        )
        return LineageTask(
            id=task.id,
            job=task.job,
            state=task.state,
            partition=task.partition,
            hop=hop,
            inputs=inputs,
            inputs_in_all=task.events,
            outputs=emitted[:_EVENTS],
            more_outputs=len(emitted) > _EVENTS,
        )


def _producers(tasks: Sequence[LineageTask]) -> list[int]:
    return [
        event.producer_task
        for task in tasks
        for event in task.inputs
        if event.producer_task is not None
    ]
