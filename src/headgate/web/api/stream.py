"""The live stream: what changes, as server-sent events."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel

from headgate.core.errors import InvalidInput, Problem
from headgate.core.observe.changes import TOPICS, Topic, follow
from headgate.core.services import Services
from headgate.web.api.fields import Who


class ChangeEvent(BaseModel):
    """The data of an `event: change`. Look at `subject` (an id) again; `data` says the most of it.

    An `event: reset` has no data but `{}`: some changes were left out, so look at everything again.
    """

    topic: Topic
    subject: str
    data: dict[str, Any]
    at: datetime


def wanted_topics(
    topics: Annotated[
        str, Query(max_length=200, description="Topics, joined by commas; by default all.")
    ] = ",".join(TOPICS),
) -> list[str]:
    """Return the topics that were asked for; raise `InvalidInput` for an unknown one."""
    wanted = [topic.strip() for topic in topics.split(",") if topic.strip()]
    if problems := [
        Problem("?topics", "unknown_topic", f"there is no topic {topic!r}")
        for topic in wanted
        if topic not in TOPICS
    ]:
        raise InvalidInput(
            "There are no such topics.",
            hint=f"The topics are {', '.join(TOPICS)}.",
            problems=problems,
        )
    return wanted or list(TOPICS)


def routes(services: Services, *, stopping: asyncio.Event) -> APIRouter:
    """Return the route of the stream; all streams end when `stopping` is set."""
    router = APIRouter(tags=["stream"])

    async def ready() -> None:
        # Before the answer begins: after that an error could not be told any more.
        await services.database.ping()

    @router.get(
        "/stream",
        operation_id="stream",
        response_class=EventSourceResponse,
        dependencies=[Depends(ready)],
    )
    async def stream(
        who: Who,
        topics: Annotated[list[str], Depends(wanted_topics)],
        last_event_id: Annotated[str | None, Header(max_length=4000)] = None,
    ) -> AsyncIterator[ChangeEvent]:
        """Tell what changes from now on, or since the event `Last-Event-ID`."""
        async for batch in follow(
            services,
            org_id=who.org_id,
            topics=topics,
            resume_from=last_event_id,
            stopping=stopping,
        ):
            # The id goes with the last one only: whoever is cut off before it gets the whole batch
            # again, which does no harm.
            position = str(batch.position)
            for number, change in enumerate(batch.changes, 1):
                last = number == len(batch.changes)
                yield ServerSentEvent(  # type: ignore[misc]  # FastAPI unpacks it
                    event="change",
                    data=ChangeEvent(
                        topic=change.topic,  # type: ignore[arg-type]  # it was asked for
                        subject=change.subject,
                        data=change.data,
                        at=change.at,
                    ),
                    id=position if last else None,
                )
            if batch.reset:
                yield ServerSentEvent(event="reset", data={}, id=position)  # type: ignore[misc]
            elif not batch.changes:
                yield ServerSentEvent(id=position)  # type: ignore[misc]

    return router
