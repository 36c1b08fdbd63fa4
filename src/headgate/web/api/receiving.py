"""Storing what a client sends under a key, and announcing it."""

import asyncio

from fastapi import Request

from headgate.core.errors import InvalidInput, Problem
from headgate.core.services import Services
from headgate.core.sources.objects import announce
from headgate.ports.object_store import ObjectInfo
from headgate.web.api.byte_ranges import unquoted

# Each holds its whole body, up to 100 MB, in memory: more of them wait.
_AT_ONCE = asyncio.Semaphore(4)
_MAX_TYPE = 200


async def receive_object(
    services: Services, key: str, request: Request, *, org_id: int
) -> ObjectInfo:
    """Store the body of a PUT and announce it to the sources that watch for such a key.

    `If-None-Match: *` stores only a new key, `If-Match` only over this version.
    """
    content_type = request.headers.get("content-type")
    if content_type is not None and not (
        content_type.isprintable() and content_type.isascii() and len(content_type) <= _MAX_TYPE
    ):
        raise InvalidInput(
            "The content type is not one.",
            problems=[Problem("header Content-Type", "content_type", "must be short ASCII text")],
        )
    if_match = request.headers.get("if-match")
    async with _AT_ONCE:
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
        info = await services.objects.put(
            key,
            bytes(body),
            content_type=content_type,
            if_absent=request.headers.get("if-none-match") == "*",
            if_match=None if if_match is None else unquoted(if_match),
        )
    await announce(services, org_id=org_id, info=info)
    return info
