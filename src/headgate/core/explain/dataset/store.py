"""The statements of freshness, one function each."""

from datetime import datetime

from headgate.core.database import Connection
from headgate.core.events.model import KINDS
from headgate.core.explain.dataset.model import Dataset, InputOf, StaleCause, StalePlace
from headgate.core.explain.places import Place, Reading
from headgate.core.sql import load_queries

_SQL = load_queries(__package__)

_EVENTS_LOOKED_AT = 50  # of each dataset upstream


async def find_dataset(conn: Connection, *, org_id: int, name: str) -> Dataset | None:
    cursor = await conn.execute(_SQL["find_dataset"], {"org_id": org_id, "name": name})
    row = await cursor.fetchone()
    return Dataset(**row) if row else None


async def stale_places(
    conn: Connection, *, dataset_id: int, place: Place, limit: int
) -> list[StalePlace]:
    cursor = await conn.execute(
        _SQL["stale_places"],
        {
            "dataset_id": dataset_id,
            "rngs": place.multirange,
            "key": place.key,
            "below": place.below,
            "limit": limit,
        },
    )
    return [StalePlace(**row) for row in await cursor.fetchall()]


async def readings(conn: Connection, *, job_id: int) -> list[InputOf]:
    cursor = await conn.execute(_SQL["readings"], {"job_id": job_id})
    return [
        InputOf(
            row["dataset"],
            row["partitioning"],
            Reading(row["lo"], row["hi"], row["segments"], row["whole"]),
        )
        for row in await cursor.fetchall()
    ]


async def stale_causes(
    conn: Connection, *, dataset_id: int, place: Place, since: datetime, limit: int
) -> list[StaleCause]:
    cursor = await conn.execute(
        _SQL["stale_causes"],
        {
            "dataset_id": dataset_id,
            "rngs": place.multirange,
            "key": place.key,
            "below": place.below,
            "since": since,
            "limit": limit,
            "most": _EVENTS_LOOKED_AT,
        },
    )
    return [
        StaleCause(
            id=row["id"],
            dataset=row["dataset"],
            kind=KINDS[row["kind"]],
            key=row["key"],
            range=None if row["low"] is None else (row["low"], row["high"]),
            at=row["at"],
            producer_task=row["producer_task"],
        )
        for row in await cursor.fetchall()
    ]
