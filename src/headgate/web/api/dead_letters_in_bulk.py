"""Acts on many dead letters: redrive, discard, reopen; each can be counted first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BeforeValidator, Field, model_validator

from headgate.core.access import Principal
from headgate.core.services import Services
from headgate.core.tasks import reading
from headgate.core.tasks.letters.model import (
    MAX_IDS,
    Counted,
    CountedGroup,
    LetterFilter,
    Plan,
)
from headgate.core.tasks.letters.redrive import plan_redrive, redrive_many
from headgate.core.tasks.letters.settle import Settled, plan_settle, settle_many
from headgate.web.api.fields import MAX_ID, Request, Text, Who, instant

_Moment = Annotated[datetime, BeforeValidator(instant)]


class LetterChoice(Request):
    """Which dead letters: those of `ids`, or `all`, or those to which the other fields apply.

    The others may be combined: a job, a way to fail, and a time of death from `died_after` on and
    before `died_before`. A `dry_run` counts, and changes nothing.
    """

    ids: Annotated[
        list[Annotated[int, Field(ge=1, le=MAX_ID)]] | None,
        Field(min_length=1, max_length=MAX_IDS),
    ] = None
    job: Annotated[Text, Field(max_length=200)] | None = None
    fingerprint: Annotated[Text, Field(max_length=100)] | None = None
    died_after: _Moment | None = None
    died_before: _Moment | None = None
    all: bool = False
    dry_run: bool = False

    @model_validator(mode="after")
    def _one_choice(self) -> "LetterChoice":
        narrowed = (self.job, self.fingerprint, self.died_after, self.died_before)
        ways = (self.ids is not None, self.all, any(given is not None for given in narrowed))
        if sum(ways) != 1:
            raise ValueError(
                "give either `ids`, or `all: true`, or any of `job`, `fingerprint`, `died_after`"
                " and `died_before`"
            )
        return self


class RedriveRequest(LetterChoice):
    """Which dead letters to put back to work, and at most how many of them a second."""

    rate: Annotated[float, Field(ge=0.001, le=100_000)] | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What an act would move, in all and by the newest groups of it."""

    total: Counted
    groups: Sequence[CountedGroup]


@dataclass(frozen=True, slots=True)
class RedriveResult:
    """How many dead letters were found, and how many went back to work.

    Many of them, or those with a rate, go back by and by: as `operation`, which can be cancelled.
    `preview` is what a dry run found.
    """

    matched: int
    redriven: int
    dry_run: bool
    operation: UUID | None
    preview: Preview | None


@dataclass(frozen=True, slots=True)
class SettleResult:
    """How many dead letters were found, and how many changed their state."""

    matched: int
    changed: int
    dry_run: bool
    preview: Preview | None


def add_bulk_routes(router: APIRouter, services: Services) -> None:
    """Add the acts on many dead letters."""

    @router.post(
        "/redrive",
        operation_id="redrive_dead_letters",
        responses={202: {"model": RedriveResult, "description": "It goes on as an operation."}},
    )
    async def redrive(request: RedriveRequest, who: Who, response: Response) -> RedriveResult:
        """Put many dead letters back to work, or only count them."""
        chosen = await _chosen(services, who, request)
        if request.dry_run:
            plan = await plan_redrive(services, who=who, chosen=chosen)
            return RedriveResult(plan.total.letters, 0, True, None, _preview(plan))
        done = await redrive_many(services, who=who, chosen=chosen, rate=request.rate)
        if done.operation is not None:
            response.status_code = 202
            response.headers["Location"] = f"/api/v1/operations/{done.operation}"
        return RedriveResult(done.matched, done.redriven, False, done.operation, None)

    async def settle(request: LetterChoice, who: Principal, to: Settled) -> SettleResult:
        chosen = await _chosen(services, who, request)
        if request.dry_run:
            plan = await plan_settle(services, who=who, chosen=chosen, to=to)
            return SettleResult(plan.total.letters, 0, True, _preview(plan))
        count = await settle_many(services, who=who, chosen=chosen, to=to)
        return SettleResult(count, count, False, None)

    @router.post("/discard", operation_id="discard_dead_letters")
    async def discard(request: LetterChoice, who: Who) -> SettleResult:
        """Give many open dead letters up, or only count them."""
        return await settle(request, who, "discarded")

    @router.post("/reopen", operation_id="reopen_dead_letters")
    async def reopen(request: LetterChoice, who: Who) -> SettleResult:
        """Take the discarding of many dead letters back, or only count them."""
        return await settle(request, who, "open")


async def _chosen(services: Services, who: Principal, request: LetterChoice) -> LetterFilter:
    """Return the filter of a request; raise `NotFound` for an unknown job."""
    async with services.database.connection() as conn:
        job_id = await reading.resolve_job(conn, org_id=who.org_id, job=request.job)
    return LetterFilter(
        ids=request.ids,
        job_id=job_id,
        fingerprint=request.fingerprint,
        died_after=request.died_after,
        died_before=request.died_before,
    )


def _preview(plan: Plan) -> Preview:
    return Preview(plan.total, plan.groups)
