"""Walking from an event to the tasks that cover it, to the events that these emitted, and on."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from headgate.core.database import Connection
from headgate.core.explain.cascade import store
from headgate.core.explain.cascade.model import (
    MOST_NODES,
    Passed,
    ReachedTask,
    ReaderJob,
    Visit,
)
from headgate.core.explain.cascade.rules import concerns
from headgate.core.explain.places import Place

_EVENTS = 1000  # of each hop
_TASKS = 2000  # of each hop
_READERS = 200  # of each hop


class CascadeWalk:
    """Looks hop by hop, at each task once; `left_out` gathers why something is not in `visits`.

    `places` bound what belongs to the cascade: a task may emit more than what follows from it.
    """

    def __init__(
        self, conn: Connection, *, org_id: int, since: datetime, places: Mapping[str, Place]
    ) -> None:
        self._conn = conn
        self._org_id = org_id
        self._since = since
        self._places = places
        self._seen: set[int] = set()
        self.visits: list[Visit] = []
        self.emitted: list[Passed] = []
        self.left_out: dict[str, None] = {}  # an ordered set

    async def down(self, start: int, *, depth: int) -> None:
        """Walk from the event `start`."""
        front = await self._events([start])
        for hop in range(1, depth + 1):
            if not front:
                return
            front = await self._hop(front, hop)
        if front:
            self.left_out[f"What follows after hop {depth} was not looked at."] = None

    async def _events(self, ids: Sequence[int]) -> list[Passed]:
        return await store.passed_events(
            self._conn, org_id=self._org_id, events=ids, since=self._since
        )

    async def _hop(self, front: Sequence[Passed], hop: int) -> list[Passed]:
        readers = await self._readers(front)
        known = {reader.job_id: reader for reader in readers}
        rows = await store.reached_tasks(
            self._conn,
            org_id=self._org_id,
            events=[event.id for event in front],
            jobs=list(known),
            since=self._since,
            limit=_TASKS + 1,
        )
        if sum(row.task_id is not None for row in rows) > _TASKS:
            self.left_out[f"Hop {hop} has more than {_TASKS:,} tasks."] = None
        visits = {job_id: self._visit(reader, hop) for job_id, reader in known.items()}
        by_id = {event.id: event for event in front}
        for row in rows:
            self._take(row, visits[row.job_id], by_id)
        self._note_the_rest(front, readers, rows, visits)
        await self._note_backfills(front, visits)
        kept = [visit for visit in visits.values() if _has_anything(visit)]
        for visit in kept[: MOST_NODES - 1 - len(self.visits)]:
            visit.id = len(self.visits) + 1
            self.visits.append(visit)
        if any(not visit.id for visit in kept):
            self.left_out[f"There are more than {MOST_NODES} nodes."] = None
        return await self._follow([visit for visit in kept if visit.id])

    async def _readers(self, front: Sequence[Passed]) -> list[ReaderJob]:
        datasets = sorted({event.dataset_id for event in front})
        readers = await store.reader_jobs(
            self._conn, org_id=self._org_id, datasets=datasets, limit=_READERS + 1
        )
        if len(readers) > _READERS:
            self.left_out[f"More than {_READERS} jobs read the datasets of one hop."] = None
        return readers[:_READERS]

    def _visit(self, reader: ReaderJob, hop: int) -> Visit:
        return Visit(0, hop, reader.job_id, reader.job, reader.paused, reader.outputs)

    def _take(self, row: ReachedTask, visit: Visit, events: Mapping[int, Passed]) -> None:
        if row.task_id is None or row.state == "merged":
            return
        visit.parents |= {events[id_].node for id_ in row.events if id_ in events}
        if row.task_id not in self._seen:
            self._seen.add(row.task_id)
            visit.tasks[row.task_id] = row

    def _note_the_rest(
        self,
        front: Sequence[Passed],
        readers: Sequence[ReaderJob],
        rows: Sequence[ReachedTask],
        visits: Mapping[int, Visit],
    ) -> None:
        """Count events that are no tasks yet, and say where tasks may have been overlooked."""
        covered = {(row.job_id, id_) for row in rows for id_ in row.events}
        cut_off = {row.job_id for row in rows if row.cut_off}
        for job_id in {row.job_id for row in rows if row.wide}:
            name = visits[job_id].job
            self.left_out[f"Not all partitions of {name} were looked at: there are many."] = None
        for reader in readers:
            if reader.removed:
                continue
            visit = visits[reader.job_id]
            for event in front:
                mine = event.only_job in {None, reader.job_id}
                if event.dataset_id != reader.dataset_id or not mine:
                    continue
                if not event.routed:
                    visit.unrouted += 1
                    visit.parents.add(event.node)
                elif reader.job_id in cut_off and (reader.job_id, event.id) not in covered:
                    self.left_out[
                        f"{reader.job} has run so much since that some of its tasks may be missing."
                    ] = None

    async def _note_backfills(self, front: Sequence[Passed], visits: Mapping[int, Visit]) -> None:
        for left in await store.left_of_events(
            self._conn, jobs=list(visits), events=[event.id for event in front]
        ):
            visit = visits[left.job_id]
            visit.parents |= {event.node for event in front}
            if left.cancelled:
                visit.cancelled_left += left.units
            else:
                visit.left += left.units

    async def _follow(self, visits: Sequence[Visit]) -> list[Passed]:
        of_task = {task: visit for visit in visits for task in visit.tasks}
        if not of_task:
            return []
        ids = await store.emitted_ids(
            self._conn,
            org_id=self._org_id,
            tasks=list(of_task),
            since=self._since,
            limit=_EVENTS + 1,
        )
        if len(ids) > _EVENTS:
            self.left_out[f"The tasks of one hop emitted more than {_EVENTS:,} events."] = None
        found = []
        for event in await self._events(ids[:_EVENTS]):
            visit = of_task[event.task_id or 0]
            if concerns(event, self._places.get(event.dataset)):
                visit.emitted += 1
                found.append(replace(event, node=visit.id))
        self.emitted += found
        return found


def _has_anything(visit: Visit) -> bool:
    return bool(visit.tasks or visit.left or visit.cancelled_left or visit.unrouted)
