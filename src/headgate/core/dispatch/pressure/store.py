"""The statements of backpressure, one function each."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from headgate.core.database import Connection
from headgate.core.dispatch.pressure.rules import Limits, Waiting
from headgate.core.sql import load_queries

_SQL = load_queries(__package__)


@dataclass(frozen=True, slots=True)
class Valve:
    """One edge (a dataset and the job that reads it) or a runtime, as it was and as it is measured.

    `moved` is how many seconds ago it closed or opened.
    """

    subject: str
    dataset_id: int | None
    job_id: int | None
    limits: Limits
    waiting: Waiting
    closed: bool
    pressure: float
    moved: float
    cause: str = ""


async def edges(conn: Connection) -> list[Valve]:
    cursor = await conn.execute(_SQL["edges"])
    return [
        Valve(
            subject=row["subject"],
            dataset_id=row["dataset_id"],
            job_id=row["job_id"],
            limits=Limits(
                row["max_rows"],
                row["max_units"],
                row["max_bytes"],
                row["max_age_ms"],
                row["reopen"],
            ),
            waiting=Waiting(row["rows"], row["units"], row["bytes"], row["age_ms"]),
            closed=row["closed"],
            pressure=row["pressure"],
            moved=row["moved"],
        )
        for row in await cursor.fetchall()
    ]


async def runtimes(conn: Connection, *, limit: int) -> list[Valve]:
    """Return a valve for each runtime, at which `limit` tasks may wait."""
    cursor = await conn.execute(_SQL["runtimes"], {"limit": limit})
    return [
        Valve(
            subject=row["subject"],
            dataset_id=None,
            job_id=None,
            limits=Limits(rows=limit),
            waiting=Waiting(rows=row["rows"]),
            closed=row["closed"],
            pressure=row["pressure"],
            moved=row["moved"],
        )
        for row in await cursor.fetchall()
    ]


async def set_valves(conn: Connection, *, valves: Sequence[Valve]) -> None:
    await conn.execute(
        _SQL["set_valves"],
        {
            "subjects": [v.subject for v in valves],
            "datasets": [v.dataset_id for v in valves],
            "jobs": [v.job_id for v in valves],
            "closed": [v.closed for v in valves],
            "pressures": [v.pressure for v in valves],
            "causes": [v.cause for v in valves],
            "measured": [json.dumps(asdict(v.waiting)) for v in valves],
        },
    )


async def drop_valves(conn: Connection, *, keep: Sequence[str]) -> None:
    await conn.execute(_SQL["drop_valves"], {"subjects": list(keep)})


async def set_holds(conn: Connection) -> tuple[int, int]:
    """Bring holds in line with the valves; return how many were lifted, and how many are new."""
    cursor = await conn.execute(_SQL["set_holds"])
    row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - an aggregate always has a row
    return row["freed"], row["held"]
