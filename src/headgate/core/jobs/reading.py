"""Reading jobs: lists of them, and one whole."""

from headgate.core.database import Connection
from headgate.core.explain.backfill.store import NEWEST, list_backfills
from headgate.core.explain.waiting.pressure import hold_reason
from headgate.core.explain.waiting.store import holds
from headgate.core.jobs import store
from headgate.core.jobs.graph.rules import job_text, state_now
from headgate.core.jobs.model import JobDetail, JobSummary
from headgate.core.jobs.rules import no_job, partitioning_of, spec_of, summary_of
from headgate.core.tasks.reading import list_tasks

_PARTS = 50
_TASKS = 20
_BACKFILLS = 50
_HOLDS = 20


async def list_jobs(
    conn: Connection,
    *,
    org_id: int,
    after: str = "",
    dag: str | None = None,
    words: str | None = None,
    limit: int,
) -> list[JobSummary]:
    """Return the jobs whose full names come after `after`, by name."""
    rows = await store.list_jobs(
        conn, org_id=org_id, after=after, dag=dag, words=words, limit=limit
    )
    return [summary_of(row) for row in rows]


async def find_job(conn: Connection, *, org_id: int, job: str) -> store.Row:
    """Return a deployed job as the registry has it, or raise `NotFound`."""
    found = await store.find_job(conn, org_id=org_id, job=job)
    if found is None:
        raise no_job(job)
    return found


async def job_detail(conn: Connection, *, org_id: int, job: str) -> JobDetail:
    """Return one job whole, or raise `NotFound`."""
    found = await find_job(conn, org_id=org_id, job=job)
    rows = await store.list_jobs(conn, org_id=org_id, job=job, limit=1)
    if not rows:  # removed between two looks
        raise no_job(job)
    (now,) = rows
    job_id = found["id"]
    inputs = await store.inputs(conn, job_id=job_id)
    timing, *series = await store.timings(conn, job_id=job_id, parts=_PARTS)
    return JobDetail(
        job=job,
        dag=found["dag"],
        version=found["version"],
        state=state_now(now),
        text=job_text(now),
        paused=now["paused"],
        held=now["held"],
        waiting=now["waiting"],
        running=now["running"],
        dead_letters=now["dead_letters"],
        partitioning=partitioning_of(found, inputs),
        spec=spec_of(found, inputs=inputs, schedules=await store.schedules(conn, job_id=job_id)),
        timing=timing,
        series=series,
        recent_tasks=await list_tasks(conn, org_id=org_id, job=job, limit=_TASKS),
        backfills=await list_backfills(
            conn, org_id=org_id, job=job, before=NEWEST, limit=_BACKFILLS
        ),
        holds=[hold_reason(one) for one in await holds(conn, job_id=job_id, limit=_HOLDS)],
    )
