"""What messages of workers mean: outcomes, errors and events, and what is wrong with them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from headgate.core.errors import Problem
from headgate.core.events.model import NewEvent
from headgate.core.events.rules import problems_of
from headgate.core.work.contract.messages import Outcome as Said
from headgate.core.work.contract.messages import TaskError, TaskEvent, TaskResult
from headgate.core.work.model import Job, Outcome

GIVEN_BACK = "given_back"

_OUTCOMES: Mapping[Said, Outcome] = {
    "ok": Outcome.OK,
    "retry": Outcome.RETRY,
    "fail": Outcome.DEAD,
    "cancel": Outcome.CANCELLED,
    "snooze": Outcome.SNOOZED,
}
# What the statement may make of each: a retry without attempts left dies, what was cancelled stays
# cancelled. A success on inputs that changed is put back, with a code of its own.
_BECOMES: Mapping[Said, frozenset[Outcome]] = {
    "ok": frozenset({Outcome.OK}),
    "retry": frozenset({Outcome.RETRY, Outcome.DEAD, Outcome.CANCELLED}),
    "fail": frozenset({Outcome.DEAD}),
    "cancel": frozenset({Outcome.CANCELLED}),
    "snooze": frozenset({Outcome.SNOOZED, Outcome.CANCELLED}),
}
_INPUTS_CHANGED = "inputs_changed"
_UNEXPLAINED = TaskError(code="unknown", message="The worker gave no error.")


def outcome_of(said: Said) -> Outcome:
    return _OUTCOMES[said]


def was_this(said: Said, *, ended: Outcome, code: str | None) -> bool:
    """Tell whether an attempt that ended so, with this error code, ended by a result like `said`.

    If so the result was sent before. Else somebody else ended the attempt.
    """
    if ended is Outcome.SNOOZED and code in {GIVEN_BACK, _INPUTS_CHANGED}:
        return said == "ok" and code == _INPUTS_CHANGED
    return ended in _BECOMES[said]


def error_of(result: TaskResult) -> dict[str, Any] | None:
    """Return what is kept of a result's error, as `work.rules.describe` has it; None for none."""
    error = result.error
    if error is None:
        if result.outcome not in {"retry", "fail"}:
            return None
        error = _UNEXPLAINED
    described: dict[str, Any] = {
        "code": error.code,
        "message": error.message,
        "hint": error.hint,
        "fault": error.fault,
        "retry": result.outcome == "retry",
        "problems": [],
    }
    return {**described, "detail": error.detail} if error.detail else described


def faults_of_results(results: Sequence[TaskResult]) -> Iterator[Problem]:
    """Yield what is wrong with results in themselves."""
    seen: set[str] = set()
    for number, result in enumerate(results):
        where = f"/results/{number}"
        if result.token in seen:
            yield Problem(f"{where}/token", "repeated", "another result has this token")
        seen.add(result.token)
        if result.events and result.outcome != "ok":
            yield Problem(f"{where}/events", "not_ok", "only the outcome `ok` emits events")
        for nth, event in enumerate(result.events):
            if event.idem_key is not None:
                why = "is for mid-task events: a completion takes effect once"
                yield Problem(f"{where}/events/{nth}/idem_key", "not_here", why)


def new_events(
    events: Sequence[TaskEvent], *, job: Job | None, pointer: str, trace: str | None
) -> tuple[list[NewEvent], list[Problem]]:
    """Return events as the log takes them, and every fault of them; without keys of idempotency.

    `job` is the task's, None if it was removed; `pointer` leads to `events`.
    """
    made: list[NewEvent] = []
    faults: list[Problem] = []
    for number, event in enumerate(events):
        where = f"{pointer}/{number}"
        output = job.outputs.get(event.dataset) if job is not None else None
        if output is None:
            faults.append(
                Problem(f"{where}/dataset", "not_an_output", _missing(event.dataset, job))
            )
            continue
        span = (event.range[0], event.range[1]) if event.range is not None else None
        faults += problems_of(
            where,
            partitioning=output.partitioning,
            key=event.key,
            range=span,
            payload=event.payload,
            columns=output.columns,
        )
        made.append(
            NewEvent(
                dataset_id=output.dataset_id,
                key=event.key,
                range=span,
                payload=event.payload,
                trace=trace,
                version=event.version,
            )
        )
    return made, faults


def _missing(dataset: str, job: Job | None) -> str:
    if job is None:
        return "the task's job was removed by a deploy"
    outputs = ", ".join(sorted(job.outputs)) or "nothing"
    return f"{job.name} does not produce {dataset}; it produces {outputs}"


def faults_of_keys(events: Sequence[TaskEvent], *, first: int | None) -> Iterator[Problem]:
    """Yield what keeps mid-task events from having a key each."""
    if first is None and any(event.idem_key is None for event in events):
        why = "say how many mid-task events this attempt emitted before, or give each an `idem_key`"
        yield Problem("/first", "missing", why)


def key_of(event: TaskEvent, *, number: int) -> str:
    """Return the idempotency key of a task's event: its own, or its number in the attempt.

    Numbers are those of `LocalContext.emit_now`: the next attempt may run in any kind of worker.
    """
    return str(number) if event.idem_key is None else f"own:{event.idem_key}"
