"""Claiming tasks over messages, and not losing one whose worker has hung up."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Mapping, Sequence

from headgate.core.errors import DatabaseUnavailable, InvalidInput
from headgate.core.work import store
from headgate.core.work.contract import store as contract_store
from headgate.core.work.contract.desk import Desk
from headgate.core.work.contract.inputs import PAGE_BYTES, PAGE_EVENTS, after
from headgate.core.work.contract.messages import Claim, ClaimedTask, OutputDataset
from headgate.core.work.contract.sessions import (
    give_back,
    keep,
    own_grants,
    task_token,
    unknown,
)
from headgate.core.work.contract.store import Covered
from headgate.core.work.contract.tokens import SessionGrant, TaskGrant
from headgate.core.work.model import Job, Lease
from headgate.core.work.rules import Demand, allocate

_POLL = 1.0  # seconds; a wake-up may be lost
_ANYWHERE = ""  # where a task runs is not ours to know: one pool of slots


async def claim(
    desk: Desk, asked: Claim, *, grant: SessionGrant, gone: asyncio.Event
) -> Sequence[ClaimedTask]:
    """Lease tasks for a session; without any, wait for the first as long as is asked for.

    `gone` is set when nobody waits for the answer any more: then nothing stays leased. Raises
    `InvalidInput` with every unknown job and operator, and `SessionGone`.
    """
    known = _known(desk, asked, grant)
    loop = asyncio.get_running_loop()
    ends_at = loop.time() + asked.wait_ms / 1000
    pause = min(_POLL, desk.lease_seconds / 3)
    with desk.services.wake.waiting("routed", "deployed") as woken:
        while True:
            await keep(desk, grant)
            jobs = await _wanted(desk, asked, grant)
            if tasks := await _take(desk, asked, grant, jobs=jobs, known=known, gone=gone):
                return tasks
            left = ends_at - loop.time()
            if left <= 0 or gone.is_set() or desk.stopping.is_set():
                return []
            await _first_of((woken, gone, desk.stopping), seconds=min(left, pause))
            woken.clear()


def _known(desk: Desk, asked: Claim, grant: SessionGrant) -> list[int] | None:
    """Return the leases' tokens of the tasks that the worker says it holds."""
    if asked.known is None:
        return None
    tokens = [(f"/known/{number}", token) for number, token in enumerate(asked.known)]
    return [own.lease for own in own_grants(desk, tokens, session=grant.session)]


async def _wanted(desk: Desk, asked: Claim, grant: SessionGrant) -> dict[int, Job]:
    """Return the jobs of which tasks may be claimed, by id."""
    able = {
        id_: job
        for id_, job in (await desk.jobs.of(grant.org_id)).items()
        if job.operator in grant.operators
    }
    if faults := [
        *unknown(
            asked.operators or (), grant.operators,
            where="/operators", what="the session was not opened for",
        ),
        *unknown(
            asked.jobs or (), (job.name for job in able.values()),
            where="/jobs", what="the session has no operator of a deployed job",
        ),
    ]:  # fmt: skip
        raise InvalidInput("Nothing was claimed.", problems=faults)
    return {
        id_: job
        for id_, job in able.items()
        if (asked.jobs is None or job.name in asked.jobs)
        and (asked.operators is None or job.operator in asked.operators)
    }


async def _take(
    desk: Desk,
    asked: Claim,
    grant: SessionGrant,
    *,
    jobs: Mapping[int, Job],
    known: Sequence[int] | None,
    gone: asyncio.Event,
) -> Sequence[ClaimedTask]:
    """Lease tasks and describe them, or leave none leased."""
    leases: list[Lease] = []

    async def taken() -> Sequence[ClaimedTask]:
        async with desk.claiming:
            if known is not None:
                leases.extend(await _adopt(desk, grant, jobs, known))
            if not leases:
                await _fill(desk, grant, jobs, capacity=asked.capacity, leases=leases)
        return await _describe(desk, leases[: asked.capacity], grant=grant, jobs=jobs)

    # A claim that is cut off in the middle may have leased: it runs to its end, whatever comes.
    taking = asyncio.ensure_future(taken())
    try:
        tasks = await asyncio.shield(taking)
    except BaseException:
        await asyncio.gather(taking, return_exceptions=True)
        await _undo(desk, leases)
        raise
    if gone.is_set():
        await _undo(desk, leases)
        return []
    return tasks


