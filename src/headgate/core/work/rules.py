"""Decisions of work: who gets how many slots, and what an error means for its task."""

import math
import re
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from headgate.core.app import Range
from headgate.core.errors import HeadgateError

_RANGE = re.compile(r"\[(-?\d+),(-?\d+)\)")
_DETAIL_LIMIT = 8000
_MAX_DELAY_MS = 2**31 - 1  # what the statement's integers hold: 24 days


def parse_ranges(multirange: str) -> list[Range]:
    """Return the half-open ranges of a multirange's text, such as `{[1,3),[7,9)}`."""
    return [(int(low), int(high)) for low, high in _RANGE.findall(multirange)]


@dataclass(frozen=True, slots=True)
class Demand:
    """A job that may have work: its priority, and the slots that its runtime has free."""

    job_id: int
    priority: int
    runtime: str


def allocate(
    demands: Sequence[Demand], *, free: Mapping[str, int], busy: frozenset[int], turn: int
) -> list[tuple[int, int]]:
    """Share the free slots of each runtime among its jobs; return (job id, quota) pairs.

    Quotas of a runtime never add up to more than its free slots. Jobs in `busy` had work at the
    last claim: they share what is left after one slot for each other job, so that a backlog fills
    the worker while every job gets its look. A higher priority is served first; `turn` rotates
    jobs of one priority, so that none starves when there are more jobs than slots.
    """
    quotas: list[tuple[int, int]] = []
    for runtime, slots in free.items():
        jobs = [d for d in demands if d.runtime == runtime]
        if slots <= 0 or not jobs:
            continue
        start = turn % len(jobs)
        jobs = sorted(jobs[start:] + jobs[:start], key=lambda d: -d.priority)[:slots]
        hungry = [d for d in jobs if d.job_id in busy] or jobs
        spare = slots - len(jobs)
        share, rest = divmod(spare, len(hungry))
        extra = {d.job_id: share + (1 if i < rest else 0) for i, d in enumerate(hungry)}
        quotas += [(d.job_id, 1 + extra.get(d.job_id, 0)) for d in jobs]
    return quotas


def describe(error: BaseException) -> dict[str, Any]:
    """Return what is kept of an attempt's error: for people, for grouping and for the retry."""
    detail = "".join(traceback.format_exception(error))[-_DETAIL_LIMIT:]
    if isinstance(error, HeadgateError):
        described = {
            "code": error.code,
            "message": error.message,
            "hint": error.hint,
            "fault": error.fault,
            "retry": error.retry,
            "problems": [
                {"pointer": p.pointer, "code": p.code, "message": p.message} for p in error.problems
            ],
        }
        # The trace of a refused input says nothing that its message does not.
        return described if error.fault == "input" else {**described, "detail": detail}
    return {
        "code": type(error).__name__,
        "message": str(error) or type(error).__name__,
        "hint": "",
        "fault": "headgate",
        "retry": getattr(error, "retry", True) is not False,  # a port's error knows, too
        "problems": [],
        "detail": detail,
    }


def delay_of(error: BaseException) -> int:
    """Return the milliseconds that an error's `retry_after` asks to wait at least."""
    delay = getattr(error, "retry_after", None)
    if not isinstance(delay, timedelta):
        return 0
    return max(0, min(delay // timedelta(milliseconds=1), _MAX_DELAY_MS))


def storable(value: Any) -> Any:
    """Return JSON `value` with what Postgres refuses to hold replaced.

    NUL and half a surrogate pair in text become a replacement character, numbers that are none
    become their names.
    """
    match value:
        case str():
            return value.replace("\x00", "\ufffd").encode(errors="replace").decode()
        case float() if not math.isfinite(value):
            return str(value)
        case Mapping():
            return {storable(key): storable(each) for key, each in value.items()}
        case list() | tuple():
            return [storable(each) for each in value]
        case _:
            return value
