"""Sending an object: whole or in part, or not at all when the client has it already."""

from collections.abc import AsyncIterator

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from headgate.ports.object_store import ObjectInfo, ObjectMissing, ObjectStore, StoreUnavailable
from headgate.web.api.byte_ranges import Span, matches, quoted, requested_span

_AT_ONCE = 8_000_000  # bytes; larger objects are read piece by piece
# Types that a browser runs or lets run something: they are saved, never shown as a page of ours.
_ACTIVE = ("html", "svg", "xml", "javascript", "x-shockwave")
_REVALIDATE = "private, no-cache"
_FOREVER = "private, max-age=31536000, immutable"


async def serve_object(
    store: ObjectStore, key: str, request: Request, *, version: str | None = None
) -> Response:
    """Answer a GET or HEAD for an object; raises the store's errors.

    Bytes of two versions are never mixed: an answer that was begun is broken off if the object is
    replaced meanwhile. With `version` that version is sent, which never changes.
    """
    if version is not None:
        data = await store.get(key, version=version)
        found = next((i for i in await store.versions(key) if i.version == version), None)
        info = found or await store.head(key)
        headers = _headers(info, cache=_FOREVER)
        return Response(
            b"" if request.method == "HEAD" else data,
            headers={**headers, "Content-Length": str(len(data))},
            media_type=info.content_type,
        )
    try:
        return await _newest(store, key, request)
    except _Replaced:
        return await _newest(store, key, request)


class _Replaced(Exception):
    """The object was replaced between two looks at it."""


async def _newest(store: ObjectStore, key: str, request: Request) -> Response:
    info = await store.head(key)
    headers = _headers(info, cache=_REVALIDATE)
    if matches(request.headers.get("if-none-match"), info.etag):
        return Response(status_code=304, headers=headers)
    asked = request.headers.get("range") if request.method == "GET" else None
    span = requested_span(
        asked, size=info.size, if_range=request.headers.get("if-range"), etag=info.etag
    )
    status = 206
    if span == "unsatisfiable":
        return Response(
            status_code=416, headers={**headers, "Content-Range": f"bytes */{info.size}"}
        )
    if span == "whole":
        span, status = (0, info.size), 200
    else:
        headers["Content-Range"] = f"bytes {span[0]}-{span[1] - 1}/{info.size}"
    headers["Content-Length"] = str(span[1] - span[0])
    if request.method == "HEAD":
        return Response(status_code=200, headers=headers, media_type=info.content_type)
    if info.size > _AT_ONCE:
        pieces = _pieces(store, info, span)
        return StreamingResponse(pieces, status, headers=headers, media_type=info.content_type)
    try:
        data = await store.get(key, version=info.version)
    except ObjectMissing as error:
        raise _Replaced from error
    return Response(data[slice(*span)], status, headers=headers, media_type=info.content_type)


async def _pieces(store: ObjectStore, info: ObjectInfo, span: Span) -> AsyncIterator[bytes]:
    start, end = span
    while start < end:
        piece = await store.get_range(info.key, start, min(start + _AT_ONCE, end))
        if not piece or (await store.head(info.key)).version != info.version:
            raise StoreUnavailable(f"{info.key!r} was replaced while it was being sent.")
        yield piece
        start += len(piece)


def _headers(info: ObjectInfo, *, cache: str) -> dict[str, str]:
    headers = {
        "ETag": quoted(info.etag),
        "Last-Modified": info.modified.strftime("%a, %d %b %Y %H:%M:%S GMT"),
        "Cache-Control": cache,
        "Accept-Ranges": "bytes",
        "X-Object-Version": info.version,
    }
    if any(word in info.content_type.lower() for word in _ACTIVE):
        headers["Content-Disposition"] = "attachment"
    return headers
