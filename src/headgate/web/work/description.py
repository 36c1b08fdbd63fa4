"""The calls of workers in the words of OpenAPI."""

from collections.abc import Mapping
from typing import Any

import msgspec

from headgate.web.work.calls import CALLS, Call

TAG = "work"
ABOUT = "What workers in any language do: claim tasks, keep them, complete them."
_REF = "#/components/schemas/"
_SCHEME = "session_token"
_SESSION = {
    "name": "session",
    "in": "path",
    "required": True,
    "schema": {"type": "integer", "minimum": 1, "maximum": 2**63 - 1},
}


def paths(prefix: str) -> dict[str, Any]:
    """Return the path items of the calls below `prefix`."""
    schemas, _ = _schemas()
    return {prefix + call.path: {call.method.lower(): _operation(call, schemas)} for call in CALLS}


def components() -> dict[str, Any]:
    """Return what the path items refer to, by kind and name."""
    _, named = _schemas()
    scheme = {
        "type": "http",
        "scheme": "bearer",
        "description": "The `session_token` of an open session.",
    }
    return {"schemas": named, "securitySchemes": {_SCHEME: scheme}}


def _schemas() -> tuple[Mapping[Any, dict[str, Any]], dict[str, Any]]:
    """Return the schema of each type that a call takes or gives, and those they refer to."""
    types = [type_ for call in CALLS for type_ in (call.takes, call.gives) if type_ is not None]
    schemas, named = msgspec.json.schema_components(types, ref_template=f"{_REF}{{name}}")
    return dict(zip(types, schemas, strict=True)), named


def _operation(call: Call, schemas: Mapping[Any, dict[str, Any]]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": call.name,
        "summary": call.name.replace("_", " ").capitalize(),
        "description": call.summary,
        "tags": [TAG],
        "responses": {str(call.status): _response(call, schemas)},
    }
    if "{session}" in call.path:
        operation["parameters"] = [_SESSION]
    if call.takes is not None:
        body = {"application/json": {"schema": schemas[call.takes]}}
        operation["requestBody"] = {"required": True, "content": body}
    if call.secured:
        operation["security"] = [{_SCHEME: []}]
    return operation


def _response(call: Call, schemas: Mapping[Any, dict[str, Any]]) -> dict[str, Any]:
    if call.gives is None:
        return {"description": "Done."}
    schema = {"application/json": {"schema": schemas[call.gives]}}
    return {"description": "Done.", "content": schema}
