"""Where the signed URLs of the local store lead; those of S3 lead to S3 itself."""

from datetime import datetime
from typing import Annotated, Any, Literal, Protocol, runtime_checkable

from fastapi import APIRouter, Query, Request, Response

from headgate.core.access import LOCAL
from headgate.core.errors import NotFound
from headgate.core.services import Services
from headgate.web.api.receiving import Receiver
from headgate.web.api.serving import serve_object

_RESPONSES: dict[int | str, dict[str, Any]] = {
    304: {"description": "The client has it already."},
    416: {"description": "The range lies beyond its end."},
}
_MAX_EXPIRES = 2**53


@runtime_checkable
class _Verifying(Protocol):
    """A store whose signed URLs come to us."""

    def verify(self, method: str, key: str, expires: int, signature: str, *, now: datetime) -> None:
        """Raise `BadSignature` unless the store signed this and `now` is before its end."""
        ...


Method = Annotated[Literal["GET", "PUT"], Query()]
Expires = Annotated[int, Query(ge=0, le=_MAX_EXPIRES, description="In seconds since 1970.")]
Signature = Annotated[str, Query(max_length=200)]


def routes(services: Services) -> APIRouter:
    """Return the routes of signed URLs; a signature is all the right that they need."""
    router = APIRouter(prefix="/objects", tags=["objects"])
    receiver = Receiver(services)

    def check(method: str, key: str, expires: int, signature: str) -> None:
        if not isinstance(services.objects, _Verifying):
            raise NotFound("The object store of this server has signed URLs of its own.")
        services.objects.verify(method, key, expires, signature, now=services.clock())

    @router.get(
        "/{key:path}",
        operation_id="get_signed_object",
        response_class=Response,
        responses=_RESPONSES,
    )
    async def get_object(
        key: str, request: Request, method: Method, expires: Expires, signature: Signature
    ) -> Response:
        """Return the bytes of the object that the URL was signed for."""
        check("GET", key, expires, signature)
        answer = await serve_object(services.objects, key, request)
        # Who has the URL has the right, from whatever page.
        answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return answer

    @router.put("/{key:path}", operation_id="put_signed_object", status_code=201)
    async def put_object(
        key: str, request: Request, method: Method, expires: Expires, signature: Signature
    ) -> Response:
        """Store the body under the key that the URL was signed for."""
        check("PUT", key, expires, signature)
        await receiver.receive(key, request, org_id=LOCAL.org_id)
        return Response(status_code=201)

    return router
