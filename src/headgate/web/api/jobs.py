"""Jobs: looking at them, pausing and resuming them, and running one over a part again."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field

from headgate.core.dag.pausing import pause
from headgate.core.dag.store import JobState
from headgate.core.jobs import reading
from headgate.core.jobs.model import JobDetail, JobSummary
from headgate.core.jobs.partitions.model import Partitions
from headgate.core.jobs.partitions.reading import partitions_of
from headgate.core.jobs.process.model import Processed
from headgate.core.jobs.process.running import process
from headgate.core.observe.tracing import current_traceparent
from headgate.core.paging import Cursor, Page, page_of
from headgate.core.services import Services
from headgate.web.api.fields import NO_NUL, CursorText, Limit, Who, plain_text
from headgate.web.api.places import Part

_FAR = 2**61  # as for ranges of events

JobName = Annotated[
    str,
    Path(
        pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_-]*$", max_length=200, description="`<dag>.<job>`"
    ),
]
DagQuery = Annotated[
    str | None, Query(max_length=63, pattern=NO_NUL, description="Only jobs of this DAG.")
]
NamePart = Annotated[
    str | None, Query(max_length=200, pattern=NO_NUL, description="Only names with this in them.")
]
Low = Annotated[int | None, Query(alias="from", ge=-_FAR, le=_FAR, description="The first unit.")]
High = Annotated[
    int | None, Query(alias="to", ge=-_FAR, le=_FAR, description="One past the last unit.")
]
Cells = Annotated[int, Query(ge=1, le=1000, description="How many cells at most.")]


class ProcessRequest(Part):
    """The part to run again: a text `key`, or a half-open `range` of the job's own partitions."""

    dry_run: Annotated[bool, Field(description="Only tell how many tasks that is.")] = False


def routes(services: Services) -> APIRouter:
    """Return the routes of jobs."""
    router = APIRouter(prefix="/jobs", tags=["jobs"])

    @router.get("", operation_id="list_jobs")
    async def list_jobs(
        who: Who,
        dag: DagQuery = None,
        q: NamePart = None,
        cursor: CursorText = None,
        limit: Limit = 50,
    ) -> Page[JobSummary]:
        """List the deployed jobs by name, with what waits, runs and failed, and how they did."""
        after = Cursor.parse(cursor, plain_text)[0] if cursor else ""
        async with services.database.connection() as conn:
            found = await reading.list_jobs(
                conn, org_id=who.org_id, after=after, dag=dag, words=q, limit=limit + 1
            )
        return page_of(found, limit=limit, cursor=lambda job: Cursor((job.job,)))

    @router.get("/{job}", operation_id="get_job")
    async def get_job(job: JobName, who: Who) -> JobDetail:
        """Return all that the DAG says of a job, what it does now, and how it did of late."""
        async with services.database.connection() as conn:
            return await reading.job_detail(conn, org_id=who.org_id, job=job)

    @router.get("/{job}/partitions", operation_id="get_job_partitions")
    async def get_partitions(
        job: JobName,
        who: Who,
        *,
        from_: Low = None,
        to: High = None,
        cells: Cells = 200,
        cursor: CursorText = None,
        limit: Limit = 50,
    ) -> Partitions:
        """Return what of a job is done, runs, waits, is dead or stale: by ranges, or by keys."""
        after = Cursor.parse(cursor, plain_text)[0] if cursor else ""
        async with services.database.connection() as conn:
            return await partitions_of(
                conn,
                org_id=who.org_id,
                job=job,
                low=from_,
                high=to,
                cells=cells,
                after=after,
                limit=limit,
            )

    _add_steering(router, services)
    return router


def _add_steering(router: APIRouter, services: Services) -> None:
    @router.post("/{job}/process", operation_id="process_job")
    async def process_job(job: JobName, part: ProcessRequest, who: Who) -> Processed:
        """Run this job, and no other, over a key or a range of its partitions again."""
        return await process(
            services,
            org_id=who.org_id,
            job=job,
            key=part.key,
            range=part.pair,
            dry_run=part.dry_run,
            trace=current_traceparent(),
        )

    @router.post("/{job}/pause", operation_id="pause_job")
    async def pause_job(job: JobName, who: Who) -> JobState:
        """Start no more tasks of a job: what runs ends, what comes waits."""
        return await pause(services, who=who, job=job, paused=True)

    @router.post("/{job}/resume", operation_id="resume_job")
    async def resume_job(job: JobName, who: Who) -> JobState:
        """Let the tasks of a paused job start again."""
        return await pause(services, who=who, job=job, paused=False)
