"""Dead letters: what failed for good, and putting it back to work."""

from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from fastapi import APIRouter, Query
from pydantic import Field, model_validator

from headgate.core.errors import NotFound
from headgate.core.paging import Cursor, Page, page_of
from headgate.core.services import Services
from headgate.core.tasks import reading, steering, store
from headgate.core.tasks.model import DeadLetter, DeadLetterState
from headgate.web.api.fields import (
    MAX_ID,
    CursorText,
    JobName,
    Limit,
    Request,
    RowId,
    Text,
    Who,
    row_id,
)

_ALL: tuple[DeadLetterState, ...] = get_args(DeadLetterState)


class RedriveRequest(Request):
    """Which open dead letters: those of `ids`, those of a `job`, or `all`. Exactly one of them."""

    ids: Annotated[
        list[Annotated[int, Field(ge=1, le=MAX_ID)]] | None,
        Field(min_length=1, max_length=10_000),
    ] = None
    job: Annotated[Text, Field(max_length=200)] | None = None
    all: bool = False
    dry_run: bool = False

    @model_validator(mode="after")
    def _one_choice(self) -> "RedriveRequest":
        if sum((self.ids is not None, self.job is not None, self.all)) != 1:
            raise ValueError("give exactly one of `ids`, `job` and `all: true`")
        return self


@dataclass(frozen=True, slots=True)
class RedriveResult:
    """How many dead letters were found, and how many went back to work."""

    matched: int
    redriven: int
    dry_run: bool


@dataclass(frozen=True, slots=True)
class RedrivenLetter:
    """A dead letter that went back to work as (a part of) this task."""

    dead_letter: DeadLetter
    task_id: int


def routes(services: Services) -> APIRouter:
    """Return the routes of dead letters."""
    router = APIRouter(prefix="/dead-letters", tags=["dead letters"])

    @router.get("", operation_id="list_dead_letters")
    async def list_dead_letters(
        who: Who,
        job: JobName = None,
        state: Annotated[DeadLetterState | Literal["all"], Query()] = "open",
        cursor: CursorText = None,
        limit: Limit = 50,
    ) -> Page[DeadLetter]:
        """List dead letters, newest first, without the traces of their errors."""
        before = Cursor.parse(cursor, row_id)[0] if cursor else reading.NEWEST
        async with services.database.connection() as conn:
            found = await store.list_dead_letters(
                conn,
                org_id=who.org_id,
                job_id=await reading.resolve_job(conn, org_id=who.org_id, job=job),
                states=_ALL if state == "all" else (state,),
                before=before,
                limit=limit + 1,
            )
        return page_of(found, limit=limit, cursor=lambda letter: Cursor((letter.id,)))

    @router.post("/redrive", operation_id="redrive_dead_letters")
    async def redrive_many(request: RedriveRequest, who: Who) -> RedriveResult:
        """Put many dead letters back to work, or only count them."""
        done = await steering.redrive_many(
            services, who=who, ids=request.ids, job=request.job, dry_run=request.dry_run
        )
        return RedriveResult(done.matched, done.redriven, request.dry_run)

    @router.get("/{letter_id}", operation_id="get_dead_letter")
    async def get_dead_letter(letter_id: RowId, who: Who) -> DeadLetter:
        """Return one dead letter with its whole error."""
        return await _find(services, who.org_id, letter_id)

    @router.post("/{letter_id}/redrive", operation_id="redrive_dead_letter")
    async def redrive(letter_id: RowId, who: Who) -> RedrivenLetter:
        """Put one open dead letter back to work."""
        moved = await steering.redrive_one(services, who=who, letter_id=letter_id)
        return RedrivenLetter(await _find(services, who.org_id, letter_id), moved.task_id)

    return router


async def _find(services: Services, org_id: int, letter_id: int) -> DeadLetter:
    async with services.database.connection() as conn:
        letter = await store.find_dead_letter(conn, org_id=org_id, id=letter_id)
    if letter is None:
        raise NotFound(f"There is no dead letter {letter_id}.")
    return letter
