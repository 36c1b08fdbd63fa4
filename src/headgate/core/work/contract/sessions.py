"""Sessions: a worker begins, shows that it lives, and ends."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import timedelta

from headgate.core.database import Connection
from headgate.core.errors import Conflict, InvalidInput, Problem
from headgate.core.work import store
from headgate.core.work.contract import store as contract_store
from headgate.core.work.contract.desk import Desk
from headgate.core.work.contract.messages import Heartbeat, OpenSession, Orders, WorkSession
from headgate.core.work.contract.rules import GIVEN_BACK
from headgate.core.work.contract.tokens import SessionGrant, TaskGrant, TokenRefused, refuse
from headgate.core.work.model import Lease, Outcome, Result

_LIFETIME = timedelta(hours=24)
_REMEMBERED = 10_000
_LAST_HOUR = 3600  # in which a worker is asked to open another session
# A result that comes late is stale, and one that comes again gets its answer again, for so long.
_AFTER_DEADLINE = timedelta(hours=24)
_WHY = {"code": GIVEN_BACK, "message": "The worker stopped before the task was done."}


class SessionGone(Conflict):
    """The server has forgotten the session: nothing was heard of it, or it was ended."""

    code = "session_gone"


async def open_session(desk: Desk, asked: OpenSession, *, org_id: int) -> WorkSession:
    """Register a worker; raise `InvalidInput` with every operator that no deployed job has."""
    used = {job.operator for job in (await desk.jobs.of(org_id)).values()}
    if faults := unknown(asked.operators, used, where="/operators", what="no deployed job runs"):
        raise InvalidInput(
            "The session was not opened: it names operators without a job.",
            hint="Deploy a DAG whose jobs name them first.",
            problems=faults,
        )
    async with desk.services.database.connection() as conn:
        session = await store.open_session(
            conn, worker=asked.worker, capacity=asked.capacity, lease=desk.lease_seconds
        )
    grant = SessionGrant(
        session=session,
        org_id=org_id,
        expires=int((desk.services.clock() + _LIFETIME).timestamp()),
        operators=tuple(dict.fromkeys(asked.operators)),
    )
    return WorkSession(session, desk.tokens.of_session(grant), desk.lease_seconds)


def granted(desk: Desk, *, session: int, token: str) -> SessionGrant:
    """Return what a token grants for this session; raise `TokenRefused`."""
    grant = desk.tokens.session(token, now=desk.services.clock())
    if grant.session != session:
        raise TokenRefused(
            f"The token is not that of session {session}.",
            hint="Show the `session_token` that came with this session.",
        )
    return grant


async def close_session(desk: Desk, grant: SessionGrant) -> None:
    """End a session and give its leases back; ending it again does nothing."""
    async with desk.services.database.transaction() as conn:
        leases = await store.leases_of(conn, session=grant.session, known=[])
        await give_back(conn, leases)
        await store.close_session(conn, session=grant.session)
    desk.kept.pop(grant.session, None)
    if leases:
        desk.services.wake.signal("routed")


async def give_back(conn: Connection, leases: Sequence[Lease]) -> None:
    """Put tasks back that were not done; it costs them no attempt and counts as no loss."""
    if leases:
        results = [Result(x.task_id, x.token, Outcome.SNOOZED, _WHY) for x in leases]
        await store.complete(conn, results=results)


async def keep(desk: Desk, grant: SessionGrant) -> None:
    """Renew the session if it was not lately; raise `SessionGone`."""
    known = desk.kept.get(grant.session)
    if known is None or asyncio.get_running_loop().time() >= known + desk.lease_seconds / 3:
        async with desk.services.database.connection() as conn:
            await _renew(conn, desk, grant)


async def _renew(conn: Connection, desk: Desk, grant: SessionGrant) -> None:
    if len(desk.kept) >= _REMEMBERED:
        desk.kept.clear()
    desk.kept[grant.session] = asyncio.get_running_loop().time()
    if not await store.renew_session(conn, session=grant.session, lease=desk.lease_seconds):
        del desk.kept[grant.session]
        raise SessionGone(
            f"There is no session {grant.session} any more; its tasks went to others.",
            hint="Drop what runs, and open another session.",
        )


async def heartbeat(desk: Desk, asked: Heartbeat, *, grant: SessionGrant) -> Orders:
    """Keep the session, note the progress, and say what is to end."""
    told = own_grants(
        desk,
        [(f"/progress/{n}/token", p.token) for n, p in enumerate(asked.progress)],
        session=grant.session,
    )
    progress = list({g.lease: (g, p) for g, p in zip(told, asked.progress, strict=True)}.values())
    async with desk.services.database.connection() as conn:
        await _renew(conn, desk, grant)
        held = await contract_store.report(conn, progress=progress) if progress else set()
        stopped = dict(await store.stopped_leases(conn, session=grant.session))
        leases = await store.leases_of(conn, session=grant.session, known=[]) if stopped else []
    tokens = {
        lease.token: task_token(desk, lease, grant=grant)
        for lease in leases
        if lease.token in stopped
    }
    left = grant.expires - desk.services.clock().timestamp()
    return Orders(
        cancel=[token for lease, token in tokens.items() if stopped[lease]],
        restart=[token for lease, token in tokens.items() if not stopped[lease]],
        lost=[p.token for g, p in progress if g.lease not in held],
        drain=desk.stopping.is_set() or left < _LAST_HOUR,
    )


def own_grants(
    desk: Desk, tokens: Sequence[tuple[str, str]], *, session: int
) -> Sequence[TaskGrant]:
    """Return what (JSON pointer, token) pairs grant; raise `TokenRefused` unless all are ours."""
    grants = desk.tokens.tasks(tokens, now=desk.services.clock())
    refuse(
        [(pointer, "is the token of another session's task")
         for (pointer, _), grant in zip(tokens, grants, strict=True)
         if grant.session != session]
    )  # fmt: skip
    return grants


def task_token(desk: Desk, lease: Lease, *, grant: SessionGrant) -> str:
    """Return the token of a leased task of this session: the same one each time."""
    return desk.tokens.of_task(
        TaskGrant(
            task_id=lease.task_id,
            lease=lease.token,
            session=grant.session,
            org_id=grant.org_id,
            expires=int((lease.deadline_at + _AFTER_DEADLINE).timestamp()),
        )
    )


def unknown(names: Iterable[str], known: Iterable[str], *, where: str, what: str) -> list[Problem]:
    """Return a fault for each of `names` that is not known; `what` is said of it."""
    there = set(known)
    return [
        Problem(f"{where}/{number}", "unknown", f"{what} {name}")
        for number, name in enumerate(names)
        if name not in there
    ]
