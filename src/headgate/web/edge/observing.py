"""A span, figures and a log line for each request."""

import logging
import time

from opentelemetry import trace
from starlette.datastructures import Headers
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from headgate.core.observe.metrics import RequestFigures
from headgate.core.observe.tracing import end_request, request_span
from headgate.web.edge.rules import SAFE_METHODS

_log = logging.getLogger("headgate.web")
_ROUTES = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
_WORK = "/api/v1/work/"
_CLAIM = f"{_WORK}claim"


class Observing:
    """ASGI middleware. A request that only reads is traced only if its caller traces."""

    def __init__(self, app: ASGIApp, *, figures: RequestFigures) -> None:
        self._app = app
        self._figures = figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method, path = scope["method"], scope["path"]
        traceparent = Headers(scope=scope).get("traceparent")
        seen = _Seen(send)
        start = time.monotonic()
        try:
            if method in SAFE_METHODS and traceparent is None:
                await self._app(scope, receive, seen.send)
            else:
                with request_span(method=method, path=path, traceparent=traceparent) as span:
                    await self._app(scope, receive, seen.send)
                    end_request(span, method=method, route=_route(scope), status=seen.status)
        finally:
            self._end(scope, seen, time.monotonic() - start)

    def _end(self, scope: Scope, seen: "_Seen", seconds: float) -> None:
        method = scope["method"] if scope["method"] in _ROUTES else "other"
        path = scope["path"]
        # How long somebody watched, or waited for work, is not how long an answer took.
        if not seen.streams and path != _CLAIM:
            self._figures.add(
                method=method, route=_route(scope), status=seen.status, seconds=seconds
            )
        # Workers ask without pause, and each task tells of itself.
        changes = method not in SAFE_METHODS and not path.startswith(_WORK)
        _log.log(
            logging.INFO if changes or seen.status >= 500 else logging.DEBUG,  # noqa: PLR2004
            "%s %s %d",
            method,
            path,
            seen.status,
            extra={"fields": {"ms": round(seconds * 1000, 1)}},
        )


class _Seen:
    """What passed of an answer."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 500  # until something else is sent
        self.streams = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            kind = Headers(raw=message["headers"]).get("content-type", "")
            self.streams = kind.startswith("text/event-stream")
            context = trace.get_current_span().get_span_context()
            if context.is_valid:
                trace_id = trace.format_trace_id(context.trace_id).encode()
                message["headers"] = [*message["headers"], (b"x-trace-id", trace_id)]
        await self._send(message)


def _route(scope: Scope) -> str:
    """Return the pattern that the path matched, so that figures do not grow with ids.

    A route knows its pattern without the prefixes under which its router was included.
    """
    pattern = getattr(scope.get("route"), "path", None)
    if not isinstance(pattern, str):
        return "unmatched"
    matcher, _, _ = compile_path(pattern)
    prefix, rest = "", scope["path"]
    while not matcher.match(rest):
        segment, slash, after = rest[1:].partition("/")
        if not slash:
            return pattern
        prefix, rest = f"{prefix}/{segment}", f"/{after}"
    return prefix + pattern
