"""The two ends of routing: a row at a time, and the least that Postgres does for it by sets.

Both read events from a table in order and merge them into pending rows, one a key, in transactions
of 5000 that do not wait for the disk (as the product's router: what is lost is routed again). Both
trust ids as a cursor, which loses events that commit late: they are here for their speed only.
"""

import time
from typing import Any

import psycopg

_BATCH = 5000
_TABLES = """
drop schema if exists naive cascade;
create schema naive;
create table naive.event (id bigint primary key, key int not null, rng int8range not null);
create table naive.pending (job_id int, key int, rngs int8multirange not null, n bigint not null,
                            primary key (job_id, key));
create table naive.cursor (at bigint not null);
insert into naive.cursor values (0);
"""
_FILL = """
insert into naive.event
select n, n / %(size)s, int8range(n, n + 1) from generate_series(1, %(count)s) n
"""
_READ = "select key, lower(rng), upper(rng) from naive.event where id > %s order by id limit %s"
_MERGE_ONE = """
insert into naive.pending as t values (1, %s, int8multirange(int8range(%s, %s)), 1)
on conflict (job_id, key) do update set rngs = t.rngs + excluded.rngs, n = t.n + 1
"""
_MERGE_ALL = """
with ev as materialized (
    select * from naive.event where id > (select at from naive.cursor) order by id limit %s
), merged as (
    insert into naive.pending as t
    select 1, key, range_agg(rng), count(*) from ev group by key order by key
    on conflict (job_id, key) do update set rngs = t.rngs + excluded.rngs, n = t.n + excluded.n
), moved as (
    update naive.cursor set at = (select max(id) from ev) where exists (select from ev)
)
select count(*) from ev
"""

Connection = psycopg.AsyncConnection[Any]


async def one_at_a_time(url: str, count: int, *, size: int) -> float:
    """Return events/s when a router sends one statement an event and waits for its answer."""
    async with await _prepared(url, count, size) as conn:
        started = time.perf_counter()
        for first in range(0, count, _BATCH):
            async with conn.transaction():
                rows = await (await conn.execute(_READ, [first, _BATCH])).fetchall()
                for key, low, high in rows:
                    await conn.execute(_MERGE_ONE, [key, low, high])
        return count / (time.perf_counter() - started)


async def set_limit(url: str, count: int, *, size: int) -> float:
    """Return events/s of one bare statement a batch: no subscriptions, no snapshots, no lineage."""
    async with await _prepared(url, count, size) as conn:
        started = time.perf_counter()
        done = 0
        while batch := await _merge(conn):
            done += batch
        took = time.perf_counter() - started
    if done != count:
        raise RuntimeError(f"{done} of {count} events were merged")
    return count / took


async def _merge(conn: Connection) -> int:
    row = await (await conn.execute(_MERGE_ALL, [_BATCH])).fetchone()
    return int(row[0]) if row else 0


async def _prepared(url: str, count: int, size: int) -> Connection:
    conn = await psycopg.AsyncConnection.connect(
        url, autocommit=True, prepare_threshold=1, options="-c synchronous_commit=off -c jit=off"
    )
    await conn.execute(_TABLES)
    await conn.execute(_FILL, {"size": size, "count": count})
    await conn.execute("vacuum analyze naive.event")
    return conn
