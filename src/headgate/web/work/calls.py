"""The calls themselves: what each takes and gives."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from starlette.requests import Request

from headgate.core.access import current_principal
from headgate.core.work.contract import messages as said
from headgate.core.work.contract.claims import claim
from headgate.core.work.contract.completing import complete
from headgate.core.work.contract.desk import Desk
from headgate.core.work.contract.emitting import emit_now
from headgate.core.work.contract.inputs import read_inputs
from headgate.core.work.contract.sessions import close_session, granted, heartbeat, open_session
from headgate.core.work.contract.tokens import SessionGrant

_BEARER = "bearer"


@dataclass(frozen=True, slots=True)
class Call:
    """One call: where it is, what it takes and gives (None: nothing), and what answers it.

    `secured`: it shows its session's token. The others show a task's, or open a session.
    """

    method: Literal["POST", "DELETE"]
    path: str
    name: str
    summary: str
    takes: Any
    gives: Any
    status: int
    secured: bool
    answer: Callable[[Desk, Request, Any], Awaitable[Any]]


async def _open(desk: Desk, request: Request, asked: said.OpenSession) -> said.WorkSession:
    return await open_session(desk, asked, org_id=current_principal().org_id)


async def _close(desk: Desk, request: Request, asked: None) -> None:
    await close_session(desk, _session(desk, request, request.path_params["session"]))


async def _claim(desk: Desk, request: Request, asked: said.Claim) -> Sequence[said.ClaimedTask]:
    grant = _session(desk, request, asked.session)
    async with _watched(request) as gone:
        return await claim(desk, asked, grant=grant, gone=gone)


async def _heartbeat(desk: Desk, request: Request, asked: said.Heartbeat) -> said.Orders:
    return await heartbeat(desk, asked, grant=_session(desk, request, asked.session))


async def _inputs(desk: Desk, request: Request, asked: said.ReadInputs) -> said.InputPage:
    return await read_inputs(desk, asked)


async def _emit(desk: Desk, request: Request, asked: said.EmitEvents) -> said.EventsEmitted:
    return await emit_now(desk, asked)


async def _complete(desk: Desk, request: Request, asked: said.Complete) -> said.Completed:
    return await complete(desk, asked)


def _session(desk: Desk, request: Request, session: int) -> SessionGrant:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return granted(desk, session=session, token=token if scheme.lower() == _BEARER else "")


@contextlib.asynccontextmanager
async def _watched(request: Request) -> AsyncIterator[asyncio.Event]:
    """Yield an event that is set when the caller hangs up."""
    gone = asyncio.Event()

    async def watch() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        gone.set()

    watching = asyncio.ensure_future(watch())
    try:
        yield gone
    finally:
        watching.cancel()


CALLS: Sequence[Call] = (
    Call(
        "POST", "/sessions", "open_work_session",
        "Begin to work: the session keeps what is claimed for it, while it lives.",
        said.OpenSession, said.WorkSession, 201, False, _open,
    ),
    Call(
        "DELETE", "/sessions/{session}", "close_work_session",
        "End a session: what it still holds is put back, and costs no attempt.",
        None, None, 204, True, _close,
    ),
    Call(
        "POST", "/claim", "claim_tasks",
        "Lease tasks, or wait for the first. Keeps the session, as a heartbeat does.",
        said.Claim, Sequence[said.ClaimedTask], 200, True, _claim,
    ),
    Call(
        "POST", "/heartbeat", "send_heartbeat",
        "Keep the session with all its leases, tell progress, and hear what is to end.",
        said.Heartbeat, said.Orders, 200, True, _heartbeat,
    ),
    Call(
        "POST", "/inputs", "read_task_inputs",
        "Read those events of a task that its claim did not hold.",
        said.ReadInputs, said.InputPage, 200, False, _inputs,
    ),
    Call(
        "POST", "/events", "emit_task_events",
        "Emit in mid-task: at once, whatever becomes of the task.",
        said.EmitEvents, said.EventsEmitted, 200, False, _emit,
    ),
    Call(
        "POST", "/complete", "complete_tasks",
        "End attempts. Sent again, it gets the same answer and does nothing twice.",
        said.Complete, said.Completed, 200, False, _complete,
    ),
)  # fmt: skip
