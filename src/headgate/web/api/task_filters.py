"""The filter of tasks, as a query of the list and as a part of the body of acts on many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, get_args

from fastapi import Query
from pydantic import BeforeValidator, Field, model_validator

from headgate.core.database import Connection
from headgate.core.tasks.listing.model import TaskFilter
from headgate.core.tasks.model import TaskState
from headgate.core.tasks.reading import resolve_jobs
from headgate.web.api.fields import MAX_ID, NO_NUL, JobName, Request, Text, instant

MAX_IDS = 1000
_ONE = "|".join(get_args(TaskState))
_Moment = Annotated[datetime, BeforeValidator(instant)]
_DAG = r"^[a-z][a-z0-9_]*$"


@dataclass(frozen=True, slots=True)
class TaskQuery:
    """The filter of a list, each part a query parameter."""

    state: Annotated[
        str | None,
        Query(pattern=f"^({_ONE})(,({_ONE}))*$", description="States, joined by commas."),
    ] = None
    job: JobName = None
    dag: Annotated[str | None, Query(pattern=_DAG, max_length=63)] = None
    partition: Annotated[
        str | None, Query(max_length=900, pattern=NO_NUL, description="How the partition begins.")
    ] = None
    worker: Annotated[
        str | None,
        Query(
            max_length=200,
            pattern=NO_NUL,
            description="The worker that runs it or ran it last, while that worker is there.",
        ),
    ] = None
    created_since: Annotated[_Moment | None, Query(description="The first time meant.")] = None
    created_until: Annotated[_Moment | None, Query(description="The first time not meant.")] = None
    error_code: Annotated[
        str | None,
        Query(max_length=100, pattern=NO_NUL, description="The code of the last attempt's error."),
    ] = None

    async def filter(self, conn: Connection, *, org_id: int) -> TaskFilter:
        """Return it as the core knows it; raise `NotFound` for an unknown job or DAG."""
        states: list[TaskState] = [
            s for s in get_args(TaskState) if s in (self.state or "").split(",")
        ]
        return await _filter(conn, self, org_id=org_id, states=states, ids=None)


class TaskChoice(Request):
    """Which tasks: those of `ids`, or `all`, or those to which the other fields apply together.

    They mean what the parameters of the list mean. Without `state` a cancel means tasks that are
    pending, waiting or running, and a retry those that are dead or waiting.
    """

    ids: Annotated[
        list[Annotated[int, Field(ge=1, le=MAX_ID)]] | None,
        Field(min_length=1, max_length=MAX_IDS),
    ] = None
    all: bool = False
    state: Annotated[list[TaskState] | None, Field(min_length=1, max_length=8)] = None
    job: Annotated[Text, Field(max_length=200)] | None = None
    dag: Annotated[str, Field(pattern=_DAG, max_length=63)] | None = None
    partition: Annotated[Text, Field(max_length=900)] | None = None
    worker: Annotated[Text, Field(max_length=200)] | None = None
    created_since: _Moment | None = None
    created_until: _Moment | None = None
    error_code: Annotated[Text, Field(max_length=100)] | None = None

    @model_validator(mode="after")
    def _one_choice(self) -> "TaskChoice":
        names = self.model_fields_set - {"ids", "all"}
        narrowed = any(getattr(self, name) is not None for name in names)
        if sum((self.ids is not None, self.all, narrowed)) != 1:
            raise ValueError(
                "give either `ids`, or `all: true`, or any of `state`, `job`, `dag`, `partition`,"
                " `worker`, `created_since`, `created_until` and `error_code`"
            )
        return self

    async def filter(self, conn: Connection, *, org_id: int) -> TaskFilter:
        """Return it as the core knows it; raise `NotFound` for an unknown job or DAG."""
        return await _filter(conn, self, org_id=org_id, states=self.state or (), ids=self.ids)


async def _filter(
    conn: Connection,
    given: TaskQuery | TaskChoice,
    *,
    org_id: int,
    states: Sequence[TaskState],
    ids: Sequence[int] | None,
) -> TaskFilter:
    return TaskFilter(
        states=tuple(states),
        ids=ids,
        jobs=await resolve_jobs(conn, org_id=org_id, job=given.job, dag=given.dag),
        partition=given.partition,
        worker=given.worker,
        created_since=given.created_since,
        created_until=given.created_until,
        error=given.error_code,
    )
