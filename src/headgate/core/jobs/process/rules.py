"""Which event makes a job run over a part of its partitions, and how many tasks that is."""

from collections.abc import Mapping, Sequence
from typing import Any

from headgate.core.app import Range
from headgate.core.dispatch.store import FANOUT
from headgate.core.errors import Conflict, InvalidInput, Problem
from headgate.core.explain.figures import count_text
from headgate.core.jobs.process.model import Given

Row = Mapping[str, Any]
_PER_PARTITION = 1
_BOUND = 2**61  # as for events: leaves room for the offsets that jobs add


def given_for(
    job: str,
    inputs: Sequence[Row],
    *,
    key: str | None,
    range: Range | None,  # noqa: A002 - the field's name in the contract
) -> Given:
    """Return the event to emit, of the input that is read with the least shift.

    Raises `InvalidInput` for a part that the job's partitions cannot have, `Conflict` if each input
    concerns all of them, whatever part of it an event names.
    """
    if (key is None) == (range is None):
        raise _wrong(job, "", "missing" if key is None else "both", "give a `key` or a `range`")
    if range is not None and not -_BOUND <= range[0] < range[1] <= _BOUND:
        why = f"a range is [first, one past the last], first the lower, within ±{_BOUND:,}"
        raise _wrong(job, "/range", "range_order", why)
    wanted = "key" if key is not None else "range"
    fit = [given for given in inputs if given["partitioning"] == wanted]
    if not fit:
        why = f"the job reads {'ranges' if key is not None else 'text keys'}, not these"
        raise _wrong(job, f"/{wanted}", f"not_a_{wanted}", why)
    parted = [given for given in fit if not given["whole"]]
    if not parted:
        raise Conflict(
            f"Any part of what {job} reads concerns all of its output: no part can run by itself.",
            hint="Invalidate the input, or retry the last task.",
        )
    chosen = min(parted, key=lambda given: (given["hi"] - given["lo"], abs(given["lo"])))
    return _key(chosen, key) if range is None else _range(chosen, range)


def tasks_of(given: Given, *, strategy: int, part_size: int) -> int:
    """Return how many tasks an event makes for a job of this strategy."""
    if strategy != _PER_PARTITION or given.covers is None:
        return 1
    low, high = given.covers
    return (high - 1) // part_size - low // part_size + 1


def is_backfilled(tasks: int) -> bool:
    """Tell whether so many tasks of one event are carved one after another."""
    return tasks > FANOUT


def process_text(
    job: str, given: Given, *, tasks: int, dry_run: bool, paused: bool, held: bool
) -> str:
    """Say in a sentence or two what runs, or would."""
    low, high = given.covers or (0, 0)
    where = f"key {given.key}" if given.covers is None else f"[{low:,}, {high:,})"
    verb = "would run" if dry_run else ("runs" if tasks == 1 else "run")
    text = f"{count_text(tasks, 'task')} of {job} {verb} over {where}"
    if is_backfilled(tasks):
        text += ", as a backfill: bit by bit, after what comes now"
    if paused:
        return f"{text}. The job is paused: nothing starts before it is resumed."
    if held:
        return f"{text}. The job is held by backpressure: nothing starts before that ends."
    return f"{text}."


def _key(given: Row, key: str | None) -> Given:
    return Given(given["dataset_id"], given["dataset"], "key", key, None, None)


def _range(given: Row, wanted: Range) -> Given:
    """Go back from partitions to the input: an event over [a, b) concerns [a + lo, b + hi)."""
    lo, hi = given["lo"], given["hi"]
    low = wanted[0] - lo
    high = max(wanted[1] - hi, low + 1)
    covers = (low + lo, high + hi)
    return Given(given["dataset_id"], given["dataset"], "range", None, (low, high), covers)


def _wrong(job: str, pointer: str, code: str, why: str) -> InvalidInput:
    return InvalidInput(f"{job} has no such part.", problems=[Problem(pointer, code, why)])
