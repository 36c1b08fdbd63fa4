"""The short way of workers' calls through the server."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, ExceptionHandler, Receive, Scope, Send

from headgate.core.work.contract.desk import Desk
from headgate.web.work.calls import CALLS, Call
from headgate.web.work.reading import read

_encode = msgspec.json.Encoder().encode


class WorkCalls:
    """ASGI middleware that answers what is below `prefix`, and passes on everything else.

    `handlers` make answers of errors, as they do for the rest of the API.
    """

    def __init__(
        self, app: ASGIApp, *, desk: Desk, prefix: str, handlers: Mapping[Any, ExceptionHandler]
    ) -> None:
        self._app = app
        self._prefix = prefix
        routes = [
            Route(_typed(prefix + call.path), _endpoint(desk, call), methods=[call.method])
            for call in CALLS
        ]
        router = Router(routes, redirect_slashes=False)
        self._calls = ExceptionMiddleware(router, handlers=handlers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        ours = scope["type"] == "http" and scope["path"].startswith(f"{self._prefix}/")
        await (self._calls if ours else self._app)(scope, receive, send)


def _typed(path: str) -> str:
    return path.replace("{session}", "{session:int}")


def _endpoint(desk: Desk, call: Call) -> Callable[[Request], Awaitable[Response]]:
    decoder = msgspec.json.Decoder(call.takes) if call.takes is not None else None

    async def endpoint(request: Request) -> Response:
        asked = await read(request, decoder) if decoder is not None else None
        given = await call.answer(desk, request, asked)
        if call.gives is None:
            return Response(status_code=call.status)
        return Response(_encode(given), call.status, media_type="application/json")

    return endpoint
