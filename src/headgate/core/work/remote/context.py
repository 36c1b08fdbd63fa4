"""The child half of a task's context."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec

from headgate.core.app import Event, Range, TaskInfo
from headgate.core.work.remote.functions import reference_to
from headgate.core.work.remote.line import Line
from headgate.core.work.remote.objects import RemoteObjects
from headgate.core.work.remote.requests import (
    Emit,
    EmitNow,
    Finished,
    Level,
    Log,
    Progress,
    Read,
    Record,
    Write,
)
from headgate.ports.object_store import ObjectStore

R = TypeVar("R")


class RemoteContext(Generic[R]):
    """A `TaskContext` whose doors are the parent's; see the contract there.

    Functions given to `read`, `record` and `write` must be public ones of the app's `store`. What
    `write` and `emit` are given is kept here until the operator returns, so that a fault in it,
    such as an unknown dataset, shows only then.
    """

    def __init__(
        self,
        line: Line,
        *,
        package: str,
        task: TaskInfo,
        events: Sequence[Event],
        now: datetime,
        resources: R,
    ) -> None:
        self._line = line
        self._package = package
        self._task = task
        self._events = events
        self._now = now
        self._resources = resources
        self._objects = RemoteObjects(line)
        self._steps: list[Write | Emit] = []

    @property
    def task(self) -> TaskInfo:
        return self._task

    @property
    def events(self) -> Sequence[Event]:
        return self._events

    @property
    def now(self) -> datetime:
        return self._now

    @property
    def objects(self) -> ObjectStore:
        return self._objects

    @property
    def resources(self) -> R:
        return self._resources

    @property
    def finished(self) -> Finished:
        """What waits for the completion."""
        return Finished(self._steps)

    async def read(self, fn: Callable[..., Awaitable[Any]], /, **kwargs: Any) -> Any:
        return await self._line.ask(Read(self._name(fn), self._line.values.pack(kwargs)))

    async def record(self, fn: Callable[..., Awaitable[Any]], /, **kwargs: Any) -> Any:
        return await self._line.ask(Record(self._name(fn), self._line.values.pack(kwargs)))

    def write(self, fn: Callable[..., Awaitable[Any]], /, **kwargs: Any) -> None:
        self._steps.append(Write(self._name(fn), self._line.values.pack(kwargs)))

    def emit(
        self,
        dataset: str,
        *,
        key: str | None = None,
        range: Range | None = None,  # noqa: A002
        payload: Any = None,
        version: str | None = None,
    ) -> None:
        packed = self._line.values.pack(payload)
        self._steps.append(Emit(dataset, key, range, packed, version))

    async def emit_now(
        self,
        dataset: str,
        *,
        key: str | None = None,
        range: Range | None = None,  # noqa: A002
        payload: Any = None,
    ) -> None:
        await self._line.ask(EmitNow(dataset, key, range, self._line.values.pack(payload)))

    async def progress(self, done: int, total: int, message: str = "") -> None:
        await self._line.ask(Progress(done, total, message))

    def log(self, message: str, /, *, level: str = "info", **fields: Any) -> None:
        self._line.tell(
            Log(message, msgspec.convert(level, Level), self._line.values.pack_shown(fields))
        )

    def _name(self, fn: Callable[..., Awaitable[Any]]) -> str:
        return reference_to(fn, package=self._package)
