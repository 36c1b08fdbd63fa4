"""The statements of the lineage of datasets, one function each."""

from collections.abc import Sequence

from headgate.core.database import Connection
from headgate.core.explain.lineage.datasets.model import DatasetStatus, Link
from headgate.core.sql import load_queries

_SQL = load_queries(__package__)


async def links_below(
    conn: Connection, *, org_id: int, datasets: Sequence[int], limit: int
) -> list[Link]:
    cursor = await conn.execute(
        _SQL["links_below"], {"org_id": org_id, "datasets": list(datasets), "limit": limit}
    )
    return [Link(**row) for row in await cursor.fetchall()]


async def links_above(
    conn: Connection, *, org_id: int, datasets: Sequence[int], limit: int
) -> list[Link]:
    cursor = await conn.execute(
        _SQL["links_above"], {"org_id": org_id, "datasets": list(datasets), "limit": limit}
    )
    return [Link(**row) for row in await cursor.fetchall()]


async def dataset_status(
    conn: Connection, *, org_id: int, datasets: Sequence[int]
) -> list[DatasetStatus]:
    cursor = await conn.execute(
        _SQL["dataset_status"], {"org_id": org_id, "datasets": list(datasets)}
    )
    return [DatasetStatus(**row) for row in await cursor.fetchall()]
