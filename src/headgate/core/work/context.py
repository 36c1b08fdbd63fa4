"""The doors of one running task, in the worker's own process."""

import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from headgate.core.app import Event, Range, TaskInfo
from headgate.core.clock import Clock
from headgate.core.database import Connection, Database
from headgate.core.errors import HeadgateError, InvalidInput
from headgate.core.events import store as event_store
from headgate.core.events.model import NewEvent
from headgate.core.events.rules import problems_of
from headgate.core.wake import Wake
from headgate.core.work import store
from headgate.core.work.model import Job, Lease
from headgate.core.work.rules import split_range
from headgate.ports.object_store import ObjectStore

_log = logging.getLogger("headgate.task")

Write = Callable[[Connection], Awaitable[Any]]


class LeaseLost(HeadgateError):
    """Another worker owns this task now, so this attempt must change nothing."""

    code = "lease_lost"
    status = 409


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all tasks of a worker share."""

    database: Database
    objects: ObjectStore
    wake: Wake
    clock: Clock
    add_log: Callable[[store.LogLine], None]


class LocalContext:
    """A `TaskContext` over the worker's own connections; see the contract there."""

    __slots__ = ("_around", "_events", "_info", "_job", "_lease", "_resources", "_told", "_trace",
                 "emitted", "writes")  # fmt: skip

    def __init__(
        self,
        *,
        lease: Lease,
        job: Job,
        events: Sequence[Event],
        trace: str | None,
        resources: Any,
        around: Surroundings,
    ) -> None:
        self._lease = lease
        self._job = job
        self._events = events
        self._trace = trace
        self._resources = resources
        self._around = around
        self._info: TaskInfo | None = None
        self._told = 0
        self.emitted: list[NewEvent] = []
        self.writes: list[Write] = []

    @property
    def task(self) -> TaskInfo:
        if self._info is None:
            lease, job = self._lease, self._job
            self._info = TaskInfo(
                id=lease.task_id,
                token=lease.token,
                org_id=job.org_id,
                job=job.name,
                attempt=lease.attempt,
                partition=lease.partition,
                ranges=lease.ranges,
                covered=lease.n,
                deadline=lease.deadline_at,
                params=job.params,
                trace=self._trace,
                invalidated=lease.invalidated,
                whole=lease.whole,
            )
        return self._info

    @property
    def events(self) -> Sequence[Event]:
        return self._events

    @property
    def now(self) -> datetime:
        return self._lease.leased_at

    @property
    def objects(self) -> ObjectStore:
        return self._around.objects

    @property
    def resources(self) -> Any:
        return self._resources

    async def read(self, fn: Callable[..., Awaitable[Any]], /, **kwargs: Any) -> Any:
        async with self._around.database.transaction(read_only=True) as conn:
            return await fn(conn, **kwargs)

    async def record(self, fn: Callable[..., Awaitable[Any]], /, **kwargs: Any) -> Any:
        async with self._around.database.transaction() as conn:
            await self._hold(conn)
            return await fn(conn, **kwargs)

    def write(self, fn: Callable[..., Awaitable[Any]], /, **kwargs: Any) -> None:
        self.writes.append(partial(fn, **kwargs))

    def emit(
        self,
        dataset: str,
        *,
        key: str | None = None,
        range: Range | None = None,  # noqa: A002
        payload: Any = None,
        version: str | None = None,
    ) -> None:
        event = self._new(dataset, key=key, range_=range, payload=payload)
        self.emitted.append(replace(event, version=version))

    async def emit_now(
        self,
        dataset: str,
        *,
        key: str | None = None,
        range: Range | None = None,  # noqa: A002
        payload: Any = None,
    ) -> None:
        # The n-th mid-task event of a task has the same key in each attempt, unless events were
        # merged into the task since: what is told of them must not be taken for a repetition.
        event = self._new(dataset, key=key, range_=range, payload=payload, idem=str(self._told))
        self._told += 1
        async with self._around.database.transaction() as conn:
            await self._hold(conn)
            await event_store.emit(
                conn,
                org_id=self._job.org_id,
                events=[event],
                scope=f"task:{self._lease.task_id}:{self._lease.n}",
                producer_task=self._lease.task_id,
            )
        self._around.wake.signal("emitted")

    async def progress(self, done: int, total: int, message: str = "") -> None:
        async with self._around.database.connection() as conn:
            held = await store.set_progress(
                conn,
                task_id=self._lease.task_id,
                token=self._lease.token,
                progress={"done": done, "total": total, "message": message},
            )
        if not held:
            raise LeaseLost("This attempt lost its lease; another one carries on.")

    def log(self, message: str, /, *, level: str = "info", **fields: Any) -> None:
        lease = self._lease
        now = self._around.clock()
        line = (self._job.org_id, lease.task_id, lease.attempt, now, level, message)
        self._around.add_log((*line, json.dumps(fields, default=str)))
        extra = {"task_id": lease.task_id, "job": self._job.name, "trace": self._trace, **fields}
        _log.log(logging.getLevelName(level.upper()), message, extra={"fields": extra})

    @property
    def has_trace(self) -> bool:
        return self._trace is not None

    def outcome_events(self) -> Sequence[NewEvent]:
        """Return what the completion emits.

        That is what the operator emitted, and for each range output that it left alone the ranges
        of the task; as invalidated where the task made anew what a `replace` job had made before.
        """
        if not self._job.outputs:
            return self.emitted
        told = {event.dataset_id for event in self.emitted}
        silent = [
            NewEvent(dataset_id=output.dataset_id, range=span, trace=self._trace)
            for output in self._job.outputs.values()
            if output.partitioning == "range" and output.dataset_id not in told
            for span in self._lease.ranges
        ]
        if not self._job.replaces or self._lease.inval == "{}":
            return self.emitted + silent
        return [split for event in self.emitted + silent for split in self._by_kind(event)]

    def _by_kind(self, event: NewEvent) -> Sequence[NewEvent]:
        """Split an event of a range into what was invalidated and what is new."""
        if event.range is None or self._lease.inval == "{(,)}":
            return [replace(event, kind="invalidate")]
        if event.payload is not None:  # it tells of the whole range, and must not be told twice
            kinds = {invalid for _, invalid in split_range(event.range, self._lease.invalidated)}
            return [replace(event, kind="invalidate" if True in kinds else "update")]
        return [
            replace(event, kind="invalidate" if invalid else "update", range=span)
            for span, invalid in split_range(event.range, self._lease.invalidated)
        ]

    async def _hold(self, conn: Connection) -> None:
        if not await store.hold_lease(conn, task_id=self._lease.task_id, token=self._lease.token):
            raise LeaseLost("This attempt lost its lease; another one carries on.")

    def _new(
        self,
        dataset: str,
        *,
        key: str | None,
        range_: Range | None,
        payload: Any,
        idem: str | None = None,
    ) -> NewEvent:
        output = self._job.outputs.get(dataset)
        if output is None:
            raise InvalidInput(
                f"{self._job.name} does not produce {dataset}.",
                hint="Add it to the job's `outputs` in the DAG and deploy.",
            )
        if faults := problems_of(
            "",
            partitioning=output.partitioning,
            key=key,
            range=range_,
            payload=payload,
            columns=output.columns,
        ):
            raise InvalidInput(f"An event for {dataset} is not acceptable.", problems=faults)
        return NewEvent(
            dataset_id=output.dataset_id,
            key=key,
            range=range_,
            payload=payload,
            idem_key=idem,
            trace=self._trace,
        )
