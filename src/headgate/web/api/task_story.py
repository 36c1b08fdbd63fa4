"""The whole story of one task: attempts, what went in and came out, who carried it on."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from headgate.core.access import Principal
from headgate.core.app import Kind, Range
from headgate.core.database import Connection
from headgate.core.explain.covered import store as covered
from headgate.core.explain.covered.model import TracedEvent
from headgate.core.observe.tracing import trace_id_of
from headgate.core.tasks import reading, store
from headgate.core.tasks.model import Attempt, DeadLetter, InputEvent, Kinship, Payload, Task

_MAX_ATTEMPTS = 200
_MAX_OUTPUTS = 100
_FOLLOWED = 20  # outputs whose tasks are looked up: each is a search in the history
_MAX_TASKS = 200
_MAX_PAYLOAD = 64 * 1024


@dataclass(frozen=True, slots=True)
class EventSummary:
    """An event that a task covers; its payload takes `payload_bytes` where it is stored."""

    id: int
    dataset: str
    kind: Kind
    key: str | None
    range: Range | None
    at: datetime
    trace_id: str | None
    payload_bytes: int


@dataclass(frozen=True, slots=True)
class OutputEvent:
    """An event that a task emitted, and the tasks it went to; None where nobody looked."""

    id: int
    dataset: str
    kind: Kind
    key: str | None
    range: Range | None
    at: datetime
    tasks: Sequence[int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDetail(Task):
    """A task with what happened to it and around it.

    `attempts` are the newest 200, the oldest of them first; `inputs` the first 50 events that it
    covers, `first_payload` the first 65,536 characters of the first one's; `outputs` the first 100
    events that it emitted, `more_outputs` if there are others, with the tasks of the first 20.
    `first_event_at` is when the first input came, `emitted_at` when the last of `outputs` went.
    `letter` is its newest dead letter, whatever became of that.
    """

    attempts: Sequence[Attempt]
    inputs: Sequence[EventSummary]
    first_payload: Payload | None
    first_event_at: datetime | None
    outputs: Sequence[OutputEvent]
    more_outputs: bool
    emitted_at: datetime | None
    letter: DeadLetter | None
    kinship: Kinship
    trace_id: str | None


async def story_of(conn: Connection, *, who: Principal, task_id: int) -> TaskDetail:
    """Return all there is to say of a task, or raise `NotFound`."""
    org_id = who.org_id
    task = await reading.find_task(conn, org_id=org_id, task_id=task_id)
    inputs = await reading.input_events(conn, org_id=org_id, task_id=task_id)
    outputs, more = await _outputs(conn, org_id=org_id, task_id=task_id)
    return TaskDetail(
        **{field.name: getattr(task, field.name) for field in fields(Task)},
        attempts=await store.attempts(conn, org_id=org_id, task_id=task_id, limit=_MAX_ATTEMPTS),
        inputs=[_summary(event) for event in inputs],
        first_payload=(
            await store.payload(conn, org_id=org_id, event_id=inputs[0].id, most=_MAX_PAYLOAD)
            if inputs
            else None
        ),
        first_event_at=inputs[0].at if inputs else None,
        outputs=outputs,
        more_outputs=more,
        emitted_at=outputs[-1].at if outputs else None,
        letter=await _letter(conn, org_id=org_id, task_id=task_id),
        kinship=await reading.kinship(conn, org_id=org_id, task_id=task_id),
        trace_id=next((trace_id_of(event.trace) for event in inputs if event.trace), None),
    )


async def _letter(conn: Connection, *, org_id: int, task_id: int) -> DeadLetter | None:
    found = await store.letter_of(conn, org_id=org_id, task_id=task_id)
    return None if found is None else await store.find_dead_letter(conn, org_id=org_id, id=found)


async def _outputs(
    conn: Connection, *, org_id: int, task_id: int
) -> tuple[list[OutputEvent], bool]:
    """Return the first events that a task emitted, and whether there are more."""
    found = await covered.emitted_events(
        conn, org_id=org_id, task_ids=[task_id], limit=_MAX_OUTPUTS + 1
    )
    events = found.get(task_id, [])
    followed = [event.id for event in events[:_FOLLOWED]]
    tasks: dict[int, list[int]] = {event_id: [] for event_id in followed}
    if followed:
        for one in await covered.covering_tasks(
            conn, org_id=org_id, events=followed, limit=_MAX_TASKS
        ):
            tasks[one.event_id].append(one.task_id)
    shown = [_output(event, tasks.get(event.id)) for event in events[:_MAX_OUTPUTS]]
    return shown, len(events) > _MAX_OUTPUTS


def _output(event: TracedEvent, tasks: Sequence[int] | None) -> OutputEvent:
    return OutputEvent(event.id, event.dataset, event.kind, event.key, event.range, event.at, tasks)


def _summary(event: InputEvent) -> EventSummary:
    return EventSummary(
        event.id,
        event.dataset,
        event.kind,
        event.key,
        event.range,
        event.at,
        trace_id_of(event.trace),
        event.payload_bytes,
    )
