"""What Postgres itself does of a task's life: lease and end rows by sets, nothing in between.

The least that a queue writes which merges work, never runs a key twice and remembers: a row with
its ranges and its events, one key and one order of what waits, one key of what runs, two commits a
batch that reach the disk. No router, no events, no handlers, no retries.
"""

import asyncio
import time
from typing import Any

import psycopg

_BATCH = 500
_CONNECTIONS = 2  # as many as the machine class has cores: more are slower
_TABLES = """
drop schema if exists raw cascade;
create schema raw;
create sequence raw.token;
create table raw.pending (
    id bigint not null, job_id int not null, ckey text collate "C" not null,
    rngs int8multirange not null, evs int8multirange not null, created_at timestamptz not null,
    primary key (job_id, ckey));
create index on raw.pending (job_id, id);
create table raw.lease (
    task_id bigint primary key, token bigint not null default nextval('raw.token'),
    job_id int not null, ckey text collate "C" not null,
    rngs int8multirange not null, evs int8multirange not null, created_at timestamptz not null,
    leased_at timestamptz not null default clock_timestamp(),
    unique (job_id, ckey));
create table raw.history (
    task_id bigint not null, token bigint not null, job_id int not null, ckey text not null,
    rngs int8multirange not null, evs int8multirange not null, created_at timestamptz not null,
    leased_at timestamptz not null, done_at timestamptz not null default clock_timestamp());
create index on raw.history (task_id);
"""
_FILL = """
insert into raw.pending
select n, 1, 'u' || n, int8multirange(r), int8multirange(r), now()
  from generate_series(1, %s) n, int8range(n, n + 1) r
"""
_CLAIM = """
with pick as materialized (
    select ctid from raw.pending p
     where job_id = 1 and id > %s
       and not exists (select from raw.lease l
                        where l.job_id = p.job_id and l.ckey = p.ckey offset 0)
     order by id limit %s for update skip locked
), gone as (
    delete from raw.pending where ctid = any (array(select ctid from pick)) returning *
)
insert into raw.lease (task_id, job_id, ckey, rngs, evs, created_at)
select id, job_id, ckey, rngs, evs, created_at from gone
returning task_id, token
"""
_COMPLETE = """
with gone as (
    delete from raw.lease l using unnest(%s::bigint[], %s::bigint[]) as i(task_id, token)
     where l.task_id = i.task_id and l.token = i.token returning l.*
)
insert into raw.history (task_id, token, job_id, ckey, rngs, evs, created_at, leased_at)
select task_id, token, job_id, ckey, rngs, evs, created_at, leased_at from gone
"""

Connection = psycopg.AsyncConnection[Any]
Leases = list[tuple[int, int]]


async def raw_tasks_a_second(url: str, count: int) -> float:
    """Claim and complete `count` prepared rows; the completion rides with the next claim."""
    connections = [
        await psycopg.AsyncConnection.connect(url, autocommit=True, prepare_threshold=1)
        for _ in range(_CONNECTIONS)
    ]
    try:
        await connections[0].execute(_TABLES)
        await connections[0].execute(_FILL, [count])
        await connections[0].execute("vacuum analyze raw.pending")
        started = time.perf_counter()
        done = await asyncio.gather(*map(_work, connections))
        took = time.perf_counter() - started
    finally:
        for conn in connections:
            await conn.close()
    if sum(done) != count:
        raise RuntimeError(f"{sum(done)} of {count} rows were completed")
    return count / took


async def _work(conn: Connection) -> int:
    leases: Leases = []
    done = after = 0
    while True:
        claimed = await _exchange(conn, leases, after)
        done += len(leases)
        leases = claimed
        if not leases:
            return done
        after = max(task for task, _ in leases)


async def _exchange(conn: Connection, leases: Leases, after: int) -> Leases:
    """Complete `leases` and claim the next, each in a transaction of its own, in one round trip."""
    async with conn.pipeline():
        if leases:
            await conn.execute("begin")
            await conn.execute(_COMPLETE, [[t for t, _ in leases], [k for _, k in leases]])
            await conn.execute("commit")
        await conn.execute("begin")
        # As the product does: a plan that was made while the queue was short must not be kept.
        await conn.execute("set local plan_cache_mode = force_generic_plan")
        await conn.execute("set local enable_seqscan = off")
        claimed = await conn.execute(_CLAIM, [after, _BATCH])
        await conn.execute("commit")
    return await claimed.fetchall()
