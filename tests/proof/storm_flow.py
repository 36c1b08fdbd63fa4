"""The flow that the storm rages over: its jobs, their operators, and tables that show what these did.

Four jobs note each number of `numbers`: they tell what is lost or doubled. The diamond a -> b, c -> d
copies what was last written of each point: d must never mix, and end up the same as a.
"""

import asyncio
from typing import Any

from headgate.core.app import TaskContext
from headgate.core.database import Connection
from proof.workers import EFFECTS, Run, noting

NOTING = ("each", "part", "all", "rated")
CAP = 2  # of `part`
RATE, BURST = 30, 4  # of `rated`, tasks a second
POINTS = 12
_READS = {"b": ("a",), "c": ("a",), "d": ("b", "c")}
_RETRY = "retry: {attempts: 1000, backoff: 50ms, max_backoff: 200ms}"
_NOTE = f"operator: proof.note, inputs: [numbers], update_strategy: append, {_RETRY}"
_MAKE = f"operator: proof.make, {_RETRY}"
_PART = "execution_strategy: PerPartition, partition_size:"
DAG = f"""
dag: storm
datasets:
  numbers: {{partitioning: range}}
  a: {{partitioning: range}}
  b: {{partitioning: range}}
  c: {{partitioning: range}}
  d: {{partitioning: range}}
sources:
  numbers: {{kind: http, dataset: numbers}}
  points: {{kind: http, dataset: a}}
jobs:
  each: {{{_NOTE}}}
  part: {{{_NOTE}, {_PART} 8, scaling: {{max_concurrency: {CAP}}}}}
  all: {{{_NOTE}, execution_strategy: Bulk, debounce: {{quiet: 100ms, max_wait: 500ms}}}}
  rated: {{{_NOTE}, {_PART} 4, rate: {{limit: {RATE}, burst: {BURST}}}}}
  b: {{{_MAKE}, inputs: [a], outputs: [b], {_PART} 3, cancel_on_invalidate: true}}
  c: {{{_MAKE}, inputs: [a], outputs: [c], execution_strategy: Bulk}}
  d: {{{_MAKE}, inputs: [b, c], outputs: [d], {_PART} 4}}
"""
# Each move of the router's cursor is noted with who made it: a process is known by the name that its
# connections have.
TABLES = f"""
{EFFECTS};
create table value (dataset text, point int, number int, primary key (dataset, point));
create table mixed (token bigint, point int, numbers text);
create table routed (epoch bigint, leader text, router text);
create function note_route() returns trigger language plpgsql as $$
begin
    insert into routed values (new.epoch, new.leader, current_setting('application_name'));
    return null;
end $$;
create trigger note_route after update of s1, s2, last_xid, last_id on core.router
   for each row execute function note_route();
"""


def operators(worker: str, *, seconds: float) -> dict[str, Run]:
    """Return the operators of the flow. A task takes `seconds`, some take far longer, some fail."""
    note_all = noting(worker)

    async def note(ctx: TaskContext[Any]) -> None:
        await _toil(ctx, seconds)
        await note_all(ctx)

    async def make(ctx: TaskContext[Any]) -> None:
        """Read each input at a moment of its own; c is slow, so the ways of the diamond differ."""
        job = ctx.task.job.rpartition(".")[2]
        points = [point for low, high in ctx.task.ranges for point in range(low, high)]
        read: dict[str, dict[int, int]] = {}
        for dataset in _READS[job]:
            read[dataset] = await ctx.read(numbers_of, dataset=dataset, points=points)
            await _toil(ctx, seconds * (4 if job == "c" else 1))
        ctx.write(_keep, dataset=job, token=ctx.task.token, points=points, read=read)

    return {"note": note, "make": make}


async def _toil(ctx: TaskContext[Any], seconds: float) -> None:
    token = ctx.task.token
    await asyncio.sleep(seconds * (10 if token % 16 == 0 else 1))
    ctx.log("has toiled")
    if token % 19 == 0:
        raise RuntimeError("one in nineteen fails")


async def numbers_of(conn: Connection, *, dataset: str, points: list[int]) -> dict[int, int]:
    """Return the numbers of the points that a dataset has."""
    cursor = await conn.execute(
        "select point, number from value where dataset = %s and point = any(%s)", [dataset, points]
    )
    return {row["point"]: row["number"] for row in await cursor.fetchall()}


async def set_numbers(conn: Connection, *, dataset: str, numbers: dict[int, int]) -> None:
    """Give points of a dataset their numbers."""
    await conn.execute(
        "insert into value select %s, * from unnest(%s::int[], %s::int[])"
        " on conflict (dataset, point) do update set number = excluded.number",
        [dataset, list(numbers), list(numbers.values())],
    )


async def _keep(
    conn: Connection,
    *,
    dataset: str,
    token: int,
    points: list[int],
    read: dict[str, dict[int, int]],
) -> None:
    """Write what was made of the numbers that were read, and note each mix."""
    made = {}
    for point in points:
        seen = {name: numbers.get(point, 0) for name, numbers in read.items()}
        made[point] = max(seen.values())
        if len(set(seen.values())) > 1:
            await conn.execute("insert into mixed values (%s, %s, %s)", [token, point, str(seen)])
    await set_numbers(conn, dataset=dataset, numbers=made)
