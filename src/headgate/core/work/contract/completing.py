"""Completing attempts: many in one transaction, each fenced by its token."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headgate.core.database import Connection
from headgate.core.errors import InvalidInput, Problem
from headgate.core.events import store as event_store
from headgate.core.events.model import NewEvent
from headgate.core.observe.tracing import current_traceparent
from headgate.core.work import store
from headgate.core.work.context import LocalContext, Surroundings
from headgate.core.work.contract import store as contract_store
from headgate.core.work.contract.desk import Desk
from headgate.core.work.contract.messages import Became, Complete, Completed, Settled, TaskResult
from headgate.core.work.contract.rules import (
    error_of,
    faults_of_results,
    new_events,
    outcome_of,
    was_this,
)
from headgate.core.work.contract.tokens import TaskGrant
from headgate.core.work.model import PER_UPDATE, Job, Lease, Outcome, Result

_NAMES: Mapping[Outcome, Became] = {
    Outcome.OK: "ok",
    Outcome.RETRY: "retry",
    Outcome.LOST: "lost",
    Outcome.DEAD: "dead",
    Outcome.CANCELLED: "cancelled",
    Outcome.SNOOZED: "snoozed",
    Outcome.SKIPPED: "skipped",
}


@dataclass(frozen=True, slots=True)
class _Ending:
    """A result with what its token grants.

    If it is accepted as `OK`, it emits `events`, and its lease, if it has a `memo`, forgets that.
    """

    grant: TaskGrant
    said: TaskResult
    events: Sequence[NewEvent]
    memo: Lease | None

    @property
    def result(self) -> Result:
        return Result(
            self.grant.task_id,
            self.grant.lease,
            outcome_of(self.said.outcome),
            error_of(self.said),
            self.said.retry_after_ms,
        )


async def complete(desk: Desk, asked: Complete) -> Completed:
    """End attempts. With any fault nothing is done: `TokenRefused`, or `InvalidInput` with all."""
    tokens = [(f"/results/{n}/token", result.token) for n, result in enumerate(asked.results)]
    grants = desk.tokens.tasks(tokens, now=desk.services.clock())
    faults = list(faults_of_results(asked.results))
    successes = [g for g, r in zip(grants, asked.results, strict=True) if r.outcome == "ok"]
    jobs: dict[int, Job] = {}
    for org_id in {grant.org_id for grant in grants}:
        jobs |= await desk.jobs.of(org_id)
    async with desk.services.database.connection() as conn:
        leases = await contract_store.held(conn, grants=successes) if successes else {}
    endings: list[_Ending] = []
    for number, (grant, result) in enumerate(zip(grants, asked.results, strict=True)):
        lease = leases.get(grant.lease)
        events, wrong = _events(desk, result, lease=lease, jobs=jobs, pointer=f"/results/{number}")
        job = jobs.get(lease.job_id) if lease is not None else None
        endings.append(_Ending(grant, result, events, lease if job and job.memo else None))
        faults += wrong
    if faults:
        raise InvalidInput(
            "No result was taken.",
            hint="The tasks are still yours: mend it, or complete the task with `fail`.",
            problems=faults,
        )
    serial = any(
        (job := jobs.get(lease.job_id)) is None or job.limited or job.strategy != PER_UPDATE
        for lease in leases.values()
    )
    return Completed(await _settle(desk, endings, serial=serial))


def _events(
    desk: Desk,
    result: TaskResult,
    *,
    lease: Lease | None,
    jobs: Mapping[int, Job],
    pointer: str,
) -> tuple[Sequence[NewEvent], list[Problem]]:
    """Return what a success emits: its events, and what its job's outputs have by themselves."""
    if lease is None:  # no success, or stale
        return (), []
    job = jobs.get(lease.job_id)
    trace = result.trace or current_traceparent()
    events, faults = new_events(result.events, job=job, pointer=f"{pointer}/events", trace=trace)
    if job is None or faults:
        return events, faults
    services = desk.services
    context = LocalContext(
        lease=lease,
        job=job,
        events=(),
        trace=trace,
        resources=None,
        around=Surroundings(
            database=services.database,
            objects=services.objects,
            wake=services.wake,
            clock=services.clock,
            add_log=lambda _: None,
        ),
    )
    context.emitted += events
    return context.outcome_events(), []


async def _settle(desk: Desk, endings: Sequence[_Ending], *, serial: bool) -> list[Settled]:
    database = desk.services.database
    if any(ending.events or ending.memo for ending in endings):
        async with database.transaction() as conn:
            accepted = await _end(conn, endings)
            done = [e for e in endings if accepted.get(e.grant.lease) is Outcome.OK]
            await _emit(conn, done)
            await _forget(conn, done)
    else:
        async with database.connection() as conn:
            accepted = await _end(conn, endings)
    _signal(desk, endings, accepted, serial=serial)
    rest = [ending.grant for ending in endings if ending.grant.lease not in accepted]
    before: dict[int, tuple[Outcome, str | None]] = {}
    if rest:
        async with database.connection() as conn:
            before = await contract_store.ended(conn, grants=rest)
    return [_settled(ending, accepted, before) for ending in endings]


async def _end(conn: Connection, endings: Sequence[_Ending]) -> dict[int, Outcome]:
    """Return, by the token of its lease, what each attempt that still held became."""
    accepted = await store.complete(conn, results=[ending.result for ending in endings])
    return {token: outcome for (_, token), outcome in accepted.items()}


async def _emit(conn: Connection, done: Sequence[_Ending]) -> None:
    told: dict[int, tuple[list[NewEvent], list[int]]] = {}
    for ending in done:
        events, tasks = told.setdefault(ending.grant.org_id, ([], []))
        events += ending.events
        tasks += [ending.grant.task_id] * len(ending.events)
    for org_id, (events, tasks) in told.items():
        await event_store.emit(conn, org_id=org_id, events=events, producer_task=tasks)


async def _forget(conn: Connection, done: Sequence[_Ending]) -> None:
    """Let no later attempt be taken for a repetition: by which program this one ran is unknown."""
    for memo in (ending.memo for ending in done if ending.memo is not None):
        await store.set_memo(
            conn, job_id=memo.job_id, ckey=memo.ckey, hash="", task_id=memo.task_id
        )


def _settled(
    ending: _Ending,
    accepted: Mapping[int, Outcome],
    before: Mapping[int, tuple[Outcome, str | None]],
) -> Settled:
    token, lease = ending.said.token, ending.grant.lease
    if lease in accepted:
        return Settled(token, "ok", _NAMES[accepted[lease]])
    if lease not in before:
        return Settled(token, "stale", None)
    outcome, code = before[lease]
    same = was_this(ending.said.outcome, ended=outcome, code=code)
    return Settled(token, "ok" if same else "stale", _NAMES[outcome])


def _signal(
    desk: Desk, endings: Sequence[_Ending], accepted: Mapping[int, Outcome], *, serial: bool
) -> None:
    wake, outcomes = desk.services.wake, set(accepted.values())
    if any(e.events for e in endings) or outcomes & {Outcome.DEAD, Outcome.CANCELLED}:
        wake.signal("emitted")
    ended_badly = bool(outcomes - {Outcome.OK})
    if ended_badly or serial:  # what waited for a key or a slot may be claimed now
        wake.signal("routed")
    if ended_badly:
        wake.signal("changed")
