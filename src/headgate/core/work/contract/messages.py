"""What workers and the server say to each other: the types of the contract, as on the wire.

Ranges are half-open pairs, times RFC 3339 in UTC, spans of time in the unit that their name ends
with. A worker refuses nothing unknown in an answer; the server refuses it in a request.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Raw, Struct

from headgate.core.app import Kind, Range
from headgate.core.errors import Fault

MAX_CLAIM = 200
MAX_WAIT_MS = 30_000
MAX_DELAY_MS = 2**31 - 1  # 24 days
_MAX_INT4 = 2**31 - 1
_MAX_INT8 = 2**63 - 1

Outcome = Literal["ok", "retry", "fail", "cancel", "snooze"]
Became = Literal["ok", "retry", "lost", "dead", "cancelled", "snoozed", "skipped"]

_Name = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
_Token = Annotated[str, Meta(min_length=1, max_length=1000)]
_Session = Annotated[int, Meta(ge=1, le=_MAX_INT8, description="The session's id.")]
_Count = Annotated[int, Meta(ge=0, le=_MAX_INT8)]
_Trace = Annotated[
    Annotated[str, Meta(pattern=r"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")] | None,
    Meta(description="The task's `trace`, for the events that it emits."),
]


class _Asked(Struct, frozen=True, forbid_unknown_fields=True):
    pass


class OpenSession(_Asked, frozen=True):
    """A worker that begins: its name for people, what it can run, how many tasks at once."""

    worker: _Name
    operators: Annotated[Sequence[_Name], Meta(min_length=1, max_length=50)]
    capacity: Annotated[int, Meta(ge=1, le=10_000)] = 1


class WorkSession(Struct, frozen=True):
    """An open session. Its leases are lost when nothing is heard of it for `lease_seconds`."""

    session: int
    session_token: Annotated[str, Meta(description="Shown as `Authorization: Bearer`.")]
    lease_seconds: float


class Claim(_Asked, frozen=True):
    """A wish for tasks: of these jobs, or for these operators, or for all of the session's."""

    session: _Session
    capacity: Annotated[
        int, Meta(ge=1, le=MAX_CLAIM, description="How many tasks the answer may hold.")
    ]
    jobs: Annotated[Sequence[_Name] | None, Meta(description="By full name: `<dag>.<job>`.")] = None
    operators: Annotated[
        Sequence[_Name] | None, Meta(description="Some of the session's operators.")
    ] = None
    wait_ms: Annotated[
        int,
        Meta(ge=0, le=MAX_WAIT_MS, description="How long to wait for the first task, at most."),
    ] = 0
    known: Annotated[
        Annotated[Sequence[_Token], Meta(max_length=1000)] | None,
        Meta(
            description="The tokens of all tasks that the worker holds. What is leased to the"
            " session besides is given again: an answer was lost on its way."
        ),
    ] = None


class InputEvent(Struct, frozen=True):
    """An event that a task covers."""

    id: int
    dataset: str
    kind: Kind
    key: str | None
    range: Range | None
    payload: Raw
    at: datetime
    version: Annotated[str | None, Meta(description="Equal versions are equal data.")]


class OutputDataset(Struct, frozen=True):
    """A dataset to which the task may emit: by text `key`, or by `range`."""

    dataset: str
    partitioning: Literal["key", "range"]


class ClaimedTask(Struct, frozen=True):
    """A leased task, the worker's to complete until `deadline_at`."""

    task_id: int
    token: Annotated[str, Meta(description="What this task's calls show.")]
    attempt: int
    job: str
    operator: str
    deployment: Annotated[int, Meta(description="The id of the job's deployment.")]
    partition: Annotated[
        str | None, Meta(description="The text key or part number of a `PerPartition` job.")
    ]
    ranges: Annotated[
        Sequence[Range], Meta(description="What it covers, in the coordinates of its output.")
    ]
    whole: Annotated[bool, Meta(description="It covers everything; `ranges` is empty.")]
    invalidated: Annotated[
        Sequence[Range], Meta(description="The part of `ranges` that was right once and is not.")
    ]
    events: Annotated[
        Sequence[InputEvent],
        Meta(
            description="The covered events in the order of the log, up to 192 KiB of payload; none"
            " for events that are bare ranges."
        ),
    ]
    inputs_after: Annotated[
        int | None,
        Meta(description="If there are more events: `after` of the next call for inputs."),
    ]
    params: Mapping[str, Any]
    deadline_at: datetime
    trace: Annotated[str | None, Meta(description="A W3C `traceparent`.")]
    outputs: Sequence[OutputDataset]


