"""The ASGI middleware that keeps and repeats answers."""

import asyncio
import contextlib
import hashlib
from datetime import datetime

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from headgate.core.access import Principal, current_principal
from headgate.core.database import Database
from headgate.core.errors import Conflict, DatabaseUnavailable, HeadgateError, InvalidInput, Problem
from headgate.web.edge.idempotency import store
from headgate.web.edge.problem import error_response, problem_response

HEADER = "Idempotency-Key"
MAX_KEY = 200
KEEP = 24 * 3600.0
_ABANDONED = 60.0
_REPEATED = ("content-type", "location", "etag")
_MAX_BODY = 1 << 20  # a longer answer is given but not kept


class StillRunning(Conflict):
    """The first request with this key has not been answered yet."""

    code = "still_running"
    retry = True


class Idempotency:
    """Handles every POST below `prefix` that carries a key."""

    def __init__(self, app: ASGIApp, *, database: Database, prefix: str) -> None:
        self._app = app
        self._database = database
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        acts = scope["type"] == "http" and scope["method"] == "POST"
        ours = acts and scope["path"].startswith(self._prefix)
        key = Headers(scope=scope).get(HEADER) if ours else None
        if key is None:
            await self._app(scope, receive, send)
            return
        try:
            _check(key)
            body = await _read(receive)
            answer = await self._once(scope, receive, key=key, body=body)
        except HeadgateError as error:
            answer = error_response(error, instance=scope["path"])
        except HTTPException as error:  # the body is too large
            answer = problem_response(
                status=error.status_code,
                code="too_large",
                detail=error.detail,
                instance=scope["path"],
                headers=error.headers,
            )
        await answer(scope, receive, send)

    async def _once(self, scope: Scope, receive: Receive, *, key: str, body: bytes) -> ASGIApp:
        """Run the request if it is the first with its key; return the answer to give."""
        who = current_principal()
        request_hash = _hash(scope, who, body)
        async with self._database.connection() as conn:
            at = await store.claim(
                conn,
                org_id=who.org_id,
                key=key,
                request_hash=request_hash,
                keep=KEEP,
                abandoned=_ABANDONED,
            )
            known = None if at else await store.find_reply(conn, org_id=who.org_id, key=key)
        if at is None:
            return _again(known, request_hash)
        answer = _Answer()
        try:
            await self._app(scope, _replay(body, receive), answer.take)
        finally:
            # Before it is sent: whoever has the answer may ask for it again at once. Also when the
            # server stops in the middle: the key must not stay taken.
            await asyncio.shield(self._settle(who, key, at, answer))
        return answer

    async def _settle(self, who: Principal, key: str, at: datetime, answer: "_Answer") -> None:
        # A database that is away now frees the key by itself, after a minute.
        with contextlib.suppress(DatabaseUnavailable):
            async with self._database.connection() as conn:
                if not answer.may_be_kept:
                    await store.release(conn, org_id=who.org_id, key=key, at=at)
                    return
                await store.keep_reply(
                    conn,
                    org_id=who.org_id,
                    key=key,
                    at=at,
                    status=answer.status,
                    headers=answer.headers,
                    body=answer.body.decode(),
                )


class _Answer:
    """An answer that is held back until it is settled; an ASGI app that gives it."""

    def __init__(self) -> None:
        self._messages: list[Message] = []
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""

    @property
    def may_be_kept(self) -> bool:
        return 200 <= self.status < 400 and len(self.body) <= _MAX_BODY  # noqa: PLR2004

    async def take(self, message: Message) -> None:
        self._messages.append(message)
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = Headers(raw=message["headers"])
            self.headers = {name: headers[name] for name in _REPEATED if name in headers}
        else:
            self.body += message.get("body", b"")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        for message in self._messages:
            await send(message)


def _check(key: str) -> None:
    if not (1 <= len(key) <= MAX_KEY and key.isascii() and key.isprintable()):
        what = f"1 to {MAX_KEY} printable ASCII characters"
        raise InvalidInput(
            f"An {HEADER} has {what}.",
            problems=[Problem(f"header {HEADER}", "idempotency_key", f"must be {what}")],
        )


def _hash(scope: Scope, who: Principal, body: bytes) -> str:
    parts = (who.name.encode(), scope["path"].encode(), scope["query_string"], body)
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _again(known: store.Known | None, request_hash: str) -> Response:
    if known is not None and known.request_hash != request_hash:
        raise Conflict(
            f"This {HEADER} was used for another request.",
            hint="Use a new key for each thing that is to be done once.",
        )
    if known is None or known.status is None:
        raise StillRunning("The first request with this key is still at work.")
    return Response(
        known.body,
        known.status,
        headers={**known.headers, "Idempotent-Replayed": "true"},
    )


async def _read(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return bytes(body)
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body that was read, then what comes after it."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
