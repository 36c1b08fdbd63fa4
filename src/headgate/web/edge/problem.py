"""Errors as clients get them: problem details (RFC 9457) with whose fault it is and what to do."""

from collections.abc import Mapping, Sequence

from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from headgate.core.errors import Fault, HeadgateError
from headgate.core.errors import Problem as Found

MEDIA_TYPE = "application/problem+json"
_RETRY_AFTER = "2"  # seconds


class ProblemItem(BaseModel):
    """One fault of an input."""

    pointer: str = Field(
        description="Where: a JSON pointer, `?name` for a query parameter, or a place."
    )
    code: str
    message: str


class Problem(BaseModel):
    """Why a request was not done."""

    type: str = Field(description="A URN that names the kind of problem, made from `code`.")
    title: str
    status: int
    detail: str
    instance: str = Field(description="The path that was asked for.")
    code: str = Field(description="Stable and machine-readable.")
    fault: Fault = Field(description="Whose fault it is.")
    retry: bool = Field(description="Whether the same request may succeed later.")
    hint: str = Field(description="What to do about it.")
    errors: list[ProblemItem] = Field(description="Every fault of the input, not just the first.")


def problem_response(
    *,
    status: int,
    code: str,
    detail: str,
    instance: str,
    fault: Fault = "input",
    retry: bool = False,
    hint: str = "",
    errors: Sequence[Found] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Write a problem; one that may pass says when to ask again."""
    body = Problem(
        type=f"urn:headgate:problem:{code}",
        title=code.replace("_", " ").capitalize(),
        status=status,
        detail=detail,
        instance=instance,
        code=code,
        fault=fault,
        retry=retry,
        hint=hint,
        errors=[ProblemItem(pointer=e.pointer, code=e.code, message=e.message) for e in errors],
    )
    extra = {"Retry-After": _RETRY_AFTER} if retry else {}
    return JSONResponse(
        body.model_dump(), status, headers={**extra, **(headers or {})}, media_type=MEDIA_TYPE
    )


def error_response(error: HeadgateError, *, instance: str) -> JSONResponse:
    """Write an error of ours as a problem."""
    return problem_response(
        status=error.status,
        code=error.code,
        detail=error.message,
        instance=instance,
        fault=error.fault,
        retry=error.retry,
        hint=error.hint,
        errors=error.problems,
    )