async def _undo(desk: Desk, leases: Sequence[Lease]) -> None:
    if leases:
        # A database that is away now takes them back by itself, when the session has run out.
        with contextlib.suppress(DatabaseUnavailable):
            async with desk.services.database.connection() as conn:
                await give_back(conn, leases)
            desk.services.wake.signal("routed")


async def _adopt(
    desk: Desk, grant: SessionGrant, jobs: Mapping[int, Job], known: Sequence[int]
) -> list[Lease]:
    """Return what an earlier claim leased without the worker's hearing of it."""
    async with desk.services.database.connection() as conn:
        leases = await store.leases_of(conn, session=grant.session, known=known)
        await give_back(conn, [lease for lease in leases if lease.job_id not in jobs])
    return [lease for lease in leases if lease.job_id in jobs]


async def _fill(
    desk: Desk,
    grant: SessionGrant,
    jobs: Mapping[int, Job],
    *,
    capacity: int,
    leases: list[Lease],
) -> None:
    """Add leases until `capacity` is reached or every job had its look.

    A round shares what is free among the jobs that may have more; one that gave less than its
    share has nothing left.
    """
    rest = set(jobs)
    while rest and (free := capacity - len(leases)) > 0:
        demands = [Demand(jobs[id_].id, jobs[id_].priority, _ANYWHERE) for id_ in sorted(rest)]
        quotas = allocate(demands, free={_ANYWHERE: free}, busy=frozenset(), turn=next(desk.turns))
        async with desk.services.database.connection() as conn:
            found = await store.claim_batch(
                conn,
                quotas=quotas,
                session=grant.session,
                capped=[job for job, _ in quotas if jobs[job].limited],
                after={},
            )
        leases += found
        given = Counter(lease.job_id for lease in found)
        rest -= {job for job, quota in quotas if given[job] < quota}


async def _describe(
    desk: Desk, leases: Sequence[Lease], *, grant: SessionGrant, jobs: Mapping[int, Job]
) -> Sequence[ClaimedTask]:
    covered: dict[int, list[Covered]] = {}
    heavy = [
        TaskGrant(lease.task_id, lease.token, grant.session, grant.org_id, 0)
        for lease in leases
        if lease.heavy
    ]
    if heavy:
        async with desk.services.database.connection() as conn:
            covered = await contract_store.inputs(
                conn, grants=heavy, start=0, most=PAGE_EVENTS, max_bytes=PAGE_BYTES
            )
    return [
        _claimed(
            lease,
            jobs[lease.job_id],
            covered=covered.get(lease.task_id, []),
            token=task_token(desk, lease, grant=grant),
        )
        for lease in leases
    ]


def _claimed(lease: Lease, job: Job, *, covered: Sequence[Covered], token: str) -> ClaimedTask:
    return ClaimedTask(
        task_id=lease.task_id,
        token=token,
        attempt=lease.attempt,
        job=job.name,
        operator=job.operator,
        deployment=lease.deployment_id or job.deployment_id,
        partition=lease.partition,
        ranges=lease.ranges,
        whole=lease.whole,
        invalidated=lease.invalidated,
        events=[event for event, _, _ in covered],
        inputs_after=after(covered),
        params=job.params,
        deadline_at=lease.deadline_at,
        trace=next((trace for _, trace, _ in covered if trace), None),
        outputs=[
            OutputDataset(name, "range" if output.partitioning == "range" else "key")
            for name, output in sorted(job.outputs.items())
        ],
    )


async def _first_of(events: Sequence[asyncio.Event], *, seconds: float) -> None:
    """Wait until one of the events is set, at most `seconds`."""
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for waiting in waits:
            waiting.cancel()
