"""Looking up datasets for people."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from headgate.core.database import Connection
from headgate.core.explain.dataset.model import StalePlace
from headgate.core.explain.dataset.reading import find_dataset
from headgate.core.explain.dataset.rules import no_dataset
from headgate.core.explain.dataset.store import stale_places
from headgate.core.explain.inventory import store
from headgate.core.explain.inventory.model import MOST, Dataset, DatasetHistory, Row, StaleParts
from headgate.core.explain.inventory.rules import dataset_of
from headgate.core.explain.places import EVERYTHING, Place
from headgate.core.explain.standing.store import standings
from headgate.core.work.rules import parse_ranges

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_BY_HOUR = 3  # days up to which a history is by the hour
_PARTS = 100


async def list_datasets(
    conn: Connection,
    *,
    org_id: int,
    words: str | None,
    stale: bool | None,
    after: str,
    limit: int,
) -> list[Dataset]:
    """Return datasets by name from behind `after`."""
    rows = await store.inventory(
        conn, org_id=org_id, words=words, stale=stale, after=after, limit=limit
    )
    return await _with_jobs(conn, org_id, rows)


async def dataset_in_full(
    conn: Connection, *, org_id: int, name: str
) -> tuple[Dataset, StaleParts]:
    """Return one dataset and what of it is stale; raise `NotFound`."""
    rows = await store.inventory(conn, org_id=org_id, name=name, limit=1)
    if not rows:
        raise no_dataset(name)
    (found,) = await _with_jobs(conn, org_id, rows)
    stale = await stale_places(conn, dataset_id=rows[0]["id"], place=Place(), limit=_PARTS + 1)
    return found, _parts(stale)


async def history_of(
    conn: Connection, *, org_id: int, name: str, days: int, now: datetime
) -> DatasetHistory:
    """Return how many events came into a dataset in the last `days`; raise `NotFound`.

    By the hour up to three days, else by the day (UTC).
    """
    dataset = await find_dataset(conn, org_id=org_id, name=name)
    if days <= _BY_HOUR:
        step, until = _HOUR, now.replace(minute=0, second=0, microsecond=0) + _HOUR
    else:
        step, until = _DAY, now.replace(hour=0, minute=0, second=0, microsecond=0) + _DAY
    return await store.event_bins(
        conn, dataset_id=dataset.id, dataset=name, since=until - days * _DAY, until=until, step=step
    )


async def _with_jobs(conn: Connection, org_id: int, rows: Sequence[Row]) -> list[Dataset]:
    jobs = {row[of] for row in rows for of in ("producer_job_id", "sink_job_id")} - {None}
    found = await standings(conn, org_id=org_id, jobs=sorted(jobs), most=MOST) if jobs else []
    return [dataset_of(row, {one.job_id: one for one in found}) for row in rows]


def _parts(stale: Sequence[StalePlace]) -> StaleParts:
    ranges = [one for row in stale if not row.key for one in parse_ranges(row.rngs)]
    keys = [row.key for row in stale if row.key]
    return StaleParts(
        ranges=ranges[:_PARTS],
        keys=keys[:_PARTS],
        whole=any(not row.key and row.rngs == EVERYTHING for row in stale),
        more=len(stale) > _PARTS or len(ranges) > _PARTS,
    )
