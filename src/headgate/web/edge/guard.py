"""The outermost door: refuses foreign hosts and foreign pages, and sets the safety headers."""

from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from headgate.web.edge.problem import problem_response
from headgate.web.edge.rules import is_known_host, is_own_request

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # What a route serves is no page unless it says so itself.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
}


class Guard:
    """ASGI middleware; `hosts` are names that we are known by besides localhost and addresses."""

    def __init__(self, app: ASGIApp, *, hosts: Collection[str]) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not is_known_host(host, self._hosts):
            answer = problem_response(
                status=421,
                code="wrong_host",
                detail=f"This server is not known as {host[:200]!r}.",
                instance=scope["path"],
                hint="Call it by localhost, by its address, or by the name it was started with.",
            )
        elif not is_own_request(
            scope["method"],
            host=host,
            fetch_site=headers.get("sec-fetch-site"),
            origin=headers.get("origin"),
        ):
            answer = problem_response(
                status=403,
                code="foreign_origin",
                detail="A page of another site may not change anything here.",
                instance=scope["path"],
            )
        else:
            await self._app(scope, receive, guarded)
            return
        await answer(scope, receive, guarded)
