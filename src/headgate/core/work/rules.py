"""Decisions of work: who gets how many slots, and what an error means for its task."""

import heapq
import math
import re
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from headgate.core.app import Range
from headgate.core.errors import HeadgateError

_RANGE = re.compile(r"\[(-?\d+),(-?\d+)\)")
_DETAIL_LIMIT = 8000
_MAX_DELAY_MS = 2**31 - 1  # what the statement's integers hold: 24 days


def parse_ranges(multirange: str) -> list[Range]:
    """Return the half-open ranges of a multirange's text, such as `{[1,3),[7,9)}`."""
    return [(int(low), int(high)) for low, high in _RANGE.findall(multirange)]


def split_range(whole: Range, marked: Sequence[Range]) -> list[tuple[Range, bool]]:
    """Return the pieces of `whole` in order, and whether each lies in the ascending `marked`."""
    pieces: list[tuple[Range, bool]] = []
    at, end = whole
    for low, high in marked:
        low, high = max(low, at), min(high, end)  # noqa: PLW2901 - clipped
        if low >= high:
            continue
        if at < low:
            pieces.append(((at, low), False))
        pieces.append(((low, high), True))
        at = high
    if at < end:
        pieces.append(((at, end), False))
    return pieces


@dataclass(frozen=True, slots=True)
class Demand:
    """A job that may have work: its priority, its runtime, and its org with the org's weight."""

    job_id: int
    priority: int
    runtime: str
    org_id: int = 1
    weight: int = 1


def allocate(
    demands: Sequence[Demand],
    *,
    free: Mapping[str, int],
    busy: frozenset[int],
    turn: int,
    served: Mapping[int, float] = MappingProxyType({}),
) -> list[tuple[int, int]]:
    """Share the free slots of each runtime among its jobs; return (job id, quota) pairs.

    Quotas of a runtime never add up to more than its free slots. Jobs in `busy` had more work at
    the last claim than they got. With enough slots every job gets one as its look, so that none
    starves; the others go to the busy ones: to orgs by weight, the least `served` first, and within
    an org to the highest priority. With fewer slots than jobs they all go that way, but for one
    look of another job at every odd `turn`, so that new work is found.
    """
    quotas: list[tuple[int, int]] = []
    for runtime, slots in free.items():
        jobs = [d for d in demands if d.runtime == runtime]
        if slots <= 0 or not jobs:
            continue
        start = turn % len(jobs)
        jobs = [*jobs[start:], *jobs[:start]]
        if turn % 2 == 0:
            jobs.sort(key=lambda d: -d.priority)
        hungry = [d for d in jobs if d.job_id in busy]
        looks = _looks(jobs, hungry, slots, turn)
        extra = _fill(hungry or looks, slots - len(looks), served)
        given = dict.fromkeys((d.job_id for d in looks), 1)
        for job, count in extra.items():
            given[job] = given.get(job, 0) + count
        quotas += given.items()
    return quotas


def _looks(
    jobs: Sequence[Demand], hungry: Sequence[Demand], slots: int, turn: int
) -> Sequence[Demand]:
    """Return the jobs that get one slot to show whether they have work."""
    if slots >= len(jobs):
        return jobs
    if not hungry:
        return jobs[:slots]
    others = sorted((d for d in jobs if d not in hungry), key=lambda d: d.job_id)
    return [others[turn // 2 % len(others)]] if turn % 2 and others else []


def _fill(jobs: Sequence[Demand], slots: int, served: Mapping[int, float]) -> dict[int, int]:
    """Give one slot after the other to the org that was served least for its weight."""
    tiers: dict[int, list[Demand]] = {}
    for job in jobs:
        tier = tiers.setdefault(job.org_id, [job])
        if job.priority > tier[0].priority:
            tiers[job.org_id] = [job]
        elif job.priority == tier[0].priority and job is not tier[0]:
            tier.append(job)
    count = dict.fromkeys(tiers, 0)
    if len(tiers) == 1:
        count = dict.fromkeys(tiers, slots)
    else:
        heap = [(served.get(org, 0.0), org) for org in tiers]
        heapq.heapify(heap)
        for _ in range(slots):
            had, org = heap[0]
            count[org] += 1
            heapq.heapreplace(heap, (had + 1 / tiers[org][0].weight, org))
    extra: dict[int, int] = {}
    for org, tier in tiers.items():
        each, rest = divmod(count[org], len(tier))
        extra |= {d.job_id: each + (1 if i < rest else 0) for i, d in enumerate(tier)}
    return {job: quota for job, quota in extra.items() if quota}


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
