"""What to do with an error that nobody expected: log it with its trace, answer 500."""

import logging

from opentelemetry import trace
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from headgate.web.edge.problem import problem_response

_log = logging.getLogger("headgate.web")


class Unexpected:
    """ASGI middleware. An answer that has begun is broken off: it must not seem whole."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            if started or scope["type"] != "http":
                raise
            _log.error("%s %s failed", scope["method"], scope["path"], exc_info=error)
            context = trace.get_current_span().get_span_context()
            place = (
                f", at trace {trace.format_trace_id(context.trace_id)}" if context.is_valid else ""
            )
            answer = problem_response(
                status=500,
                code="internal",
                detail="Something went wrong inside Headgate.",
                instance=scope["path"],
                fault="headgate",
                hint=f"The server's log says what{place}.",
            )
            await answer(scope, receive, send)
