"""Two other ways to mark what is stale: the least that has to be written, and a step at a time."""

import time
from collections.abc import Awaitable, Callable

from headgate.core.database import Connection

Hit = tuple[int, int, int]
"""A dataset, and the range of it that was invalidated."""

_TABLE = """
create temp table bare_stale (dataset_id int, key text collate "C", rngs int8multirange not null,
                              primary key (dataset_id, key))
"""
_WRITE = "insert into bare_stale select dataset_id, key, rngs from core.stale order by 1, 2"
_READERS = """
select d.id, s.lo_off, s.hi_off from core.subscription s
  join core.dataset d on d.producer_job_id = s.job_id where s.dataset_id = %s
"""
_MARK = """
insert into bare_stale as t values (%s, '', int8multirange(int8range(%s, %s)))
on conflict (dataset_id, key) do update set rngs = t.rngs + excluded.rngs
"""
_MISSED = """
select count(*) as n from bare_stale b left join core.stale s using (dataset_id, key)
 where (s.rngs @> b.rngs) is not true
"""


async def bare_write(conn: Connection) -> float:
    """Return the ms of writing the rows that the router wrote, with nothing to find out."""

    async def write() -> None:
        await conn.execute(_WRITE)

    return await _timed(conn, write)


async def step_by_step(conn: Connection, hit: Hit) -> float:
    """Return the ms of a walk over the graph that asks for the readers of each dataset.

    Raises if it found a key stale that the router had not marked.
    """

    async def walk() -> None:
        frontier = {hit[0]: hit[1:]}
        while frontier:
            reached: dict[int, tuple[int, int]] = {}
            for dataset, (low, high) in frontier.items():
                for row in await (await conn.execute(_READERS, [dataset])).fetchall():
                    wide = (low + row["lo_off"], high + row["hi_off"])
                    known = reached.get(row["id"], wide)
                    reached[row["id"]] = (min(known[0], wide[0]), max(known[1], wide[1]))
            for dataset, (low, high) in reached.items():
                await conn.execute(_MARK, [dataset, low, high])
            frontier = reached

    return await _timed(conn, walk)


async def _timed(conn: Connection, work: Callable[[], Awaitable[None]]) -> float:
    await conn.execute(_TABLE)
    try:
        async with conn.transaction():
            started = time.perf_counter()
            await work()
        took = time.perf_counter() - started
        row = await (await conn.execute(_MISSED)).fetchone()
        if row is None or row["n"]:
            raise RuntimeError(f"the router missed keys of {row and row['n']} datasets")
        return took * 1000
    finally:
        await conn.execute("drop table bare_stale")
