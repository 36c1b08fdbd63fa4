"""The faults that the types of `schema` find, in the words of the language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from headgate.core.dag import schema
from headgate.core.dag.check.findings import Issue, Path
from headgate.core.dag.suggest import did_you_mean

_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "tuple_type": "a list",
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
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "string_too_long": "must have at most {max_length} characters",
    "string_too_short": "must have at least {min_length} characters",
}
_KINDS = "one of object_created, schedule, http"
_SOURCE_DEPTH = 2


@dataclass(frozen=True, slots=True)
class _Fault:
    """An error of pydantic: `location` as it says it, `path` as the file has it."""

    kind: str
    location: Path
    path: Path
    at_key: bool
    found: Any
    context: Mapping[str, Any]
    message: str


def issues_of(error: ValidationError, *, most: int) -> list[Issue]:
    """Translate the first `most` errors of a validation of `DagSpec`."""
    details = error.errors(include_url=False)
    return [_issue(_fault(d)) for d in details if not _follows(d)][:most]


def _follows(detail: ErrorDetails) -> bool:
    """Tell a list that seems too short because its items are wrong, which is said already."""
    return detail["type"] == "too_short" and bool(detail["input"])


def _fault(detail: ErrorDetails) -> _Fault:
    path = location = detail["loc"]
    if path[:1] == ("sources",) and len(path) > _SOURCE_DEPTH and path[2] != "[key]":
        path = path[:2] + path[3:]  # leave out the kind, by which the type was chosen
    at_key = path[-1:] == ("[key]",)
    return _Fault(
        kind=detail["type"],
        location=location,
        path=path[:-1] if at_key else path,
        at_key=at_key,
        found=detail["input"],
        context=detail.get("ctx", {}),
        message=detail["msg"],
    )


def _issue(fault: _Fault) -> Issue:
    if "window" in fault.path and fault.kind in {"missing", "too_long"}:
        path = fault.path[: fault.path.index("window") + 1]
        return Issue(path, "bad_value", "a window is two whole numbers: [first, last]")
    if fault.kind in _EXPECTED:
        return _wrong_type(fault)
    if fault.kind in _BOUNDS:
        message = _BOUNDS[fault.kind].format(**fault.context)
        return Issue(fault.path, "bad_value", message, at_key=fault.at_key)
    return _TRANSLATED.get(fault.kind, _as_it_is)(fault)


def _wrong_type(fault: _Fault) -> Issue:
    found = fault.found
    quoted = (
        fault.kind == "int_type" and isinstance(found, str) and found.removeprefix("-").isdecimal()
    )
    message = f"expected {_EXPECTED[fault.kind]}, found {describe(found)}"
    hint = "leave out the quotes" if quoted else ""
    return Issue(fault.path, "wrong_type", message, hint, at_key=found is None)


def _missing(fault: _Fault) -> Issue:
    message = f'the field "{fault.path[-1]}" is missing'
    return Issue(fault.path[:-1], "missing_field", message, at_key=True)


def _unknown(fault: _Fault) -> Issue:
    name = str(fault.path[-1])
    hint = did_you_mean(name, _fields_beside(fault.location))
    return Issue(fault.path, "unknown_field", f'unknown field "{_short(name)}"', hint, at_key=True)


def _bad_name(fault: _Fault) -> Issue:
    message = f'"{_short(fault.found)}" is not a valid name'
    hint = _FORMS[fault.context["pattern"]]
    return Issue(fault.path, "bad_name", message, hint, at_key=fault.at_key)


def _no_kind(fault: _Fault) -> Issue:
    return Issue(fault.path, "missing_field", 'the field "kind" is missing', _KINDS, at_key=True)


def _bad_kind(fault: _Fault) -> Issue:
    tag = str(fault.context["tag"])
    hint = did_you_mean(tag, _names(fault.context["expected_tags"])) or _KINDS
    message = f'there is no source of kind "{_short(tag)}"'
    return Issue((*fault.path, "kind"), "bad_value", message, hint)


def _no_choice(fault: _Fault) -> Issue:
    names = _names(fault.context["expected"])
    message = f"{describe(fault.found)} is none of {', '.join(names)}"
    return Issue(fault.path, "bad_value", message, did_you_mean(str(fault.found), names))


def _too_few(fault: _Fault) -> Issue:
    hint = "a job runs because of its inputs; to start one by time, add a schedule source"
    return Issue(fault.path, "no_inputs", "a job needs at least one input", hint, at_key=True)


def _as_it_is(fault: _Fault) -> Issue:
    hint = str(fault.context.get("hint", ""))
    return Issue(fault.path, fault.kind, fault.message, hint, at_key=fault.at_key)


_TRANSLATED: dict[str, Callable[[_Fault], Issue]] = {
    "missing": _missing,
    "extra_forbidden": _unknown,
    "string_pattern_mismatch": _bad_name,
    "union_tag_not_found": _no_kind,
    "union_tag_invalid": _bad_kind,
    "literal_error": _no_choice,
    "too_short": _too_few,
}


def _fields_beside(location: Path) -> set[str]:
    """Return the fields that exist where `location` names one that does not."""
    document = _language()
    node: Mapping[str, Any] = document
    for step in location[:-1]:
        node = _child(_resolved(node, document), step)
    return set(_resolved(node, document).get("properties", ()))


@cache
def _language() -> dict[str, Any]:
    return schema.json_schema()


def _child(node: Mapping[str, Any], step: int | str) -> Mapping[str, Any]:
    if "discriminator" in node:
        return {"$ref": node["discriminator"]["mapping"][step]}
    if step in node.get("properties", ()):
        return dict(node["properties"][step])
    if "patternProperties" in node:
        return dict(next(iter(node["patternProperties"].values())))
    return dict(node.get("items", {}))


def _resolved(node: Mapping[str, Any], document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow a reference, also one that is among alternatives (a name, or a mapping; or null)."""
    for part in (node, *node.get("anyOf", ())):
        if "$ref" in part:
            return dict(document["$defs"][part["$ref"].rpartition("/")[2]])
    return node


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
        case list():
            return "a list"
        case _:
            return "a mapping"


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:59] + "…"  # noqa: PLR2004 - a line of a terminal


def _names(quoted: str) -> list[str]:
    return [part.strip("' ") for part in quoted.replace(" or ", ",").split(",")]
