"""How long until everything downstream of an invalidation is marked stale."""

import argparse
import asyncio
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from cascade_peers import Hit, bare_write, step_by_step
from headgate.core.database import Connection
from headgate.core.events.model import NewEvent
from layers import layered_dags
from result import Spread, report, spread, tell
from rig import Core, core
from server import fresh_server

SUMMARY = "ms to mark everything downstream stale: 200 datasets, 50 M keys, beside two other ways"
_LAYERS, _WIDTH, _READS = 10, 20, 3
_KEYS = 50_000_000
_PARTITION = 10_000
_SPAN = 1000  # keys of one invalidation
_MANY = 100
_TARGET = 50
_EXPECTED = """
select count(distinct dst) as n from core.closure
 where src = any (%(sources)s::int[]) and (replaces or gates)
"""


@dataclass(frozen=True, slots=True)
class Cascade:
    """Milliseconds of the product and of the other ways, and how many datasets were marked."""

    routed: float
    bare: float
    stepped: float | None
    marked: int


async def cascade(parts: Core, hits: Sequence[Hit]) -> Cascade:
    """Invalidate `hits` in one transaction; measure from the router's start to its commit."""
    async with parts.database.connection() as conn:
        await conn.execute("truncate core.stale, core.task_pending, core.backfill")
    await parts.emit([NewEvent(d, range=(low, high), kind="invalidate") for d, low, high in hits])
    started = time.perf_counter()
    await parts.route_all()
    routed = (time.perf_counter() - started) * 1000
    async with parts.database.connection() as conn:
        marked = await _count(conn, "select count(distinct dataset_id) as n from core.stale")
        expected = await _count(conn, _EXPECTED, sources=[d for d, _, _ in hits])
        if marked != expected:
            raise RuntimeError(f"{marked} datasets were marked stale, not {expected}")
        bare = await bare_write(conn)
        stepped = await step_by_step(conn, hits[0]) if len(hits) == 1 else None
    return Cascade(routed, bare, stepped, marked)


async def _count(conn: Connection, query: str, **given: object) -> int:
    row = await (await conn.execute(query, given)).fetchone()
    return int(row["n"]) if row else 0


def _hits(roots: Sequence[int], count: int, chance: random.Random) -> list[Hit]:
    lows = [chance.randrange(_KEYS - _SPAN) for _ in range(count)]
    return [(chance.choice(roots), low, low + _SPAN) for low in lows]


async def rounds(url: str, count: int) -> dict[int, list[Cascade]]:
    """Return the rounds of one invalidation and of many; the first of each only warms up."""
    dags = layered_dags(layers=_LAYERS, width=_WIDTH, reads=_READS, partition_size=_PARTITION)
    started = time.perf_counter()
    async with core(url, *dags) as parts:
        async with parts.database.connection() as conn:
            rows = await _count(conn, "select count(*) as n from core.closure")
            await conn.execute("vacuum (analyze) core.closure")
        tell(f"deployed in {time.perf_counter() - started:.1f} s; the closure has {rows:,} rows")
        roots = [parts.datasets[f"w.d0_{place}"] for place in range(_WIDTH)]
        chance = random.Random(7)  # noqa: S311 - the same places in every run
        return {
            many: [await cascade(parts, _hits(roots, many, chance)) for _ in range(count + 1)][1:]
            for many in (1, _MANY)
        }


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="cascade", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args(arguments)
    with fresh_server() as server:
        found = asyncio.run(rounds(server.url, options.rounds))
    for many, cascades in found.items():
        marked = spread([c.marked for c in cascades])
        tell(
            f"{many} invalidations: {_ms(cascades, 'routed')} ms, {marked} datasets;"
            f" bare write {_ms(cascades, 'bare')} ms"
        )
    tell(f"1 invalidation a step at a time: {_ms(found[1], 'stepped')} ms")
    report(
        "cascade",
        [c.routed for c in found[_MANY]],
        "ms",
        against={"bare write of the same rows": [c.bare for c in found[_MANY]]},
        one={
            "ms": round(_ms(found[1], "routed").median, 1),
            "step_by_step_ms": round(_ms(found[1], "stepped").median, 1),
            "bare_ms": round(_ms(found[1], "bare").median, 1),
        },
        target=_TARGET,
    )


def _ms(cascades: Sequence[Cascade], name: str) -> Spread:
    return spread([getattr(c, name) for c in cascades])


if __name__ == "__main__":
    main(sys.argv[1:])
