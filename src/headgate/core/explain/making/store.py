"""The statements of what is under way, one function each."""

from collections.abc import Sequence
from typing import Any

from headgate.core.database import Connection
from headgate.core.explain.making.model import Letter, Remainder, Work
from headgate.core.explain.places import Place
from headgate.core.sql import load_queries

_SQL = load_queries(__package__)

MOST = 100_000  # tasks or letters that are looked at where no key finds them
MOST_KEYED = 10_000  # the same where each one costs a look at its event
UNROUTED = 1000  # events that are counted


async def work_on(
    conn: Connection, *, job_id: int, ckeys: Sequence[str] | None, place: Place, limit: int
) -> list[Work]:
    cursor = await conn.execute(_SQL["work_on"], _looked_for(job_id, ckeys, place, limit))
    return [Work(**row) for row in await cursor.fetchall()]


async def backfills_on(conn: Connection, *, job_id: int, rngs: str, limit: int) -> list[Remainder]:
    cursor = await conn.execute(
        _SQL["backfills_on"], {"job_id": job_id, "rngs": rngs, "limit": limit}
    )
    return [Remainder(**row) for row in await cursor.fetchall()]


async def letters_on(
    conn: Connection, *, job_id: int, ckeys: Sequence[str] | None, place: Place, limit: int
) -> list[Letter]:
    cursor = await conn.execute(_SQL["letters_on"], _looked_for(job_id, ckeys, place, limit))
    return [Letter(**row) for row in await cursor.fetchall()]


async def backlog_of(conn: Connection, *, job_id: int, place: Place) -> tuple[int, bool, bool]:
    """Return what the job has in all.

    Events on their way to it, up to `UNROUTED`; whether it has more pending tasks than are looked
    at for this place where no key finds them; whether a Dispatcher leads.
    """
    most = _most(place)
    cursor = await conn.execute(
        _SQL["backlog_of"], {"job_id": job_id, "most": UNROUTED, "pending": most + 1}
    )
    row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - the router has one row
    return row["events"], row["pending"] > most, row["led"]


def _most(place: Place) -> int:
    return MOST if place.key is None else MOST_KEYED


def _looked_for(
    job_id: int, ckeys: Sequence[str] | None, place: Place, limit: int
) -> dict[str, Any]:
    return {
        "job_id": job_id,
        "ckeys": None if ckeys is None else list(ckeys),
        "rngs": place.multirange,
        "key": place.key,
        "below": place.below,
        "limit": limit,
        "most": _most(place),
    }
