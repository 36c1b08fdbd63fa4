"""Jobs: pausing and resuming them."""

from typing import Annotated

from fastapi import APIRouter, Path

from headgate.core.dag.pausing import pause
from headgate.core.dag.store import JobState
from headgate.core.services import Services
from headgate.web.api.fields import Who

JobName = Annotated[
    str,
    Path(
        pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_-]*$", max_length=200, description="`<dag>.<job>`"
    ),
]


def routes(services: Services) -> APIRouter:
    """Return the routes of jobs."""
    router = APIRouter(prefix="/jobs", tags=["jobs"])

    @router.post("/{job}/pause", operation_id="pause_job")
    async def pause_job(job: JobName, who: Who) -> JobState:
        """Start no more tasks of a job: what runs ends, what comes waits."""
        return await pause(services, who=who, job=job, paused=True)

    @router.post("/{job}/resume", operation_id="resume_job")
    async def resume_job(job: JobName, who: Who) -> JobState:
        """Let the tasks of a paused job start again."""
        return await pause(services, who=who, job=job, paused=False)

    return router
