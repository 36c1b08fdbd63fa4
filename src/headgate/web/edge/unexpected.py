"""What to do with an error that nobody expected: log it with its trace, answer 500."""

import asyncio
import logging

from opentelemetry import trace
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from headgate.web.edge.problem import problem_response

_log = logging.getLogger("headgate.web")
_END: Message = {"type": "http.response.body", "body": b"", "more_body": False}


class Unexpected:
    """ASGI middleware. An answer that has begun is broken off: it must not seem whole.

    A stream has no end of its own, so one that is cancelled because the server stops ends well.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = streams = False

        async def watched(message: Message) -> None:
            nonlocal started, streams
            if message["type"] == "http.response.start":
                started = True
                kind = Headers(raw=message["headers"]).get("content-type", "")
                streams = kind.startswith("text/event-stream")
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except asyncio.CancelledError:
            if not streams:
                raise
            await send(_END)
        except Exception as error:
            if started:
                raise
            await _answer(error, scope, receive, send)


async def _answer(error: Exception, scope: Scope, receive: Receive, send: Send) -> None:
    _log.error("%s %s failed", scope["method"], scope["path"], exc_info=error)
    context = trace.get_current_span().get_span_context()
    place = f", at trace {trace.format_trace_id(context.trace_id)}" if context.is_valid else ""
    answer = problem_response(
        status=500,
        code="internal",
        detail="Something went wrong inside Headgate.",
        instance=scope["path"],
        fault="headgate",
        hint=f"The server's log says what{place}.",
    )
    await answer(scope, receive, send)
