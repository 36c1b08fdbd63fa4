"""Reading how work flowed."""

from datetime import datetime, timedelta

from headgate.core.database import Connection
from headgate.core.errors import NotFound
from headgate.core.flow import store
from headgate.core.flow.model import Flow
from headgate.core.flow.rules import window


async def flow_of(
    conn: Connection, *, org_id: int, job: str | None, span: timedelta, now: datetime
) -> Flow:
    """Return the series of the last `span`: of a job by its full name, or of all jobs of the org.

    Raises `NotFound` for a job that is not deployed.
    """
    job_id = None
    if job is not None:
        job_id = await store.job_id(conn, org_id=org_id, job=job)
        if job_id is None:
            raise NotFound(f"There is no job {job}.", hint="`headgate job list` lists the jobs.")
    cut = window(now=now, span=span)
    points = await store.series(conn, org_id=org_id, job_id=job_id, window=cut)
    return Flow(job, cut.since, cut.until, int(cut.step.total_seconds()), points)
