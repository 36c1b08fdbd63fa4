"""How work flowed: what came in, waited, ran and ended, over time."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from headgate.core.flow.model import Flow
from headgate.core.flow.reading import flow_of
from headgate.core.services import Services
from headgate.web.api.fields import JobName, Who

_WEEK = 7 * 24 * 60
Minutes = Annotated[
    int, Query(ge=1, le=_WEEK, description="How far to look back; samples stay for a week.")
]


def routes(services: Services) -> APIRouter:
    """Return the routes of the flow."""
    router = APIRouter(tags=["queues"])

    @router.get("/flow", operation_id="get_flow")
    async def get_flow(who: Who, minutes: Minutes = 60, job: JobName = None) -> Flow:
        """Return throughput, waiting and running tasks over time, in at most 200 points."""
        async with services.database.connection() as conn:
            return await flow_of(
                conn,
                org_id=who.org_id,
                job=job,
                span=timedelta(minutes=minutes),
                now=services.clock(),
            )

    return router
