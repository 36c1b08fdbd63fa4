"""Storing what a client sends under a key, and announcing it."""

import asyncio

from fastapi import Request

from headgate.core.errors import InvalidInput, Problem
from headgate.core.services import Services
from headgate.core.sources.objects import announce
from headgate.ports.object_store import ObjectInfo
from headgate.web.api.byte_ranges import unquoted

_AT_ONCE = 4  # each holds its whole body, up to 100 MB, in memory: more of them wait
_MAX_TYPE = 200


class Receiver:
    """Stores the bodies of PUTs and announces them to the sources that watch for such keys."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def receive(self, key: str, request: Request, *, org_id: int) -> ObjectInfo:
        """Store the body under `key`; raises the store's errors.

        `If-None-Match: *` stores only a new key, `If-Match` only over this version.
        """
        content_type = _content_type(request)
        if_match = request.headers.get("if-match")
        async with self._room:
            body = bytearray()
            async for chunk in request.stream():
                body += chunk
            data = bytes(body)
            body.clear()
            info = await self._services.objects.put(
                key,
                data,
                content_type=content_type,
                if_absent=request.headers.get("if-none-match") == "*",
                if_match=None if if_match is None else unquoted(if_match),
            )
        await announce(self._services, org_id=org_id, info=info)
        return info


def _content_type(request: Request) -> str | None:
    given = request.headers.get("content-type")
    if given is None or (given.isprintable() and given.isascii() and len(given) <= _MAX_TYPE):
        return given
    raise InvalidInput(
        "The content type is not one.",
        problems=[Problem("header Content-Type", "content_type", "must be short ASCII text")],
    )
