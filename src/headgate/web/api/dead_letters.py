"""Dead letters: what failed for good, and what can be done about it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Annotated, Any, Literal, get_args

from fastapi import APIRouter, Query
from pydantic import Field, model_validator

from headgate.core.access import Principal
from headgate.core.paging import Cursor, Page, page_of
from headgate.core.services import Services
from headgate.core.tasks import reading, steering, store
from headgate.core.tasks.letters import store as letter_store
from headgate.core.tasks.letters.model import KEEP, CoveredEvent, Edit, LetterGroup
from headgate.core.tasks.letters.replay import covered_event, edit_and_replay
from headgate.core.tasks.letters.rules import no_letter
from headgate.core.tasks.letters.settle import Settled, settle_one
from headgate.core.tasks.model import LETTERS_KEPT, DeadLetter, DeadLetterState
from headgate.web.api.dead_letters_in_bulk import add_bulk_routes
from headgate.web.api.fields import (
    NO_NUL,
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

StateWanted = Annotated[DeadLetterState | Literal["all"], Query()]
Fingerprint = Annotated[
    str | None,
    Query(max_length=100, pattern=NO_NUL, description="Only those that failed in this way."),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetterDetail(DeadLetter):
    """A dead letter; `event` is the one that it covers, if that is exactly one and still kept."""

    event: CoveredEvent | None


@dataclass(frozen=True, slots=True)
class RedrivenLetter:
    """A dead letter that went back to work as (a part of) this task."""

    dead_letter: DeadLetter
    task_id: int


@dataclass(frozen=True, slots=True)
class ReplayedLetter:
    """A dead letter whose place this event took."""

    dead_letter: DeadLetter
    event_id: int


class EditedEvent(Request):
    """What is to be otherwise in the event of a dead letter: its `key`, its `payload`, or both.

    A payload that is not given stays; null takes it away.
    """

    key: Annotated[Text, Field(min_length=1, max_length=900)] | None = None
    payload: Any = None

    @model_validator(mode="after")
    def _one_edit(self) -> "EditedEvent":
        if self.key is None and "payload" not in self.model_fields_set:
            raise ValueError("give a `key` or a `payload`; a redrive leaves both as they are")
        return self

    def edit(self) -> Edit:
        """Return it as the core knows it."""
        return Edit(self.key, self.payload if "payload" in self.model_fields_set else KEEP)


def routes(services: Services, *, kept: timedelta = LETTERS_KEPT) -> APIRouter:
    """Return the routes of dead letters, which are `kept` so long."""
    router = APIRouter(prefix="/dead-letters", tags=["dead letters"])
    _add_lists(router, services, kept)
    add_bulk_routes(router, services)
    _add_acts(router, services, kept)
    return router


def _add_lists(router: APIRouter, services: Services, kept: timedelta) -> None:
    @router.get("", operation_id="list_dead_letters")
    async def list_dead_letters(
        *,
        who: Who,
        job: JobName = None,
        state: StateWanted = "open",
        fingerprint: Fingerprint = None,
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
                states=_states(state),
                fingerprint=fingerprint,
                before=before,
                limit=limit + 1,
                kept=kept,
            )
        return page_of(found, limit=limit, cursor=lambda letter: Cursor((letter.id,)))

    @router.get("/groups", operation_id="group_dead_letters")
    async def group_dead_letters(
        who: Who,
        job: JobName = None,
        state: StateWanted = "open",
        cursor: CursorText = None,
        limit: Limit = 50,
    ) -> Page[LetterGroup]:
        """Group dead letters by job and the way they failed, those with the newest letter first."""
        before = Cursor.parse(cursor, row_id)[0] if cursor else reading.NEWEST
        async with services.database.connection() as conn:
            found = await letter_store.groups(
                conn,
                org_id=who.org_id,
                job_id=await reading.resolve_job(conn, org_id=who.org_id, job=job),
                states=_states(state),
                before=before,
                limit=limit + 1,
            )
        return page_of(found, limit=limit, cursor=lambda group: Cursor((group.newest,)))


def _add_acts(router: APIRouter, services: Services, kept: timedelta) -> None:
    @router.get("/{letter_id}", operation_id="get_dead_letter")
    async def get_dead_letter(letter_id: RowId, who: Who) -> DeadLetterDetail:
        """Return one dead letter with its whole error, and the event that an edit would replace."""
        letter = await _find(services, who, letter_id, kept)
        async with services.database.connection() as conn:
            event = await covered_event(conn, org_id=who.org_id, letter_id=letter_id)
        return DeadLetterDetail(
            **{field.name: getattr(letter, field.name) for field in fields(DeadLetter)}, event=event
        )

    @router.post("/{letter_id}/redrive", operation_id="redrive_dead_letter")
    async def redrive(letter_id: RowId, who: Who) -> RedrivenLetter:
        """Put one open dead letter back to work."""
        moved = await steering.redrive_one(services, who=who, letter_id=letter_id)
        return RedrivenLetter(await _find(services, who, letter_id, kept), moved.task_id)

    @router.post("/{letter_id}/replay", operation_id="replay_dead_letter")
    async def replay(letter_id: RowId, edited: EditedEvent, who: Who) -> ReplayedLetter:
        """Let an edited event take an open dead letter's place: for its job, and for no other."""
        event_id = await edit_and_replay(services, who=who, letter_id=letter_id, edit=edited.edit())
        return ReplayedLetter(await _find(services, who, letter_id, kept), event_id)

    async def settle(letter_id: int, who: Principal, to: Settled) -> DeadLetter:
        await settle_one(services, who=who, letter_id=letter_id, to=to)
        return await _find(services, who, letter_id, kept)

    @router.post("/{letter_id}/discard", operation_id="discard_dead_letter")
    async def discard(letter_id: RowId, who: Who) -> DeadLetter:
        """Give one open dead letter up; it can be reopened while it is kept."""
        return await settle(letter_id, who, "discarded")

    @router.post("/{letter_id}/reopen", operation_id="reopen_dead_letter")
    async def reopen(letter_id: RowId, who: Who) -> DeadLetter:
        """Take the discarding of one dead letter back."""
        return await settle(letter_id, who, "open")


async def _find(services: Services, who: Principal, letter_id: int, kept: timedelta) -> DeadLetter:
    async with services.database.connection() as conn:
        letter = await store.find_dead_letter(conn, org_id=who.org_id, id=letter_id, kept=kept)
    if letter is None:
        raise no_letter(letter_id)
    return letter


def _states(wanted: DeadLetterState | Literal["all"]) -> Sequence[DeadLetterState]:
    return _ALL if wanted == "all" else (wanted,)
