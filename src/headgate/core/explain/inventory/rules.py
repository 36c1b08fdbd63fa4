"""A dataset of the inventory in words."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from headgate.core.explain.figures import count_text, span_text
from headgate.core.explain.inventory.model import MOST, Dataset, Row, Sink
from headgate.core.explain.standing.model import Standing

_SLOW = 60.0  # seconds that rows may wait for their sink


def dataset_of(row: Row, standings: Mapping[int, Standing]) -> Dataset:
    """Return a dataset of a row of the statement; `standings` are of producers and sinks, by id."""
    made_by = standings.get(row["producer_job_id"])
    sink = _sink(standings.get(row["sink_job_id"]), now=row["now"])
    return Dataset(
        name=row["name"],
        dag=row["dag"],
        description=row["description"],
        partitioning=row["partitioning"],
        unit=row["unit"],
        storage=row["storage"],
        write_mode=row["write_mode"],
        location=row["location"],
        columns=row["columns"],
        pii_columns=row["pii_columns"],
        producer=row["producer"],
        producer_kind=row["producer_kind"],
        producer_state=made_by.state if made_by else None,
        producer_dead=made_by.dead if made_by else 0,
        consumers=row["consumers"],
        consumer_count=row["consumer_count"],
        last_event_at=row["last_event_at"],
        stale_since=row["stale_since"],
        stale_units=row["stale_units"] if row["stale_since"] else 0,
        stale_keys=row["stale_keys"],
        sink=sink,
        note=" ".join(_notes(row, made_by, sink)),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def _sink(standing: Standing | None, *, now: datetime) -> Sink | None:
    if standing is None:
        return None
    oldest = standing.oldest_at
    lag = 0.0 if oldest is None else max(0.0, (now - oldest).total_seconds())
    return Sink(standing.job, standing.state, lag, standing.waiting, standing.dead)


def _notes(row: Row, made_by: Standing | None, sink: Sink | None) -> list[str]:
    found = []
    if row["stale_since"] is not None:
        span = span_text(row["now"] - row["stale_since"])
        found.append(f"{_how_much(row)} stale for {span}. {_mended(made_by)}")
    elif made_by is not None and made_by.dead:
        letters, are = _letters(made_by.dead), _is(made_by.dead)
        found.append(f"{letters} of {made_by.job} {are} open: that part was never made.")
    if sink is not None and sink.dead:
        found.append(f"Rows are missing in its table: {_letters(sink.dead)} of its sink.")
    elif sink is not None and sink.lag_seconds > _SLOW:
        found.append(f"Its table is {_seconds(sink.lag_seconds)} behind.")
    return found


def _how_much(row: Row) -> str:
    if row["stale_units"] is None:
        return "All of it is"
    if row["stale_keys"]:
        keys = row["stale_keys"]
        return f"{'At least ' if keys >= MOST else ''}{count_text(keys, 'key')} {_is(keys)}"
    units = row["stale_units"]
    return f"{count_text(units, row['unit'] or 'unit')} {_is(units)}"


def _mended(made_by: Standing | None) -> str:
    if made_by is None:
        return "No job makes it any more."
    match made_by.state:
        case "paused":
            return f"{made_by.job} makes it, and is paused: resume it."
        case "held":
            return f"{made_by.job} makes it, and is held until a queue downstream has drained."
        case "running" | "waiting":
            return f"{made_by.job} is making it anew."
        case "failing":
            return f"{made_by.job} has {_letters(made_by.dead)}: redrive or discard them."
        case "idle":
            return f"{made_by.job} makes it, and waits for its own inputs."
        case "removed":
            return f"{made_by.job} made it, and was removed."


def _letters(number: int) -> str:
    return f"{count_text(number, 'dead letter')}{' or more' if number >= MOST else ''}"


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _seconds(seconds: float) -> str:
    return span_text(timedelta(seconds=seconds))
