"""The statements of sources, one function each."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from headgate.core.database import Connection
from headgate.core.sql import load_queries

_SQL = load_queries(__package__)


async def object_sources(conn: Connection, *, org_id: int | None = None) -> list[dict[str, Any]]:
    """Return the object_created sources: id, org_id, dataset_id, prefix, suffix."""
    cursor = await conn.execute(_SQL["object_sources"], {"org_id": org_id})
    return await cursor.fetchall()


async def unseen_objects(
    conn: Connection, *, org_id: int, puts: Sequence[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Return those of the (key, version) `puts` that were not announced."""
    cursor = await conn.execute(
        _SQL["unseen_objects"],
        {"org_id": org_id, "keys": [k for k, _ in puts], "versions": [v for _, v in puts]},
    )
    return {(row["key"], row["version"]) for row in await cursor.fetchall()}


async def see_object(conn: Connection, *, org_id: int, key: str, version: str) -> bool:
    """Remember a put; False when it was remembered before."""
    cursor = await conn.execute(
        _SQL["see_object"], {"org_id": org_id, "key": key, "version": version}
    )
    return await cursor.fetchone() is not None


async def due_schedules(conn: Connection, *, now: datetime) -> list[dict[str, Any]]:
    """Lock and return the schedules to look at: id, org_id, dataset_id, name, spec, next_at."""
    cursor = await conn.execute(_SQL["due_schedules"], {"now": now})
    return await cursor.fetchall()


async def set_next_fire(conn: Connection, *, id: int, next_at: datetime) -> None:  # noqa: A002
    await conn.execute(_SQL["set_next_fire"], {"id": id, "next_at": next_at})


async def http_source(
    conn: Connection, *, org_id: int, dag: str, source: str
) -> dict[str, Any] | None:
    """Return the HTTP source with its dataset's id, name and partitioning."""
    cursor = await conn.execute(
        _SQL["http_source"], {"org_id": org_id, "dag": dag, "source": source}
    )
    return await cursor.fetchone()
