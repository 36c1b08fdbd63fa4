"""Reading jobs costs little, however much else there is. Pages, not milliseconds, are counted."""

from typing import Any, LiteralString, cast

from chain_flow import CHAIN

from headgate.core.database import Connection
from headgate.core.dispatch import store as dispatch
from headgate.core.jobs.graph import store as graph
from headgate.core.jobs.partitions.reading import partitions_of
from headgate.core.jobs.process import store as process
from headgate.core.jobs.reading import job_detail, list_jobs
from proof.dags import hands_on

_FEW = 400  # pages; each of the tables that were filled has many times that
_TEN_THOUSAND_ROWS = 1500  # pages of the history that the partitions of a job are read from


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
        top = row["QUERY PLAN"][0]["Plan"]
        first = " ".join(statement.split())[:60]
        self.pages[first] = int(top["Shared Hit Blocks"] + top["Shared Read Blocks"])
        return await self._conn.execute(statement, values)


async def _filled(conn: Connection) -> dict[str, int]:
    """Have a long history, log and queue, over some days; return how many pages each has."""
    await dispatch.ensure_partitions(conn)
    hands = await hands_on(conn, CHAIN)
    days = "now() - interval '1 day' * (i %% 2)"
    for dataset in ("a", "k"):
        await conn.execute(
            "insert into core.event (id, org_id, dataset_id, rng, at)"
            f" select nextval('core.event_id'), 1, %s, int8range(i, i + 1), {days}"
            "   from generate_series(1, 30000) i".encode(),
            [hands.made.datasets[dataset]],
        )
    for job in ("make_b", "keyed"):
        await conn.execute(
            "insert into core.task_history (task_id, org_id, job_id, ckey, outcome, attempt, rngs, evs,"
            "                               n, created_at, leased_at, done_at)"
            " select nextval('core.task_id'), 1, %s, 'k' || i, 0, 1,"
            f"       int8multirange(int8range(i, i + 1)), '{{[1,2)}}', 1, {days}, {days}, {days}"
            "   from generate_series(1, 40000) i".encode(),
            [hands.made.jobs[job]],
        )
    await conn.execute(
        "insert into core.task_pending (org_id, job_id, ckey, evs)"
        " select 1, %s, 'k' || i, '{[1,2)}' from generate_series(1, 20000) i",
        [hands.made.jobs["keyed"]],
    )
    for table in ("event", "task_history", "task_pending"):
        await conn.execute(f"vacuum analyze core.{table}".encode())
    return hands.made.datasets


async def test_no_page_about_jobs_walks_the_history_the_log_or_the_queue(conn: Connection) -> None:
    datasets = await _filled(conn)
    watched = _Watched(conn)
    on = cast("Connection", watched)

    await list_jobs(on, org_id=1, limit=50)
    await job_detail(on, org_id=1, job="d.make_b")
    await graph.live_jobs(on, org_id=1, dag="d")
    await graph.live_datasets(on, org_id=1, names=None)
    await process.event_like(on, dataset_id=datasets["k"], key="none", range=None)
    about_jobs, watched.pages = watched.pages, {}
    await partitions_of(on, org_id=1, job="d.make_b")
    await partitions_of(on, org_id=1, job="d.keyed")

    # Twenty tasks are looked up in each day's index; a test of theirs bounds that.
    about_jobs = {text: p for text, p in about_jobs.items() if "What these tasks are" not in text}
    # Ten thousand pending rows of a job are counted, and its last ten thousand events looked at.
    assert {text: pages for text, pages in about_jobs.items() if pages > _FEW} == {}
    assert {text: p for text, p in watched.pages.items() if p > _TEN_THOUSAND_ROWS} == {}
