"""Objects: files in the store."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query, Response
from fastapi import Request as HttpRequest
from pydantic import BaseModel, Field

from headgate.core.paging import Cursor, Page, page_of
from headgate.core.services import Services
from headgate.ports.object_store import ObjectInfo
from headgate.web.api.byte_ranges import quoted
from headgate.web.api.fields import NO_NUL, CursorText, Limit, Request, Text, Who, plain_text
from headgate.web.api.receiving import Receiver
from headgate.web.api.serving import serve_object

_WEEK = 7 * 24 * 3600
_BYTES: dict[str, Any] = {
    "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
}
_SENT: dict[int | str, dict[str, Any]] = {
    200: {"description": "The whole object.", "content": _BYTES},
    206: {"description": "A part of it.", "content": _BYTES},
    304: {"description": "The client has it already."},
    416: {"description": "The range lies beyond its end."},
}
_TAKEN: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The object's bytes, at most 100 MB.",
        "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
    }
}
Version = Annotated[
    str | None, Query(max_length=500, pattern=NO_NUL, description="This version, not the newest.")
]


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One object. `etag` changes with its bytes, `version` with each put."""

    key: str
    size: int
    etag: str
    version: str
    modified: datetime
    content_type: str


class SignRequest(Request):
    """What the URL is to allow, and for how long (at most a week)."""

    key: Annotated[Text, Field(min_length=1, max_length=900)]
    method: Literal["GET", "PUT"] = "GET"
    lifetime_seconds: Annotated[int, Field(ge=1, le=_WEEK)] = 3600


class SignedUrl(BaseModel):
    url: str
    expires_at: datetime


def routes(services: Services) -> APIRouter:
    """Return the routes of objects."""
    router = APIRouter(prefix="/objects", tags=["objects"])

    @router.get("", operation_id="list_objects")
    async def list_objects(
        who: Who,
        prefix: Annotated[str, Query(max_length=900, pattern=NO_NUL)] = "",
        cursor: CursorText = None,
        limit: Limit = 50,
    ) -> Page[StoredObject]:
        """List objects by key."""
        after = Cursor.parse(cursor, plain_text)[0] if cursor else ""
        found: list[StoredObject] = []
        async for info in services.objects.list(prefix, after=after):
            found.append(_stored(info))
            if len(found) > limit:
                break
        return page_of(found, limit=limit, cursor=lambda stored: Cursor((stored.key,)))

    @router.post("/sign", operation_id="sign_object")
    async def sign(request: SignRequest, who: Who) -> SignedUrl:
        """Make a URL that lets its bearer read or write one object, without any other right."""
        now, lifetime = services.clock(), timedelta(seconds=request.lifetime_seconds)
        url = services.objects.sign(request.method, request.key, now=now, lifetime=lifetime)
        return SignedUrl(url=url, expires_at=now + lifetime)

    _add_bytes(router, services)
    return router


def _add_bytes(router: APIRouter, services: Services) -> None:
    receiver = Receiver(services)

    @router.get("/{key:path}", operation_id="get_object", response_class=Response, responses=_SENT)
    async def get_object(
        key: str,
        request: HttpRequest,
        who: Who,
        version: Version = None,
        range: Annotated[str | None, Header()] = None,  # noqa: A002 - the header's name
    ) -> Response:
        """Return an object's bytes. Ranges and `If-None-Match` are understood."""
        return await serve_object(services.objects, key, request, version=version)

    @router.head(
        "/{key:path}", operation_id="head_object", response_class=Response, responses=_SENT
    )
    async def head_object(
        key: str, request: HttpRequest, who: Who, version: Version = None
    ) -> Response:
        """Describe an object in headers."""
        return await serve_object(services.objects, key, request, version=version)

    @router.put("/{key:path}", operation_id="put_object", status_code=201, openapi_extra=_TAKEN)
    async def put_object(
        key: str, request: HttpRequest, response: Response, who: Who
    ) -> StoredObject:
        """Store the body under a key and announce it to the sources that watch for it."""
        info = await receiver.receive(key, request, org_id=who.org_id)
        response.headers["ETag"] = quoted(info.etag)
        return _stored(info)

    @router.delete("/{key:path}", operation_id="delete_object", status_code=204)
    async def delete_object(key: str, who: Who) -> None:
        """Remove an object; one that is not there is no error."""
        await services.objects.delete(key)


def _stored(info: ObjectInfo) -> StoredObject:
    return StoredObject(
        key=info.key,
        size=info.size,
        etag=info.etag,
        version=info.version,
        modified=info.modified,
        content_type=info.content_type,
    )
