"""What the figures of a queue or a worker mean."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from headgate.core.explain.figures import count_text, span_text
from headgate.core.explain.reasons import Reason, Subject
from headgate.core.flow.model import HeldSpan
from headgate.core.flow.rules import EVERY, SETTLE
from headgate.core.queues.model import QueuePressure, WorkerState

_MISSED = 0.5  # share of a lease after which a worker that renews it in time has long done so
_FRESH = timedelta(seconds=3 * EVERY + SETTLE)


def paused_reason(job: str) -> Reason:
    """Return why nothing of a paused job starts."""
    return Reason(
        "job_paused",
        f"The job {job} is paused: what runs ends, and nothing else starts.",
        f"`headgate queue resume {job}` lets it start again.",
        about=(Subject("job", job),),
    )


def queue_pressure(valve: Mapping[str, Any]) -> QueuePressure | None:
    """Return the pressure at an edge; None where nothing is limited or nothing was measured."""
    limits = {
        "rows": (valve["max_rows"], "rows"),
        "units": (valve["max_units"], "units"),
        "bytes": (valve["max_bytes"], "bytes"),
        "age": (valve["max_age_ms"], "age_ms"),
    }
    high, field = limits.get(valve["cause"], (None, ""))
    measured = (valve["measured"] or {}).get(field)
    if high is None or measured is None:
        return None
    return QueuePressure(
        dataset=valve["dataset"],
        share=min(1.0, round(measured / high, 4)),
        cause=valve["cause"],
        measured=measured,
        high=high,
        low=int(high * valve["reopen"]),
        closed=valve["closed"],
    )


def drained_in(*, waiting: int, per_second: float | None, stopped: bool) -> float | None:
    """Return in how many seconds nothing waits; None when the job stands still or is new."""
    if waiting == 0:
        return 0.0
    if stopped or not per_second:
        return None
    return waiting / per_second


def worker_state(*, heartbeat: float, lease: float) -> WorkerState:
    """Tell what a worker is that was heard of `heartbeat` seconds ago; its lease is in seconds."""
    if heartbeat >= lease:
        return "gone"
    return "late" if heartbeat > lease * _MISSED else "live"


def worker_text(state: WorkerState, *, heartbeat: float, lease: float, in_flight: int) -> str:
    """Say in a sentence how a worker is."""
    silent = span_text(timedelta(seconds=heartbeat))
    tasks = count_text(in_flight, "task")
    match state:
        case "live":
            return f"It is alive and runs {tasks}."
        case "late":
            left = span_text(timedelta(seconds=lease - heartbeat))
            return f"Nothing was heard of it for {silent}. In {left} its {tasks} go to others."
        case "gone" if in_flight:
            return (
                f"Nothing was heard of it for {silent}. A dispatcher takes its {tasks} back: if"
                " none does, start one with `headgate dispatcher`."
            )
        case "gone":
            return f"Nothing was heard of it for {silent}. It has no tasks any more."


def with_open_end(spans: Sequence[HeldSpan], *, holding: set[str], now: datetime) -> list[HeldSpan]:
    """Return spans in which those that last, by the reasons of this moment, have no end."""
    return [
        replace(span, until=None)
        if span.until and span.reason in holding and now - span.until < _FRESH
        else span
        for span in spans
    ]
