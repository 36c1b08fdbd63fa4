"""Every error that a route raises on purpose, as problem details. Others: see `unexpected`."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from headgate.core.errors import Fault, HeadgateError, Problem
from headgate.ports.object_store import (
    BadKey,
    BadSignature,
    ObjectMissing,
    ObjectStoreError,
    PutConflict,
    StoreUnavailable,
)
from headgate.web.edge.problem import error_response, problem_response

_OF_STORE: dict[type[ObjectStoreError], tuple[int, str, Fault]] = {
    BadKey: (422, "bad_key", "input"),
    ObjectMissing: (404, "not_found", "input"),
    PutConflict: (412, "put_conflict", "state"),
    BadSignature: (403, "bad_signature", "input"),
    StoreUnavailable: (503, "object_store_unavailable", "headgate"),
}
_OF_STATUS = {413: "too_large"}
_MARKS = {"query": "?"}


def handle_errors(app: FastAPI) -> None:
    """Make problem details of whatever the app's routes raise."""
    app.add_exception_handler(HeadgateError, _ours)
    app.add_exception_handler(ObjectStoreError, _of_the_store)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(ClientDisconnect, _gone)


async def _ours(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HeadgateError)  # noqa: S101 - as registered
    return error_response(error, instance=request.url.path)


async def _of_the_store(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ObjectStoreError)  # noqa: S101 - as registered
    status, code, fault = _OF_STORE.get(type(error), (500, "object_store", "headgate"))
    return problem_response(
        status=status,
        code=code,
        detail=str(error),
        instance=request.url.path,
        fault=fault,
        retry=error.retry,
    )


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as registered
    problems = [_problem(fault) for fault in error.errors()]
    count = "1 fault" if len(problems) == 1 else f"{len(problems)} faults"
    return problem_response(
        status=422,
        code="invalid_input",
        detail=f"The request has {count}.",
        instance=request.url.path,
        errors=problems,
    )


def _problem(fault: dict[str, Any]) -> Problem:
    location = tuple(fault["loc"])
    if fault["type"] == "json_invalid":
        reason = fault.get("ctx", {}).get("error", fault["msg"])
        return Problem("", "json_invalid", f"not JSON: {reason} at character {location[-1]}")
    path = "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in location[1:])
    place = str(location[0]) if location else ""
    pointer = path if place == "body" else f"{_MARKS.get(place, place + ' ')}{path[1:]}"
    return Problem(pointer, fault["type"], fault["msg"].removeprefix("Value error, "))


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - as registered
    phrase = HTTPStatus(error.status_code).phrase
    code = _OF_STATUS.get(error.status_code, phrase.lower().replace(" ", "_").replace("-", "_"))
    detail = error.detail if error.detail != phrase else _detail(request, error.status_code)
    return problem_response(
        status=error.status_code,
        code=code,
        detail=detail,
        instance=request.url.path,
        headers=error.headers,
    )


def _detail(request: Request, status: int) -> str:
    if status == HTTPStatus.NOT_FOUND:
        return f"There is nothing at {request.url.path}."
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return f"{request.url.path} does not take {request.method}."
    return HTTPStatus(status).description or HTTPStatus(status).phrase


async def _gone(request: Request, error: Exception) -> Response:
    # Nobody reads this: whoever asked has hung up in the middle of the body.
    return Response(status_code=400)
