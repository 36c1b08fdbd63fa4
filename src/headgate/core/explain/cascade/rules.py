"""A cascade put together: the tree, its counts, whether it has come to rest, and all in words."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from headgate.core.explain.cascade.model import (
    CascadeLevel,
    CascadeNode,
    Passed,
    ReachedTask,
    StillStale,
    TaskCounts,
    Touched,
    Visit,
)
from headgate.core.explain.covered.model import TracedEvent
from headgate.core.explain.figures import count_text, ranges_text
from headgate.core.explain.impact.model import DatasetImpact, JobImpact
from headgate.core.explain.impact.model import Reader as ImpactReader
from headgate.core.explain.places import Place, both, place_text


def concerns(event: Passed, place: Place | None) -> bool:
    """Return whether an event lies at the place that the cascade reaches in its dataset.

    None is anywhere: nobody knows the place.
    """
    if place is None or (place.ranges is None and place.key is None):
        return True
    if place.ranges is not None and event.range is not None:
        low, high = event.range
        return any(low < end and start < high for start, end in place.ranges)
    if place.key is not None and event.key is not None:
        return event.key == place.key or (place.below and event.key.startswith(f"{place.key}/"))
    return True


def place_of(impact: DatasetImpact) -> Place:
    ranges = None if impact.ranges is None else tuple(impact.ranges)
    return Place(ranges=ranges, key=impact.key, below=impact.below)


def places_of(events: Iterable[Passed]) -> dict[str, Place]:
    """Return, by dataset, where these events are; text keys that differ are all of it."""
    found: dict[str, Place] = {}
    for event in events:
        here = Place(ranges=None if event.range is None else (event.range,), key=event.key)
        found[event.dataset] = both(found.get(event.dataset, here), here)
    return found


def touched(
    names: Iterable[str], places: Mapping[str, Place], stale: Mapping[str, StillStale]
) -> list[Touched]:
    """Return those of the datasets that the cascade reaches, and what of each is stale now."""
    return [
        Touched(
            dataset=name,
            where=place_text(places[name]),
            units=units_of(places[name]),
            stale=name in stale,
            stale_units=stale[name].units if name in stale else 0,
        )
        for name in names
        if name in places
    ]


def units_of(place: Place) -> int | None:
    return None if place.ranges is None else sum(high - low for low, high in place.ranges)


def root_of(event: TracedEvent, place: Place, stale: Mapping[str, StillStale]) -> CascadeNode:
    return CascadeNode(
        id=0,
        parents=(),
        depth=0,
        job=None,
        paused=False,
        datasets=touched([event.dataset], {event.dataset: place}, stale),
        tasks=TaskCounts(),
        expected=None,
        units_left=0,
        events_unrouted=0,
        emitted=1,
        last_ended_at=None,
        at_rest=True,
    )


def nodes_of(
    root: CascadeNode,
    *,
    visits: Sequence[Visit],
    planned: Sequence[JobImpact],
    readers: Sequence[ImpactReader],
    places: Mapping[str, Place],
    stale: Mapping[str, StillStale],
) -> list[CascadeNode]:
    """Return the tree: what was found, then the jobs of the plan that have nothing to show yet."""
    expected = {job.job: job.tasks for job in planned}
    nodes = [root]
    for visit in visits:
        nodes.append(_found(visit, nodes, expected.get(visit.job), places, stale))
    reads: dict[str, list[ImpactReader]] = {}
    for reader in readers:
        reads.setdefault(reader.job, []).append(reader)
    known = {visit.job for visit in visits}
    for job in sorted(planned, key=lambda job: (job.level, job.job)):
        if job.job not in known and job.job in reads:
            nodes.append(_to_come(job, reads[job.job], nodes, places, stale))
    return nodes


def _found(
    visit: Visit,
    nodes: Sequence[CascadeNode],
    expected: int | None,
    places: Mapping[str, Place],
    stale: Mapping[str, StillStale],
) -> CascadeNode:
    tasks = counted(visit.tasks.values())
    left_alone = not (tasks.pending or tasks.running or visit.left or visit.unrouted)
    ended = [task.ended_at for task in visit.tasks.values() if task.ended_at is not None]
    return CascadeNode(
        id=visit.id,
        parents=sorted(visit.parents),
        depth=visit.depth,
        job=visit.job,
        paused=visit.paused,
        datasets=touched(visit.outputs, places, stale),
        tasks=tasks,
        expected=expected,
        units_left=visit.left + visit.cancelled_left,
        events_unrouted=visit.unrouted,
        emitted=visit.emitted,
        last_ended_at=max(ended, default=None),
        at_rest=left_alone and all(nodes[id_].at_rest for id_ in visit.parents),
    )


def _to_come(
    job: JobImpact,
    reads: Sequence[ImpactReader],
    nodes: Sequence[CascadeNode],
    places: Mapping[str, Place],
    stale: Mapping[str, StillStale],
) -> CascadeNode:
    given = {reader.dataset for reader in reads}
    parents = [node for node in nodes if given & {one.dataset for one in node.datasets}]
    return CascadeNode(
        id=len(nodes),
        parents=[node.id for node in parents],
        depth=max([job.level, *(node.depth + 1 for node in parents)]),
        job=job.job,
        paused=job.paused,
        datasets=touched(reads[0].outputs if job.replaces else (), places, stale),
        tasks=TaskCounts(),
        expected=job.tasks,
        units_left=0,
        events_unrouted=0,
        emitted=0,
        last_ended_at=None,
        at_rest=all(node.at_rest for node in parents),
    )


def counted(tasks: Iterable[ReachedTask]) -> TaskCounts:
    states = [task.state for task in tasks]
    return TaskCounts(
        pending=states.count("pending"),
        running=states.count("running"),
        done=states.count("succeeded"),
        dead=states.count("dead"),
        cancelled=states.count("cancelled"),
    )


def added(counts: Iterable[TaskCounts]) -> TaskCounts:
    every = list(counts)
    return TaskCounts(
        pending=sum(one.pending for one in every),
        running=sum(one.running for one in every),
        done=sum(one.done for one in every),
        dead=sum(one.dead for one in every),
        cancelled=sum(one.cancelled for one in every),
    )


def in_all(nodes: Sequence[CascadeNode]) -> int:
    """Return how many tasks there will be: those of the graph count where more can still come."""
    return sum(
        node.tasks.all if node.at_rest else max(node.tasks.all, node.expected or 0)
        for node in nodes
    )


def levels_of(nodes: Sequence[CascadeNode]) -> list[CascadeLevel]:
    found = []
    for depth in sorted({node.depth for node in nodes}):
        here = [node for node in nodes if node.depth == depth]
        datasets = {one.dataset: one.units or 0 for node in here for one in node.datasets}
        found.append(
            CascadeLevel(
                depth=depth,
                datasets=list(datasets),
                jobs=sum(node.job is not None for node in here),
                tasks=added(node.tasks for node in here),
                units=sum(datasets.values()),
            )
        )
    return found


def last_end(nodes: Sequence[CascadeNode]) -> datetime | None:
    return max((node.last_ended_at for node in nodes if node.last_ended_at), default=None)


def summary_text(
    event: TracedEvent, nodes: Sequence[CascadeNode], *, routed: bool, at_rest: bool, complete: bool
) -> str:
    """Say in a sentence or two what followed from the event, and what is left."""
    start = f"{_what(event)} {event.dataset}{_where(event)}"
    if not routed:
        return f"{start} is not routed yet: nothing has followed from it so far."
    jobs = [node for node in nodes if node.job is not None]
    if not jobs:
        return f"{start} touched nothing: no job got work of it."
    tasks = added(node.tasks for node in nodes)
    hops = max(node.depth for node in jobs)
    reached = {one.dataset for node in jobs for one in node.datasets}
    what = count_text(len(reached), "dataset") if reached else _jobs_text(jobs)
    every = in_all(nodes)
    least = "" if complete else "at least "
    text = (
        f"{start} touched {what} over {count_text(hops, 'hop')}; {tasks.done:,} of"
        f" {least}{count_text(every, 'task')} {'is' if tasks.done == 1 else 'are'} done."
    )
    return " ".join([text, *_left(jobs, tasks, at_rest=at_rest)])


def _left(jobs: Sequence[CascadeNode], tasks: TaskCounts, *, at_rest: bool) -> list[str]:
    found = []
    if tasks.dead:
        found.append(
            f"{count_text(tasks.dead, 'task')} failed for good: see `headgate dlq groups`."
        )
    paused = [node.job for node in jobs if node.paused and node.job and not node.at_rest]
    if paused:
        found.append(f"{_names(paused)} {'is' if len(set(paused)) == 1 else 'are'} paused.")
    if units := sum(node.units_left for node in jobs):
        found.append(f"{count_text(units, 'unit')} of backfills are left.")
    if at_rest:
        found.append("It has come to rest.")
    return found


def _names(names: Collection[str]) -> str:
    return ", ".join(sorted(set(names)))


def _jobs_text(jobs: Sequence[CascadeNode]) -> str:
    return count_text(len({node.job for node in jobs}), "job")


def _what(event: TracedEvent) -> str:
    return "An update of" if event.kind == "update" else "An invalidation of"


def _where(event: TracedEvent) -> str:
    if event.key is not None:
        return f" at key {event.key}"
    return f" {ranges_text([event.range])}" if event.range is not None else ""
