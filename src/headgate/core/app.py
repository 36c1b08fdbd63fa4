"""What an application hands to the core: operators, settings and resources, under one name."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

from headgate.ports.object_store import ObjectStore

if TYPE_CHECKING:
    from fastapi import APIRouter

    from headgate.core.services import Services

Kind = Literal["update", "invalidate"]
Range = tuple[int, int]  # half-open: first, one past the last


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the event log, as the operator that handles it sees it.

    Equal `version`s of a key or range mean equal data.
    """

    id: int
    dataset: str
    kind: Kind
    key: str | None
    range: Range | None
    payload: Any
    at: datetime
    version: str | None = None


@dataclass(frozen=True, slots=True)
class TaskInfo:
    """The attempt that is running.

    `partition` is the text key or the partition number of a `PerPartition` job, else None.
    `ranges` are what the task covers of its inputs, in the coordinates of its own output.
    `covered` is how many events this task answers. `invalidated` is the part of `ranges` that was
    made before and is to be made anew. `whole`: the task concerns all that the job makes, and
    `ranges` is empty.
    """

    id: int
    token: int
    org_id: int
    job: str
    attempt: int
    partition: str | None
    ranges: Sequence[Range]
    covered: int
    deadline: datetime
    params: Mapping[str, Any]
    trace: str | None = None
    invalidated: Sequence[Range] = ()
    whole: bool = False


R_co = TypeVar("R_co", covariant=True)


class TaskContext(Protocol[R_co]):
    """All that an operator may touch while it runs: the only doors out.

    What `write` and `emit` are given takes effect in the transaction that completes the task, and
    only if its lease still holds: an attempt that lost its lease changes nothing. Functions given
    to `read`, `record` and `write` live in the app's `store` module, take a connection first and
    keyword arguments after it, and must not commit.
    """

    @property
    def task(self) -> TaskInfo: ...
    @property
    def events(self) -> Sequence[Event]:
        """The covered events in the order of the log (empty for events that are bare ranges)."""
        ...

    @property
    def now(self) -> datetime:
        """When this attempt was claimed, by the clock of the database."""
        ...

    @property
    def objects(self) -> ObjectStore: ...
    @property
    def resources(self) -> R_co:
        """What the app's `resources` function built in this process."""
        ...

    async def read(self, fn: Callable[..., Awaitable[Any]], /, **kwargs: Any) -> Any:
        """Return `await fn(conn, **kwargs)` on a read-only connection."""
        ...

    async def record(self, fn: Callable[..., Awaitable[Any]], /, **kwargs: Any) -> Any:
        """Run `fn` in a transaction of its own that commits now, whatever becomes of the task.

        For intents that must survive a crash ("about to call the provider"), not for results.
        """
        ...

    def write(self, fn: Callable[..., Awaitable[Any]], /, **kwargs: Any) -> None:
        """Run `fn` in the completing transaction."""
        ...

    def emit(
        self,
        dataset: str,
        *,
        key: str | None = None,
        range: Range | None = None,  # noqa: A002
        payload: Any = None,
        version: str | None = None,
    ) -> None:
        """Emit one event with the completion; the dataset must be an output of the job.

        Give the data's `version` (a content hash, say) to spare jobs with `memo` what they have
        done before. What a `replace` job makes of an invalidated input is told as invalidated.
        """
        ...

    async def emit_now(
        self,
        dataset: str,
        *,
        key: str | None = None,
        range: Range | None = None,  # noqa: A002
        payload: Any = None,
    ) -> None:
        """Emit in mid-task. A retry that emits again in the same order adds nothing."""
        ...

    async def progress(self, done: int, total: int, message: str = "") -> None:
        """Tell watchers how far this attempt is."""
        ...

    def log(self, message: str, /, *, level: str = "info", **fields: Any) -> None:
        """Write one structured line to the task's log."""
        ...


Run = Callable[[TaskContext[Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Operator:
    """A named async function; `module` lets another process import it.

    One that does not read its events gets none, which saves loading them.
    """

    name: str
    run: Run
    module: str
    summary: str
    reads_events: bool = True


def operator(run: Run) -> Operator:
    """Turn an async function into an `Operator` named after it; a decorator."""
    summary = (run.__doc__ or "").strip().partition("\n")[0]
    return Operator(
        name=run.__name__,
        run=run,
        module=run.__module__,
        summary=summary,
    )


def without_events(made: Operator) -> Operator:
    """Say that an operator does not read `ctx.events`; a decorator above `operator`."""
    return replace(made, reads_events=False)


def operators_in(module: ModuleType) -> tuple[Operator, ...]:
    """Return the operators a module defines, in source order."""
    return tuple(v for v in vars(module).values() if isinstance(v, Operator))


def _nothing(_settings: Any) -> None:
    return None


@dataclass(frozen=True, slots=True)
class App:
    """An application. Its operators are known as `<name>.<operator>`, its folder holds `dag.yaml`.

    `resources` builds what operators share (adapters, caches) from the app's settings, once in
    each process that runs them. `routes` makes the app's HTTP routes, mounted at `/api/v1/<name>`.
    """

    name: str
    package: str
    operators: tuple[Operator, ...]
    resources: Callable[[Any], Any] = _nothing
    routes: "Callable[[Services], APIRouter] | None" = None
