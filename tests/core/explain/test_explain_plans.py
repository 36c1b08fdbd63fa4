"""Explanations read little, however much else there is. Pages, not milliseconds, are counted."""

from typing import Any, LiteralString, cast

from explained import DIAMOND

from headgate.core.database import Connection
from headgate.core.dispatch import store as dispatch
from headgate.core.events.reading.model import EventFilter
from headgate.core.events.reading.walk import list_matching
from headgate.core.explain.cascade.reading import cascade_of
from headgate.core.explain.dataset.reading import why_dataset
from headgate.core.explain.event.reading import why_event
from headgate.core.explain.impact.reading import impact_of
from headgate.core.explain.inventory.reading import dataset_in_full
from headgate.core.explain.lineage.datasets.walk import dataset_lineage
from headgate.core.explain.lineage.reading import lineage_of
from headgate.core.explain.task.reading import why_task
from headgate.core.work.model import Outcome
from proof.by_hand import Hands
from proof.dags import hands_on

_FEW = 250  # pages; the whole of any of the tables that were filled is more than three times that


class _Watched:
    """A connection that takes note of how many pages each statement touched."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self.pages: dict[str, int] = {}

    async def execute(self, statement: LiteralString, values: Any = None) -> Any:
        cursor = await self._conn.execute(
            f"explain (analyze, buffers, format json) {statement}".encode(), values
        )
        row = await cursor.fetchone()
        assert row is not None
        first = " ".join(statement.split())[:100]
        self.pages[first] = max(self.pages.get(first, 0), _most_pages(row["QUERY PLAN"][0]["Plan"]))
        return await self._conn.execute(statement, values)


def _most_pages(node: dict[str, Any]) -> int:
    here = int(node["Shared Hit Blocks"] + node["Shared Read Blocks"])
    return max([here, *map(_most_pages, node.get("Plans", ()))])


async def _filled(conn: Connection) -> Hands:
    """Have a long history and a long log of other datasets' events, over some days."""
    await dispatch.ensure_partitions(conn)
    hands = await hands_on(
        conn, DIAMOND + "  other: {operator: proof.o, inputs: [d], execution_strategy: PerUpdate}\n"
    )
    await conn.execute(
        "insert into core.event (id, org_id, dataset_id, rng, producer_task, at)"
        " select nextval('core.event_id'), 1, %s, int8range(i, i + 1), 1000000 + i,"
        "        now() - interval '1 day' * (i %% 2) from generate_series(1, 60000) i",
        [hands.made.datasets["d"]],
    )
    await conn.execute(
        "insert into core.task_history (task_id, org_id, job_id, ckey, outcome, attempt, rngs, evs, n,"
        "                               created_at, leased_at, done_at)"
        " select nextval('core.task_id'), 1, %s, 'u' || i, 0, 1, int8multirange(int8range(i, i + 1)),"
        "        int8multirange(int8range(i, i + 1)), 1, x, x, x"
        "   from generate_series(1, 60000) i"
        "  cross join lateral (select now() - interval '1 day' * (i %% 2) as x) t",
        [hands.made.jobs["other"]],
    )
    await conn.execute(
        "update core.router set s1 = pg_current_snapshot(), s2 = pg_current_snapshot()"
    )
    await conn.execute("analyze core.event")
    await conn.execute("analyze core.task_history")
    return hands


async def test_no_explanation_walks_the_history_or_the_log(conn: Connection) -> None:
    hands = await _filled(conn)
    session = await hands.session()
    (event,) = await hands.emit("a", (10, 30))
    await hands.route()
    (lease,) = await hands.claim(session, "make_b")
    await hands.end(lease, Outcome.OK)
    (dead,) = await hands.claim(session, "make_c")
    await hands.end(dead, Outcome.DEAD)
    watched = _Watched(conn)
    on = cast("Connection", watched)

    for task in (lease.task_id, dead.task_id):
        await why_task(on, org_id=1, task_id=task)
        await lineage_of(on, org_id=1, task_id=task, depth=3)
    for row in await hands.rows("task_pending", "make_c"):
        await why_task(on, org_id=1, task_id=row["id"])
    assert (await why_event(on, org_id=1, event_id=event)).tasks
    assert (await cascade_of(on, org_id=1, event_id=event, depth=5)).nodes
    for name in ("a", "b", "d"):
        await why_dataset(on, org_id=1, name=name, range=(10, 20))
        await why_dataset(on, org_id=1, name=name)
        await list_matching(on, org_id=1, wanted=EventFilter(dataset=name), limit=10)
        await dataset_in_full(on, org_id=1, name=name)
        await dataset_lineage(on, org_id=1, name=name, up=9, down=9)
        await impact_of(on, org_id=1, name=name, key=None, range=(10, 20))

    assert len(watched.pages) > 20
    assert {text: pages for text, pages in watched.pages.items() if pages > _FEW} == {}


async def test_the_last_of_many_pending_tasks_is_explained_from_the_first_thousand(
    conn: Connection,
) -> None:
    hands = await hands_on(conn, DIAMOND.replace("partition_size: 10", "partition_size: 1"))
    for start in range(0, 20_000, 500):
        await hands.emit("a", (start, start + 498))
    await hands.route()
    await conn.execute("analyze core.task_pending")
    rows = await hands.rows("task_pending", "make_c")
    watched = _Watched(conn)

    told = await why_task(
        cast("Connection", watched), org_id=1, task_id=max(row["id"] for row in rows)
    )

    assert len(rows) > 19_000
    assert told.waits[-1].text.startswith("More than 1,000 tasks of d.make_c come first")
    assert max(watched.pages.values()) < 1500, "the pick index, a thousand rows of it"