class TaskProgress(_Asked, frozen=True):
    """How far an attempt is, for people who watch."""

    token: _Token
    done: _Count
    total: _Count
    message: Annotated[str, Meta(max_length=1000)] = ""


class Heartbeat(_Asked, frozen=True):
    """A sign of life: keeps all leases of the session."""

    session: _Session
    progress: Annotated[Sequence[TaskProgress], Meta(max_length=1000)] = ()


class Orders(Struct, frozen=True):
    """What the worker is to do. The lists hold tokens of tasks to stop."""

    cancel: Annotated[
        Sequence[str], Meta(description="Somebody cancelled these: complete them with `cancel`.")
    ]
    restart: Annotated[
        Sequence[str], Meta(description="Their input changed: complete them with `snooze`.")
    ]
    lost: Annotated[
        Sequence[str], Meta(description="Of those in `progress`: others have them. Drop them.")
    ]
    drain: Annotated[
        bool,
        Meta(description="Claim no more: finish, end this session, and open another if you go on."),
    ]


class TaskEvent(_Asked, frozen=True):
    """An event to emit: for an output by text a `key` (or none), for one by ranges a `range`."""

    dataset: Annotated[str, Meta(max_length=200)]
    key: str | None = None
    range: Annotated[
        Annotated[Sequence[int], Meta(min_length=2, max_length=2)] | None,
        Meta(description="The first, and one past the last."),
    ] = None
    payload: Annotated[Any, Meta(description="Any JSON of at most 192 KiB.")] = None
    version: Annotated[
        Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00]+$")] | None,
        Meta(description="Of the data it tells of, such as a hash: equal ones are equal data."),
    ] = None
    idem_key: Annotated[
        Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^[^\x00]+$")] | None,
        Meta(description="The same one again, in any attempt of the task, makes no second event."),
    ] = None


class EmitEvents(_Asked, frozen=True):
    """Events of a task that still runs."""

    token: _Token
    events: Annotated[Sequence[TaskEvent], Meta(min_length=1, max_length=1000)]
    first: Annotated[
        _Count | None,
        Meta(
            description="How many mid-task events this attempt emitted before these: 0, then `next`"
            " of the answer before. Makes the keys of events without an `idem_key`, so that neither"
            " a call that is sent again nor a later attempt that emits in the same order makes them"
            " twice."
        ),
    ] = None
    trace: _Trace = None


class EventsEmitted(Struct, frozen=True):
    """How many events are new, and `first` of the next call."""

    emitted: int
    next: int


class ReadInputs(_Asked, frozen=True):
    """A wish for the events of a task that follow one."""

    token: _Token
    after: Annotated[
        _Count,
        Meta(description="`inputs_after` of the task, or of the answer before; 0: from the first."),
    ] = 0


class InputPage(Struct, frozen=True):
    """The next events, up to 192 KiB of payload, and whether there are more."""

    events: Sequence[InputEvent]
    inputs_after: int | None


class TaskError(_Asked, frozen=True):
    """Why an attempt failed, for people; equal codes and messages are grouped."""

    message: Annotated[str, Meta(min_length=1, max_length=4000)]
    code: _Name = "failed"
    hint: Annotated[str, Meta(max_length=1000, description="What to do about it.")] = ""
    fault: Annotated[Fault, Meta(description="Whose fault it is.")] = "headgate"
    detail: Annotated[str, Meta(max_length=8000, description="A stack trace, say.")] = ""


class TaskResult(_Asked, frozen=True):
    """How one attempt ended.

    `ok` publishes `events` with it. `retry` tries again with backoff until the job's attempts are
    used up, `fail` gives up at once. `snooze` puts the task back and costs it no attempt.
    """

    token: _Token
    outcome: Outcome
    events: Annotated[
        Sequence[TaskEvent], Meta(max_length=1000, description="Only with `ok`; no `idem_key`.")
    ] = ()
    error: TaskError | None = None
    retry_after_ms: Annotated[
        int, Meta(ge=0, le=MAX_DELAY_MS, description="With `retry` and `snooze`: not before.")
    ] = 0
    trace: _Trace = None


class Complete(_Asked, frozen=True):
    """The ends of attempts; all take effect together."""

    results: Annotated[Sequence[TaskResult], Meta(min_length=1, max_length=1000)]


class Settled(Struct, frozen=True):
    """What became of one result.

    `ok`: it counts, this time or when it was sent before. `stale`: it changed nothing, because the
    lease was lost or had ended otherwise; `became` says how, while the history knows it.
    """

    token: str
    status: Literal["ok", "stale"]
    became: Became | None


class Completed(Struct, frozen=True):
    """One answer for each result, in their order."""

    results: Sequence[Settled]
