"""The statements of what became of an event, one function each."""

from headgate.core.database import Connection
from headgate.core.explain.event.model import MOST_AHEAD, Reader, Routing
from headgate.core.sql import load_queries

_SQL = load_queries(__package__)


async def routing_of(conn: Connection, *, org_id: int, event_id: int) -> Routing | None:
    """Return None for an event that is not there (any more)."""
    cursor = await conn.execute(
        _SQL["routing_of"], {"org_id": org_id, "event_id": event_id, "most": MOST_AHEAD + 1}
    )
    row = await cursor.fetchone()
    return Routing(**row) if row else None


async def readers_of(conn: Connection, *, org_id: int, event_id: int, limit: int) -> list[Reader]:
    cursor = await conn.execute(
        _SQL["readers_of"], {"org_id": org_id, "event_id": event_id, "limit": limit}
    )
    return [Reader(**row) for row in await cursor.fetchall()]
