"""How large a request body may be: 1 MiB, and 100 MB where objects are stored."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from headgate.web.edge.problem import problem_response

OBJECT_LIMIT = 100_000_000
LIMIT = 1 << 20
_OBJECTS = ("/api/v1/objects/", "/objects/")


class BodyLimit:
    """ASGI middleware that counts the bytes that arrive and ends the request at the limit.

    A body that says its size is refused before a byte of it is read.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        stores = scope["method"] == "PUT" and scope["path"].startswith(_OBJECTS)
        limit = OBJECT_LIMIT if stores else LIMIT
        said = Headers(scope=scope).get("content-length", "")
        if said.isdecimal() and int(said) > limit:
            answer = problem_response(
                status=413,
                code="too_large",
                detail=_message(limit),
                instance=scope["path"],
                headers={"Connection": "close"},
            )
            await answer(scope, receive, send)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise HTTPException(413, _message(limit), headers={"Connection": "close"})
            return message

        await self._app(scope, counted, send)


def _message(limit: int) -> str:
    shown = f"{limit // 1_000_000} MB" if limit >= OBJECT_LIMIT else f"{limit >> 20} MiB"
    return f"The body is larger than the {shown} that are taken here."
