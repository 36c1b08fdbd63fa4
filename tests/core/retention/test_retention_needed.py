"""Whatever was written when, routed or not, and became of it: a sweep drops just what is not needed."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from days_of_load import Load, noon, opened_load
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from psycopg.rows import dict_row

from headgate.core.dispatch import store as dispatch

_TODAY = 6
_FIRST_KEPT = 4
_FATES = ("pending", "running", "dead", "discarded", "done", "backfill")

Step = tuple[str, int, int]
days = st.integers(0, _TODAY)
writers = st.integers(0, 1)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("say"), days, st.just(0)),
        st.tuples(st.just("say"), days, st.just(0)),
        st.tuples(st.just("emit"), days, writers),
        st.tuples(st.just("commit"), writers, st.just(0)),
        st.tuples(st.just("rollback"), writers, st.just(0)),
        st.tuples(st.just("route"), st.sampled_from([1, 2, 3, 100]), st.just(0)),
        st.tuples(st.just("route"), st.sampled_from([1, 2, 3, 100]), st.just(0)),
    ),
    min_size=12,
    max_size=24,
)


@dataclass
class Story:
    """Events by id with their day, as far as they are committed."""

    days: dict[int, int] = field(default_factory=dict)
    unsaid: list[dict[int, int]] = field(default_factory=lambda: [{}, {}])


async def tell(
    load: Load, writers: Sequence[psycopg.AsyncConnection[Any]], told: list[Step]
) -> Story:
    story = Story()
    for what, a, b in told:
        if what == "say":
            story.days[await emit(load, load.conn, a)] = a
        elif what == "emit":
            writer = writers[b]
            if writer.info.transaction_status.name == "IDLE":
                await writer.execute("begin")
            story.unsaid[b][await emit(load, writer, a)] = a
        elif what == "route":
            async with load.conn.transaction():
                await dispatch.lock_router(load.conn)
                await dispatch.route(load.conn, limit=a)
        else:
            await end(writers[a], story, a, commit=what == "commit")
    for number, writer in enumerate(writers):
        await end(writer, story, number, commit=True)
    return story


async def emit(load: Load, writer: psycopg.AsyncConnection[Any], day: int) -> int:
    cursor = await writer.execute(
        "insert into core.event (org_id, dataset_id, rng, at) values (1, %s, '[1,2)', %s)"
        " returning id",
        [load.hands.made.datasets["a"], noon(day)],
    )
    row = await cursor.fetchone()
    assert row is not None
    return int(row["id"])


async def end(
    writer: psycopg.AsyncConnection[Any], story: Story, number: int, *, commit: bool
) -> None:
    await writer.execute("commit" if commit else "rollback")
    if commit:
        story.days |= story.unsaid[number]
    story.unsaid[number] = {}


async def decide(load: Load, fates: Sequence[str]) -> tuple[set[int], set[int]]:
    """Turn the tasks of `each` into what the fates say; return what is routed, and what covered."""
    rows = await load.hands.rows("task_pending", "each")
    routed = {row["evs"][0].lower for row in rows}
    covered = set()
    # The other job's one task would cover everything.
    await load.conn.execute("delete from core.task_pending where ckey = 'b'")
    for number, row in enumerate(rows):
        fate = fates[number % len(fates)]
        if fate not in {"discarded", "done"}:
            covered.add(row["evs"][0].lower)
        await become(load, row, fate)
    return routed, covered


async def become(load: Load, row: dict[str, Any], fate: str) -> None:
    if fate != "pending":
        await load.conn.execute("delete from core.task_pending where id = %s", [row["id"]])
    common = "org_id, job_id, ckey, rngs, inval, evs, n, heavy, priority"
    statement = {
        "running": f"insert into core.task_lease (task_id, {common}, session_id, attempt, losses,"
        " created_at, deadline_at) values (%(id)s, 1, %(job_id)s, %(ckey)s, %(rngs)s, '{}', %(evs)s,"
        " 1, false, 0, 1, 1, 0, now(), now())",
        "backfill": "insert into core.backfill (org_id, job_id, event_id, kind, heavy, bytes,"
        " priority, total, remaining) values (1, %(job_id)s, lower(%(evs)s::int8multirange), 0, false, 0, 0, 1, %(rngs)s)",
    }
    for state in ("open", "discarded"):
        statement["dead" if state == "open" else state] = (
            f"insert into core.dead_letter (task_id, {common}, attempts, error, fingerprint,"
            f" created_at, state) values (%(id)s, 1, %(job_id)s, %(ckey)s, %(rngs)s, '{{}}',"
            f" %(evs)s, 1, false, 0, 3, '{{}}', '', now(), '{state}')"
        )
    if fate in statement:
        await load.conn.execute(statement[fate].encode(), row)


async def example(
    database_url: str, folder: Path, told: list[Step], fates: list[str], first_day: int
) -> None:
    async with opened_load(database_url, folder) as load, AsyncExitStack() as stack:
        await load.make_days(first_day, _TODAY)  # events before that are without a day
        writers = [
            await stack.enter_async_context(
                await psycopg.AsyncConnection.connect(
                    database_url, autocommit=True, row_factory=dict_row
                )
            )
            for _ in range(2)
        ]
        story = await tell(load, writers, told)
        routed, covered = await decide(load, fates)
        needed = covered | (story.days.keys() - routed)

        held_days = {story.days[event] for event in needed if story.days[event] >= first_day}
        await load.sweep(_TODAY)

        assert await load.events() == {
            event
            for event, day in story.days.items()
            if day >= _FIRST_KEPT or event in needed or day in held_days
        }
        assert await load.days("event") == sorted(
            held_days | {day for day in range(first_day, _TODAY + 1) if day >= _FIRST_KEPT}
        )
        await load.hands.route()
        left = await load.hands.rows("task_pending", "each")
        again = {row["evs"][0].lower for row in left} - covered
        assert again == story.days.keys() - routed


async def emptied(database_url: str) -> None:
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as conn:
        await conn.execute(
            "do $$ declare name text; begin"
            " for name in select c.relname from pg_class c where c.relispartition"
            "   and c.relkind = 'r' and c.relname ~ '\\d{8}$' loop"
            "  execute format('drop table core.%I', name); end loop; end $$"
        )
        await conn.execute(
            "truncate core.event, core.task_pending, core.task_lease, core.dead_letter,"
            " core.backfill, core.dag, core.change cascade"
        )


def test_a_sweep_drops_what_nobody_needs_and_nothing_else(
    database_url: str, tmp_path: Path
) -> None:
    @settings(
        max_examples=25,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],  # a failing story is told whole: shrinking costs minutes
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(
        told=steps,
        fates=st.lists(st.sampled_from(_FATES), min_size=1, max_size=6),
        first_day=st.sampled_from([0, 0, 2]),
    )
    def check(told: list[Step], fates: list[str], first_day: int) -> None:
        async def both() -> None:
            await emptied(database_url)
            await example(database_url, tmp_path, told, fates, first_day)

        asyncio.run(both())

    check()
