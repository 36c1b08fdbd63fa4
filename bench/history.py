"""Years of use in a minute: history, events, jobs and queues, made by the database by sets."""

import asyncio
import time
from dataclasses import dataclass

import psycopg

_DAYS = 30  # that one growth is spread over
# As the product makes a day's partition, but filled before it is attached: then its indexes are
# built by sorting, which is ten times faster than a row at a time.
_CREATE = "create table core.{day} (like core.{table} including defaults including constraints)"
_ATTACH = """
alter table core.{table} attach partition core.{day}
for values from (current_date - {ago}) to (current_date - {ago} + 1)
"""
_AT = "current_date - %(ago)s + (n - %(first)s) / (%(last)s - %(first)s)::float8 * interval '24 h'"
# Of a hundred attempts two were retried and one was the last: those carry an error.
_HISTORY = f"""
insert into core.{{day}} (task_id, token, org_id, job_id, ckey, outcome, attempt, rngs, evs, n,
                          error, session_id, created_at, leased_at, done_at)
select id, id, 1, (%(ids)s::int[])[1 + n * 7919 %% cardinality(%(ids)s::int[])], 'u' || id,
       case n %% 100 when 0 then 3 when 1 then 1 when 2 then 1 else 0 end, 1,
       int8multirange(int8range(n, n + 1)), int8multirange(int8range(id, id + 1)), 1,
       case when n %% 100 < 3 then %(error)s::jsonb end, 1 + n %% 7,
       at - interval '80 ms', at - interval '50 ms', at
  from (select n, nextval('core.task_id') as id, {_AT} as at
          from generate_series(%(first)s::bigint, %(last)s - 1) n) s
"""
_ERROR = '{"code": "provider_unavailable", "message": "No answer in 30 s.", "retry": true}'
# Half of the events came from outside and carry a payload, half were emitted by tasks.
_EVENTS = f"""
insert into core.{{day}} (org_id, dataset_id, rng, payload, producer_task, at)
select 1, (%(ids)s::int[])[1 + n * 7919 %% cardinality(%(ids)s::int[])], int8range(n, n + 1),
       case when n %% 2 = 0 then jsonb_build_object('key', 'object/' || n, 'bytes', n) end,
       case when n %% 2 = 1 then n end, {_AT}
  from generate_series(%(first)s::bigint, %(last)s - 1) n
"""
# What was made here counts as routed.
_ROUTED = """
update core.router
   set s1 = pg_current_snapshot(), s2 = pg_current_snapshot(), last_xid = '0', last_id = 0
"""
_PAUSE = "update core.job set paused = true where name like 'paused%'"
_PENDING = """
insert into core.task_pending (org_id, job_id, ckey, rngs, evs)
select 1, j.ids[1 + n %% cardinality(j.ids)], 'u' || n, int8multirange(int8range(n, n + 1)),
       int8multirange(int8range(n, n + 1))
  from generate_series(1, %(count)s::bigint) n
  join (select array_agg(id) as ids from core.job where name like 'paused%%') j on true
"""


@dataclass(frozen=True, slots=True)
class _Log:
    """An append-only table, how to fill a day of it, and whose rows it tells of."""

    table: str
    fill: str
    ids: str


_LOGS = (
    _Log("task_history", _HISTORY, "select id from core.job"),
    _Log("event", _EVENTS, "select id from core.dataset"),
)


async def add_history(url: str, *, have: int, want: int, month: int) -> float:
    """Grow the history and the event log from `have` to `want` rows each; return the seconds.

    The new rows lie `month` (from 1) times 30 days back; a month can be used once.
    """
    started = time.perf_counter()
    await asyncio.gather(*(_grow(url, log, have, want, month) for log in _LOGS))
    async with await _connect(url) as conn:
        await conn.execute(_ROUTED)
        await conn.execute("checkpoint")
    return time.perf_counter() - started


async def _grow(url: str, log: _Log, have: int, want: int, month: int) -> None:
    async with await _connect(url) as conn:
        await conn.execute("set maintenance_work_mem = '256MB'")
        ids = [row[0] for row in await (await conn.execute(log.ids)).fetchall()]
        for day in range(_DAYS):
            ago = month * _DAYS + _DAYS - day
            names = {"table": log.table, "day": f"{log.table}_{ago}_days_ago", "ago": ago}
            first, last = (have + (want - have) * n // _DAYS for n in (day, day + 1))
            given = {"first": first, "last": last, "ago": ago, "ids": ids, "error": _ERROR}
            await conn.execute(_CREATE.format(**names))
            await conn.execute(log.fill.format(**names), given)
            await conn.execute(_ATTACH.format(**names))
            await conn.execute("vacuum (analyze) core.{day}".format(**names))


async def add_pending(url: str, *, count: int) -> None:
    """Pause the jobs whose name says so, and let `count` tasks wait for them."""
    async with await _connect(url) as conn:
        await conn.execute(_PAUSE)
        await conn.execute(_PENDING, {"count": count})
        await conn.execute("vacuum (analyze) core.task_pending")


def many_jobs(count: int, *, paused: int) -> list[str]:
    """Return DAGs of 100 jobs each, all run by the bench's worker; `paused` ask to be paused."""
    names = [f"{'paused' if n < paused else 'idle'}_{n}" for n in range(count)]
    return [_dag(number, names[at : at + 100]) for number, at in enumerate(range(0, count, 100))]


def _dag(number: int, jobs: list[str]) -> str:
    datasets = "\n".join(f"  many.{job}: {{partitioning: range}}" for job in jobs)
    lines = "\n".join(
        f"  {job}: {{operator: bench.noop, inputs: [many.{job}], update_strategy: append}}"
        for job in jobs
    )
    return f"dag: many_{number}\ndatasets:\n{datasets}\njobs:\n{lines}\n"


async def _connect(url: str) -> psycopg.AsyncConnection[tuple[int, ...]]:
    # What is made here needs no disk at each commit; what is measured uses other connections.
    return await psycopg.AsyncConnection.connect(
        url, autocommit=True, options="-c synchronous_commit=off -c jit=off"
    )
