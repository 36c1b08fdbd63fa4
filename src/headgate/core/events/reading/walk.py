"""Choosing the index that answers a question about the log, and how far to walk it."""

from datetime import datetime, timedelta

from headgate.core.database import Connection
from headgate.core.errors import NotFound
from headgate.core.events.reading import store
from headgate.core.events.reading.model import NEWEST, EventFilter, Look

_WINDOW = 10_000  # events that one look walks over
_PICKY_INVALIDATIONS = 1000  # the same, of each dataset
_DATASETS = 5000
_LATE = timedelta(seconds=5)  # by which ids and times may be out of step


async def list_matching(
    conn: Connection, *, org_id: int, wanted: EventFilter, below: int = NEWEST, limit: int
) -> Look:
    """Return up to `limit` events with ids below `below`, newest first.

    Where few of very many events are wanted, a look ends early: `go_on` is where the next begins.
    Of a task that emitted more than 10,000 events, only so many are found. Raises `NotFound` for a
    dataset that there never was.
    """
    low, high = await _bounds(conn, wanted, below)
    walk, window = _walk(wanted, limit)
    datasets: list[int] = []
    if walk != "log":
        datasets = await store.datasets_named(
            conn, org_id=org_id, name=wanted.dataset, limit=_DATASETS
        )
        if wanted.dataset is not None and not datasets:
            raise NotFound(
                f"There is no dataset {wanted.dataset}.",
                hint="`headgate dataset list` shows the datasets.",
            )
    return await store.list_events(
        conn,
        org_id=org_id,
        walk=walk,
        datasets=datasets,
        wanted=wanted,
        low=low,
        high=high,
        window=window,
        limit=limit,
    )


def _walk(wanted: EventFilter, limit: int) -> tuple[store.Walk, int]:
    if wanted.producer_task is not None:
        return "producer", _WINDOW
    if wanted.kind == "invalidate":
        return "invalidations", max(limit, _PICKY_INVALIDATIONS) if wanted.is_picky else limit
    window = _WINDOW if wanted.is_picky else limit
    return ("log", window) if wanted.dataset is None else ("dataset", window)


async def _bounds(conn: Connection, wanted: EventFilter, below: int) -> tuple[int, int]:
    """Return the ids between which the wanted events are, with some more on either side."""
    low, high = 0, below
    if wanted.since is not None:
        first = await store.first_id_since(conn, at=_moved(wanted.since, -_LATE))
        low = NEWEST if first is None else first
    if wanted.until is not None:
        first = await store.first_id_since(conn, at=_moved(wanted.until, _LATE))
        high = below if first is None else min(below, first)
    return low, high


def _moved(at: datetime, by: timedelta) -> datetime:
    try:
        return at + by
    except OverflowError:
        return at
