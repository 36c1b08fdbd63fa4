"""Partitions in words, and rows as cells and keys."""

from collections.abc import Mapping, Sequence
from typing import Any

from headgate.core.errors import InvalidInput, Problem
from headgate.core.explain.figures import count_text
from headgate.core.jobs.partitions.model import Cell, KeyState, PlaceState
from headgate.core.jobs.rules import Partitioning

Row = Mapping[str, Any]
_SUCCEEDED = {0, 6}
_CANCELLED = 4


def check_span(low: int | None, high: int | None) -> None:
    """Raise `InvalidInput` for a span without anything in it."""
    if low is not None and high is not None and low >= high:
        raise InvalidInput(
            "There is nothing between these two.",
            problems=[Problem("query to", "range_order", "must be more than `from`")],
        )


def cell_of(row: Row) -> Cell:
    low = row["low"] + row["at"] * row["width"]
    high = min(low + row["width"], row["high"])
    known = {name: row[name] for name in ("running", "waiting", "dead", "stale", "done")}
    return Cell(low, high, **known, untouched=high - low - sum(known.values()))


def key_of(row: Row) -> KeyState:
    return KeyState(row["key"], _state(row), row["task_id"], row["since"])


def _state(row: Row) -> PlaceState:
    if row["running"]:
        return "running"
    if row["waiting"]:
        return "waiting"
    if row["dead"]:
        return "dead"
    if row["stale"]:
        return "stale"
    if row["outcome"] in _SUCCEEDED:
        return "done"
    return "cancelled" if row["outcome"] == _CANCELLED else "dead"


def ranges_text(cells: Sequence[Cell], *, unit: str | None, complete: bool) -> str:
    """Say in a sentence how far a job is over the span of its cells."""
    if not cells:
        return "The job has not covered anything yet."
    total = cells[-1].high - cells[0].low
    noun = unit or "unit"
    said = [
        f"{sum(getattr(cell, state) for cell in cells):,} {state}"
        for state in ("done", "running", "waiting", "dead", "stale", "untouched")
        if any(getattr(cell, state) for cell in cells)
    ]
    text = f"Of {count_text(total, noun)} from {cells[0].low:,} on: {', '.join(said)}."
    return text if complete else f"{text} Only the newest attempts were looked at."


def keys_text(partitioning: Partitioning, *, complete: bool) -> str:
    """Say what a page of keys leaves out, or why there is none."""
    match partitioning:
        case "event":
            return "Each event is a task of its own: see the job's tasks."
        case "all":
            return "One task covers all that has come: see the job's tasks."
        case "key" | "range":
            return "" if complete else "Only the newest attempts were looked at."
