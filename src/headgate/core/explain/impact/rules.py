"""What an invalidation would run again, from the graph and from how long tasks took of late."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from headgate.core.app import Range
from headgate.core.explain.figures import count_text, span_text
from headgate.core.explain.impact.model import (
    DatasetImpact,
    Impact,
    JobImpact,
    Reached,
    Reader,
)
from headgate.core.explain.places import Place, both, made_from, place_text

_PER_UPDATE, _PER_PARTITION, _BULK = range(3)


def impact(
    name: str,
    place: Place,
    *,
    reached: Sequence[Reached],
    readers: Sequence[Reader],
    medians: Mapping[int, float],
    slots: int,
    complete: bool,
) -> Impact:
    """Return what an invalidation of the dataset `name` at `place` touches.

    `medians` are seconds a task by job id, `slots` how many tasks the live workers run at once.
    """
    places = {name: place, **{r.dataset: made_from(place, r.reading) for r in reached}}
    levels = _levels(name, readers)
    jobs: list[JobImpact] = []
    tasks_of = {name: 1}  # by dataset, how many events tell of it: about one a task that makes it
    for reads in sorted(_by_job(readers).values(), key=lambda r: (levels[r[0].job], r[0].job)):
        first = reads[0]
        where = _where(reads, places)
        tasks = _tasks(first, where, events=[tasks_of.get(r.dataset) for r in reads])
        jobs.append(
            _job(
                first,
                where=where,
                level=levels[first.job],
                tasks=tasks,
                each=medians.get(first.job_id),
                slots=slots,
            )
        )
        for output in first.outputs:
            if tasks is not None and output in places:
                tasks_of[output] = tasks
    found = Impact(
        dataset=name,
        where=place_text(place),
        datasets=[_dataset(d, p) for d, p in places.items() if d != name],
        jobs=jobs,
        tasks=sum(job.tasks or 0 for job in jobs),
        tasks_known=all(job.tasks is not None for job in jobs),
        seconds=_seconds(jobs, slots),
        seconds_known=slots > 0 and all(job.seconds is not None for job in jobs),
        summary="",
        complete=complete,
    )
    return replace(found, summary=summary_text(found, slots=slots))


def summary_text(found: Impact, *, slots: int) -> str:
    """Say in a sentence or two what would happen."""
    if not found.jobs:
        return f"Nothing is made from {found.dataset}: no job would run."
    adds = [job for job in found.jobs if not job.replaces]
    least = "" if found.tasks_known else "at least "
    stale = len(found.datasets)
    text = (
        f"{count_text(stale, 'dataset')} become{'s' if stale == 1 else ''} stale; {least}"
        f"{count_text(found.tasks, 'task')} of {count_text(len(found.jobs), 'job')}"
        f" run{'s' if found.tasks == 1 else ''}"
    )
    if not slots:
        text += "; no worker is alive to run them."
    elif found.seconds:
        about = span_text(timedelta(seconds=found.seconds))
        text += f", in about {about} of {count_text(slots, 'slot')}"
        text += "." if found.seconds_known else " (some jobs have not run of late)."
    else:
        text += "; how long they take is not known."
    if adds:
        names = ", ".join(job.job for job in adds)
        only = "only add" if len(adds) > 1 else "only adds"
        text += f" {names} {only} to what is there: the invalidation ends there."
    return text


def _by_job(readers: Sequence[Reader]) -> dict[str, list[Reader]]:
    found: dict[str, list[Reader]] = {}
    for reader in readers:
        found.setdefault(reader.job, []).append(reader)
    return found


def _levels(name: str, readers: Sequence[Reader]) -> dict[str, int]:
    """Return, by job, the length of the longest way to it; the graph has no cycle."""
    of_dataset = {name: 0}
    of_job: dict[str, int] = {}
    for _ in readers:
        before = dict(of_job)
        for reader in readers:
            level = of_dataset.get(reader.dataset, 0) + 1
            of_job[reader.job] = max(of_job.get(reader.job, 0), level)
            if reader.replaces:
                of_dataset |= dict.fromkeys(reader.outputs, of_job[reader.job])
        if of_job == before:
            break
    return of_job


def _where(reads: Sequence[Reader], places: Mapping[str, Place]) -> Place:
    found = [made_from(places[r.dataset], r.reading) for r in reads if r.dataset in places]
    where = found[0]
    for other in found[1:]:
        where = both(where, other)
    return where


def _tasks(reader: Reader, where: Place, *, events: Sequence[int | None]) -> int | None:
    """Return how many tasks a job gets; None where that depends on keys that nobody has counted."""
    if reader.strategy == _BULK:
        return 1
    if reader.strategy == _PER_UPDATE:
        known = [count for count in events if count is not None]
        return sum(known) if len(known) == len(events) else None
    if where.ranges is not None:
        return _partitions(where.ranges, reader.part_size)
    return 1 if where.key is not None and not where.below else None


def _partitions(ranges: Sequence[Range], size: int) -> int:
    """Return how many partitions ascending ranges touch."""
    count, last_seen = 0, None
    for low, high in ranges:
        first, last = low // size, (high - 1) // size
        count += last - first + 1 - (1 if first == last_seen else 0)
        last_seen = last
    return count


def _job(
    reader: Reader,
    *,
    where: Place,
    level: int,
    tasks: int | None,
    each: float | None,
    slots: int,
) -> JobImpact:
    seconds = None
    at_once = min(slots, reader.max_concurrency or slots)
    if tasks is not None and each is not None and at_once:
        seconds = math.ceil(tasks / at_once) * each
        if reader.rate_per_second is not None:
            seconds = max(seconds, tasks / reader.rate_per_second)
    return JobImpact(
        job=reader.job,
        replaces=reader.replaces,
        level=level,
        where=place_text(where),
        tasks=tasks,
        seconds_each=each,
        seconds=seconds,
        paused=reader.paused,
    )


def _seconds(jobs: Sequence[JobImpact], slots: int) -> float:
    """Return how long all takes: level after level, the jobs of one side by side."""
    total = 0.0
    for level in {job.level for job in jobs}:
        here = [job for job in jobs if job.level == level]
        longest = max((job.seconds or 0.0) for job in here)
        work = sum((job.tasks or 0) * (job.seconds_each or 0.0) for job in here)
        total += max(longest, work / slots if slots else 0.0)
    return total


def _dataset(name: str, place: Place) -> DatasetImpact:
    return DatasetImpact(name, place_text(place), place.ranges, place.key, place.below)
