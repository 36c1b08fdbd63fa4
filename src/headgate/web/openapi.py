"""The OpenAPI description, completed: problems on every route, idempotency keys on every POST.

Workers' calls are described apart and added here: they have no route that FastAPI knows.
"""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from headgate import __version__
from headgate.web.edge.idempotency.middleware import HEADER, MAX_KEY
from headgate.web.edge.problem import MEDIA_TYPE, Problem
from headgate.web.work import description as work_calls

_REF = "#/components/schemas/"
_PROBLEM = {
    "description": "Why it was not done.",
    "content": {MEDIA_TYPE: {"schema": {"$ref": f"{_REF}Problem"}}},
}
_KEY = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "The same key and body again get the first answer again, for a day.",
    "schema": {"type": "string", "minLength": 1, "maxLength": MAX_KEY, "pattern": "^[!-~]+$"},
}
_UNUSED_KEY = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "Taken and not used: a token or an `idem_key` makes this call count once.",
    "schema": {"type": "string"},
}
_METHODS = ("get", "put", "post", "delete", "head", "patch")
_TAGS = {
    "tasks": "What is done, was done and will be.",
    "dead letters": "What failed for good, and putting it back to work.",
    "operations": "What people asked for that takes a while.",
    "dags": "Data flows: plan, deploy, look.",
    "jobs": "What each job does and did; pausing one, running one again.",
    "graph": "How datasets and jobs hang together, and what happens there now.",
    "queues": "What waits for each job and what holds it, over time and now; who works.",
    "datasets": "What comes out, how fresh it is, and what it is made from.",
    "events": "What happened, and what followed from it.",
    "sources": "Events that come by HTTP.",
    "objects": "Files in the object store.",
    work_calls.TAG: work_calls.ABOUT,
    "stream": "What changes, as it changes.",
    "system": "The server itself.",
}


def describe(app: FastAPI, *, prefix: str, work: str) -> None:
    """Make the app's OpenAPI description say what the edge does to every route.

    The API is below `prefix`, the calls of workers are below `work`.
    """
    made: dict[str, Any] = {}

    def openapi() -> dict[str, Any]:
        if not made:
            made.update(_complete(app, prefix, work))
        return made

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way


def _complete(app: FastAPI, prefix: str, work: str) -> dict[str, Any]:
    schema = get_openapi(
        title="Headgate",
        version=__version__,
        summary="An event-driven platform.",
        description="Errors are problem details (RFC 9457). Times are RFC 3339 in UTC.",
        routes=app.routes,
        tags=[{"name": name, "description": text} for name, text in _TAGS.items()],
    )
    schema["paths"] |= work_calls.paths(work)
    for kind, named in work_calls.components().items():
        known = schema.setdefault("components", {}).setdefault(kind, {})
        if taken := named.keys() & known.keys():
            raise RuntimeError(f"two types have the same name: {taken}")
        known |= named
    schemas = schema["components"]["schemas"]
    problem = Problem.model_json_schema(ref_template=_REF + "{model}")
    schemas.update(problem.pop("$defs", {}))
    schemas["Problem"] = problem
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for path, item in schema["paths"].items():
        for method in _METHODS:
            if method in item:
                key = _UNUSED_KEY if path.startswith(work) else _KEY
                _complete_operation(
                    item[method], key=key if method == "post" and path.startswith(prefix) else None
                )
    _flatten_pairs(schema)
    return schema


def _flatten_pairs(node: Any) -> None:
    """Describe a tuple of equal types as an array of that length, which more generators know."""
    if isinstance(node, dict):
        parts = node.get("prefixItems")
        if parts and all(part == parts[0] for part in parts):
            del node["prefixItems"]
            node["items"] = parts[0]
    for value in node.values() if isinstance(node, dict) else node:
        if isinstance(value, dict | list):
            _flatten_pairs(value)


def _complete_operation(operation: dict[str, Any], *, key: dict[str, Any] | None) -> None:
    if key is not None:
        operation.setdefault("parameters", []).append(key)
    responses = operation["responses"]
    if "422" in responses:
        responses["422"] = _PROBLEM
    responses["default"] = _PROBLEM
