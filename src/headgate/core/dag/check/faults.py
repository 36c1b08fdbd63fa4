"""The faults that the types of `schema` find, in the words of the language."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from headgate.core.dag import schema
from headgate.core.dag.check.findings import Issue, Path
from headgate.core.dag.check.suggest import did_you_mean

_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}
_FORMS = {
    schema.SLUG: "use lower-case letters, digits and _, with a letter first",
    schema.DATASET: "use lower-case words joined by dots, such as creative.brief",
    schema.OPERATOR: "write <app>.<function>, such as creative.make_variants",
    schema.COLUMN: "use letters, digits and _, with no digit first",
}
_BOUNDS = {
    "greater_than_equal": ("ge", "at least"),
    "less_than_equal": ("le", "at most"),
    "string_too_long": ("max_length", "at most this many characters:"),
    "string_too_short": ("min_length", "at least this many characters:"),
}
_SOURCE_DEPTH = 2


def issues_of(error: ValidationError, *, most: int) -> list[Issue]:
    """Translate the first `most` errors of a validation of `DagSpec`."""
    details = error.errors(include_url=False)[:most]
    return [_issue(detail) for detail in details]


def _issue(detail: ErrorDetails) -> Issue:
    path, at_key = _path(detail["loc"])
    kind, context = detail["type"], detail.get("ctx", {})
    found = detail["input"]
    if "window" in path and kind in {"missing", "too_long"}:
        path = path[: path.index("window") + 1]
        return Issue(path, "bad_value", "a window is two whole numbers: [first, last]")
    if kind == "missing":
        return Issue(path[:-1], "missing_field", f'the field "{path[-1]}" is missing', at_key=True)
    if kind == "extra_forbidden":
        hint = did_you_mean(str(path[-1]), _fields_beside(detail["loc"]))
        message = f'unknown field "{_short(path[-1])}"'
        return Issue(path, "unknown_field", message, hint, at_key=True)
    if kind == "string_pattern_mismatch":
        message = f'"{_short(found)}" is not a valid name'
        return Issue(path, "bad_name", message, _FORMS[context["pattern"]], at_key=at_key)
    if kind == "union_tag_not_found":
        return Issue(path, "missing_field", 'the field "kind" is missing', _kinds(), at_key=True)
    if kind == "union_tag_invalid":
        message = f'there is no source of kind "{_short(context["tag"])}"'
        hint = did_you_mean(str(context["tag"]), _names(context["expected_tags"])) or _kinds()
        return Issue((*path, "kind"), "bad_value", message, hint)
    if kind == "literal_error":
        names = list(_names(context["expected"]))
        message = f"{describe(found)} is none of {', '.join(names)}"
        hint = did_you_mean(str(found), names)
        return Issue(path, "bad_value", message, hint)
    if kind == "too_short":
        return _too_few(path, context)
    if kind in _BOUNDS:
        key, words = _BOUNDS[kind]
        return Issue(path, "bad_value", f"must be {words} {context[key]}", at_key=at_key)
    if kind in _EXPECTED:
        quoted = kind == "int_type" and isinstance(found, str) and found.lstrip("-").isdecimal()
        message = f"expected {_EXPECTED[kind]}, found {describe(found)}"
        return Issue(path, "wrong_type", message, "leave out the quotes" if quoted else "")
    hint = str(context.get("hint", ""))
    return Issue(path, kind, detail["msg"], hint, at_key=at_key)


def _too_few(path: Path, context: Mapping[str, Any]) -> Issue:
    if path[-1] == "inputs":
        hint = "a job runs because of its inputs; to start one by time, add a schedule source"
        return Issue(path, "no_inputs", "a job needs at least one input", hint, at_key=True)
    return Issue(path, "bad_value", f"expected {context['min_length']} items")


def _path(location: tuple[int | str, ...]) -> tuple[Path, bool]:
    """Return the path in the file, and whether the fault is in the last key rather than its value."""
    if location[0] == "sources" and len(location) > _SOURCE_DEPTH and location[2] != "[key]":
        location = location[:2] + location[3:]  # leave out the kind, by which the type was chosen
    if location[-1] == "[key]":
        return location[:-1], True
    return location, False


def _fields_beside(location: tuple[int | str, ...]) -> set[str]:
    """Return the fields that exist where `location` names one that does not."""
    document = _language()
    node = document
    for step in location[:-1]:
        node = _child(_resolved(node, document), step)
    return set(_resolved(node, document).get("properties", ()))


@cache
def _language() -> dict[str, Any]:
    return schema.json_schema()


def _child(node: Mapping[str, Any], step: int | str) -> Any:
    if "discriminator" in node:
        return {"$ref": node["discriminator"]["mapping"][step]}
    if step in node.get("properties", ()):
        return node["properties"][step]
    if "patternProperties" in node:
        return next(iter(node["patternProperties"].values()))
    return node.get("items", {})


def _resolved(node: Mapping[str, Any], document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow a reference, also one that is among alternatives (a name, or a mapping; or null)."""
    references = [part for part in (node, *node.get("anyOf", ())) if "$ref" in part]
    if not references:
        return node
    return document["$defs"][references[0]["$ref"].rpartition("/")[2]]  # type: ignore[no-any-return] # JSON


def describe(value: Any) -> str:
    """Name a value as its writer sees it."""
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case int() | float():
            return f"the number {_short(value)}"
        case str():
            return f'the text "{_short(value)}"'
        case list() | tuple():
            return "a list"
        case _:
            return "a mapping"


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:59] + "…"  # noqa: PLR2004 - a line of a terminal


def _names(quoted: str) -> Iterable[str]:
    return (part.strip("' ") for part in quoted.replace(" or ", ",").split(","))


def _kinds() -> str:
    return "one of object_created, schedule, http"
