"""Looking up where a job has been."""

from dataclasses import replace

from headgate.core.database import Connection
from headgate.core.jobs import store as jobs
from headgate.core.jobs.partitions import store
from headgate.core.jobs.partitions.model import Partitions
from headgate.core.jobs.partitions.rules import (
    cell_of,
    check_span,
    key_of,
    keys_text,
    ranges_text,
)
from headgate.core.jobs.reading import find_job
from headgate.core.jobs.rules import Partitioning, partitioning_of
from headgate.core.paging import Cursor

_PER_PARTITION = 1


async def partitions_of(
    conn: Connection,
    *,
    org_id: int,
    job: str,
    low: int | None = None,
    high: int | None = None,
    cells: int = 200,
    after: str = "",
    limit: int = 50,
) -> Partitions:
    """Return the partitions of a job: of ranges at most `cells` cells, of keys a page of `limit`.

    The span is what the job has ever covered, as far as is looked at, or from `low` to `high`.
    Raises `NotFound`, and `InvalidInput` for a span without anything in it.
    """
    check_span(low, high)
    found = await find_job(conn, org_id=org_id, job=job)
    inputs = await jobs.inputs(conn, job_id=found["id"])
    partitioning = partitioning_of(found, inputs)
    if partitioning == "range":
        size = found["part_size"] if found["strategy"] == _PER_PARTITION else 1
        rows = await store.cells(
            conn, job_id=found["id"], low=low, high=high, cells=cells, size=size
        )
        unit = next((given["unit"] for given in inputs if given["unit"]), None)
        return _ranges(job, rows, unit=unit)
    if partitioning == "key":
        rows = await store.keys(conn, job_id=found["id"], after=after, limit=limit + 1)
        return _keys(job, rows, limit=limit)
    return _partitions(job, partitioning)


def _ranges(job: str, rows: list[store.Row], *, unit: str | None) -> Partitions:
    first = rows[0]
    complete = first["attempts"] <= store.MOST_ATTEMPTS and first["queued"] <= store.MOST_QUEUED
    cells = [cell_of(row) for row in rows if row["at"] is not None]
    return Partitions(
        job=job,
        partitioning="range",
        unit=unit,
        low=first["low"],
        high=first["high"],
        width=first["width"],
        cells=cells,
        keys=(),
        next_cursor=None,
        complete=complete,
        text=ranges_text(cells, unit=unit, complete=complete),
    )


def _keys(job: str, rows: list[store.Row], *, limit: int) -> Partitions:
    complete = rows[0]["attempts"] <= store.MOST_ATTEMPTS
    keys = [key_of(row) for row in rows if row["key"] is not None]
    return replace(
        _partitions(job, "key", complete=complete),
        keys=keys[:limit],
        next_cursor=str(Cursor((keys[limit - 1].key,))) if len(keys) > limit else None,
    )


def _partitions(job: str, partitioning: Partitioning, *, complete: bool = True) -> Partitions:
    return Partitions(
        job=job,
        partitioning=partitioning,
        unit=None,
        low=None,
        high=None,
        width=None,
        cells=(),
        keys=(),
        next_cursor=None,
        complete=complete,
        text=keys_text(partitioning, complete=complete),
    )
