"""Places that people name, and freshness in words."""

from collections.abc import Sequence

from headgate.core.app import Range
from headgate.core.errors import InvalidInput, NotFound, Problem
from headgate.core.explain.dataset.model import Dataset, Freshness, StalePlace
from headgate.core.explain.figures import ranges_text
from headgate.core.explain.making.model import Making
from headgate.core.explain.making.rules import in_the_way, no_dispatcher, under_way
from headgate.core.explain.places import EVERYTHING, Place, place_text
from headgate.core.explain.reasons import Reason
from headgate.core.work.rules import parse_ranges

_BOUND = 2**61  # as for events: leaves room for the offsets that jobs add
_SHOWN = 20


def no_dataset(name: str) -> NotFound:
    return NotFound(
        f"There is no dataset {name}.", hint="`headgate dataset list` shows the datasets."
    )


def named_place(dataset: Dataset, *, key: str | None, range: Range | None) -> Place:  # noqa: A002
    """Return the part of a dataset that somebody named; raise `InvalidInput` if it has no such."""
    problems = []
    if dataset.partitioning == "key" and range is not None:
        why = "the dataset is keyed by text: give `key`, not `range`"
        problems.append(Problem("/range", "not_a_range", why))
    if dataset.partitioning == "range" and key is not None:
        why = "the dataset is keyed by ranges: give `range`, not `key`"
        problems.append(Problem("/key", "not_a_key", why))
    if range is not None and not -_BOUND <= range[0] < range[1] <= _BOUND:
        why = f"a range is [first, one past the last], first the lower, within ±{_BOUND:,}"
        problems.append(Problem("/range", "range_order", why))
    if problems:
        raise InvalidInput(f"{dataset.name} has no such part.", problems=problems)
    return Place(ranges=None if range is None else (range,), key=key)


def freshness(
    dataset: Dataset,
    *,
    depth: int,
    place: Place,
    stale: Sequence[StalePlace],
    making: Making | None,
    waits: Sequence[Reason],
) -> Freshness:
    """Return what is known of one dataset; `waits` are why the first pending task does not run."""
    ranges = [one for row in stale if not row.key for one in parse_ranges(row.rngs)]
    whole = any(not row.key and row.rngs == EVERYTHING for row in stale)
    mended = under_way(making) if making else []
    blocked = [*(in_the_way(making) if making else ()), *waits]
    return Freshness(
        dataset=dataset.name,
        depth=depth,
        where=place_text(place),
        fresh=not stale,
        since=min((row.since for row in stale), default=None),
        stale_ranges=ranges[:_SHOWN],
        stale_keys=[row.key for row in stale if row.key][:_SHOWN],
        stale_whole=whole,
        producer=dataset.job or dataset.source,
        under_way=mended,
        blocked_by=blocked,
    )


def end_of_chain(making: Making | None) -> list[Reason]:
    """Return why a dataset is stale that nothing mends, and whose inputs are fresh."""
    if making is not None and not making.led:
        return [no_dispatcher()]
    return [
        Reason(
            "about_to_be_fresh",
            "Nothing is left to do for it: the Dispatcher takes the mark away at its next look.",
        )
    ]


def summary_text(chain: Sequence[Freshness], *, caused: bool) -> str:
    """Say in one sentence how fresh the first of the chain is, and what the last ones wait for."""
    first = chain[0]
    if first.fresh:
        if any(reason.code == "dead_letter" for reason in first.blocked_by):
            return (
                f"{first.dataset} is not marked stale, but part of it was never made: see the"
                " dead letters."
            )
        if all(reason.code == "more_pending" for reason in first.under_way) and first.under_way:
            return f"{first.dataset} is not stale. {first.under_way[0].text}"
        if first.under_way:
            return f"{first.dataset} is not stale; more of it is being made."
        return f"{first.dataset} is fresh: nothing that it is made from changed since."
    causes = [node for node in chain if node.blocked_by]
    text = f"{first.dataset} is stale{_where(first)}."
    if causes:
        cause = causes[-1]
        text += f" {cause.blocked_by[0].text}"
    elif any(node.under_way for node in chain):
        text += " It is being made anew."
    if not caused:
        text += " The events that made it stale are older than those that were looked at."
    return text


def _where(node: Freshness) -> str:
    if node.stale_whole:
        return " in all of it"
    if node.stale_ranges:
        return f" in {ranges_text(node.stale_ranges)}"
    return f" at {', '.join(node.stale_keys[:5])}" if node.stale_keys else ""
