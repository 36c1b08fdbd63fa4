"""How large a request body may be: 1 MiB, and 100 MB where objects are stored."""

import asyncio
import contextlib

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from headgate.web.edge.problem import problem_response

OBJECT_LIMIT = 100_000_000
LIMIT = 1 << 20
_OBJECTS = ("/api/v1/objects/", "/objects/")
# A client that is still sending when the connection closes may never see why. So some more is read
# and dropped before the answer.
_DROPPED = 128 << 20
_PATIENCE = 2.0  # seconds
_CLOSE = {"Connection": "close"}


class BodyLimit:
    """ASGI middleware that counts the bytes that arrive and ends the request at the limit.

    A body that says that it is larger is refused before a byte of it is used.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        stores = scope["method"] == "PUT" and scope["path"].startswith(_OBJECTS)
        limit = OBJECT_LIMIT if stores else LIMIT
        headers = Headers(scope=scope)
        said = headers.get("content-length", "")
        if said.isdecimal() and int(said) > limit:
            if "expect" not in headers:  # it waits for leave to send
                await _drop_rest(receive)
            answer = problem_response(
                status=413,
                code="too_large",
                detail=_message(limit),
                instance=scope["path"],
                headers=_CLOSE,
            )
            await answer(scope, receive, send)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                if message.get("more_body", False):
                    await _drop_rest(receive)
                raise HTTPException(413, _message(limit), headers=_CLOSE)
            return message

        await self._app(scope, counted, send)


async def _drop_rest(receive: Receive) -> None:
    dropped = 0
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE):
            while dropped < _DROPPED:
                message = await receive()
                dropped += len(message.get("body", b""))
                if not message.get("more_body", False):
                    return


def _message(limit: int) -> str:
    shown = f"{limit // 1_000_000} MB" if limit >= OBJECT_LIMIT else f"{limit >> 20} MiB"
    return f"The body is larger than the {shown} that are taken here."
