"""Errors that cross the boundary: described at one side, rebuilt at the other."""

import sys
from typing import Any

import msgspec

from headgate.core.errors import HeadgateError, Problem
from headgate.core.work.remote.requests import Described
from headgate.core.work.remote.values import NotCarried, Values
from headgate.ports.object_store import ObjectStoreError

Known = HeadgateError | ObjectStoreError

_DOOR = "_headgate_door"
_MARKS = ("code", "status", "fault", "retry")
_CARRIED_APART = frozenset({"message", "hint", "problems", *_MARKS})


class ChildCrashed(HeadgateError):
    """The child process died under the operator; another attempt gets a fresh one."""

    code = "child_crashed"
    retry = True


class RemoteError(HeadgateError):
    """The other side raised an error that is none of Headgate's: `kind` is its class.

    `traceback` is that side's traceback as text, empty if it is not for this side.
    """

    retry = True

    def __init__(self, message: str, *, kind: str, traceback: str = "") -> None:
        super().__init__(message)
        self.code = kind.rpartition(".")[2]
        self.kind = kind
        self.traceback = traceback


def class_name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def describe(error: Known, *, values: Values, door: int = 0) -> Described:
    """Return what rebuilds the error at the other side, save attributes that do not travel."""
    ours = error if isinstance(error, HeadgateError) else HeadgateError(str(error))
    return Described(
        kinds=[class_name(kind) for kind in type(error).__mro__],
        message=ours.message,
        code=ours.code,
        status=ours.status,
        fault=ours.fault,
        retry=error.retry,
        hint=ours.hint,
        problems=[(p.pointer, p.code, p.message) for p in ours.problems],
        packed=_pack_attributes(error, values),
        door=door or getattr(error, _DOOR, 0),
    )


def rebuild(described: Described, *, values: Values) -> Known:
    """Return an equal error, of its class if that is loaded here, else of its nearest base.

    Only classes of Headgate's own modules count, and nothing is imported for it. The class is not
    called: its arguments are unknown here.
    """
    kind = _nearest(described.kinds)
    error = kind.__new__(kind, described.message)
    attributes: dict[str, Any] = msgspec.convert(values.unpack(described.packed), dict[str, Any])
    for name, value in attributes.items():
        if name.isidentifier() and not hasattr(Exception, name):
            vars(error)[name] = value
    marks: tuple[str, ...] = ("retry",)
    if isinstance(error, HeadgateError):
        problems = [Problem(*problem) for problem in described.problems]
        HeadgateError.__init__(error, described.message, hint=described.hint, problems=problems)
        marks = _MARKS
    for name in marks:
        if getattr(error, name) != getattr(described, name):
            setattr(error, name, getattr(described, name))
    setattr(error, _DOOR, described.door)
    return error


def _pack_attributes(error: Known, values: Values) -> bytes:
    carried: dict[str, Any] = {}
    for name, value in vars(error).items():
        if name.startswith("_") or name in _CARRIED_APART:
            continue
        try:
            values.pack(value)
        except NotCarried:
            continue
        carried[name] = value
    return values.pack(carried)


def _nearest(names: list[str]) -> type[Known]:
    for name in names:
        if (kind := _loaded(name)) is not None:
            return kind
    return HeadgateError


def _loaded(name: str) -> type[Known] | None:
    module_name, _, kind_name = name.rpartition(".")
    if module_name.partition(".")[0] != "headgate":
        return None
    kind = getattr(sys.modules.get(module_name), kind_name, None)
    known = isinstance(kind, type) and issubclass(kind, HeadgateError | ObjectStoreError)
    return kind if known else None
