"""Decisions about lists: whether a task belongs to one, and where the next page begins."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from headgate.core.tasks.listing.model import Bounds, Counts, Look, StateCount, TaskFilter
from headgate.core.tasks.model import Task, TaskState

# The rare outcomes of `work.model.Outcome` after which a task may be in a state.
FOLDED: Mapping[TaskState, Sequence[int]] = {
    "cancelled": (4,),
    "merged": (1, 2, 5),
    "replayed": (5,),
}
CUT: Mapping[str, Sequence[TaskState]] = {
    "pending_cut": ("pending", "waiting"),
    "leased_cut": ("running",),
    "letters_cut": ("dead",),
    "rare_cut": ("cancelled",),
    "history_cut": ("succeeded", "merged", "replayed"),
}
"""Of which states a count is not exact if a place was not counted to its end."""


def belongs(task: Task, wanted: TaskFilter) -> bool:
    """Tell whether a task is one of those that are wanted, but for its job and id."""
    return (
        (not wanted.states or task.state in wanted.states)
        and (wanted.partition is None or (task.partition or "\0").startswith(wanted.partition))
        and (wanted.worker is None or task.worker == wanted.worker)
        and (wanted.created_since is None or task.created_at >= wanted.created_since)
        and (wanted.created_until is None or task.created_at < wanted.created_until)
        and (wanted.error is None or (task.error or {}).get("code") == wanted.error)
    )


def merged(looks: Iterable[Look], *, oldest: bool) -> tuple[list[int], int | None]:
    """Return the candidates of all looks in order, and the first id that one of them left out.

    Below (or, from the oldest on, above) that id nobody knows what there is, so it ends the list.
    """
    looks = list(looks)
    edges = [look.reached for look in looks if look.reached is not None]
    edge = None if not edges else min(edges) if oldest else max(edges)
    known = {
        one
        for look in looks
        for one in look.ids
        if edge is None or (one < edge if oldest else one > edge)
    }
    return sorted(known, reverse=not oldest), edge


def resume_at(edge: int, *, bounds: Bounds) -> int:
    """Return the id after which a list goes on that ended at `edge`, which was not looked at.

    A look that did not get anywhere is one through the rows of a single task, which is left out.
    """
    after = edge - 1 if bounds.oldest else edge + 1
    stuck = after <= bounds.low if bounds.oldest else after >= bounds.high
    return edge if stuck else after


def narrowed(bounds: Bounds, *, low: int | None = None, high: int | None = None) -> Bounds:
    """Return the bounds without what is not above `low` or not below `high`."""
    return Bounds(
        low=bounds.low if low is None else max(bounds.low, low),
        high=bounds.high if high is None else min(bounds.high, high),
        oldest=bounds.oldest,
    )


def in_order(ids: Sequence[int], bounds: Bounds) -> list[int]:
    """Return the ids within bounds, in the order of the list."""
    inside = {one for one in ids if bounds.low < one < bounds.high}
    return sorted(inside, reverse=not bounds.oldest)


def counted(
    states: Collection[TaskState],
    found: Iterable[tuple[TaskState, str, int]],
    *,
    cut: Collection[TaskState],
) -> Counts:
    """Sum up how many tasks were found by state and job; those of the `cut` states are not all."""
    by_state: Counter[TaskState] = Counter()
    by_job: Counter[str] = Counter()
    for state, job, tasks in found:
        if state in states:
            by_state[state] += tasks
            by_job[job] += tasks
    return Counts(
        by_state=[StateCount(state, by_state[state], state not in cut) for state in states],
        by_job=dict(by_job.most_common()),
    )
