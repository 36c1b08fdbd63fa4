"""Errors that cross the boundary: described at one side, rebuilt at the other."""

import sys
from typing import Any

from headgate.core.errors import HeadgateError, Problem
from headgate.core.work.remote.functions import DoorRefused
from headgate.core.work.remote.requests import Described
from headgate.core.work.remote.values import NotCarried, Values
from headgate.ports.object_store import ObjectStoreError

__all__ = ["ChildCrashed", "DoorRefused", "RemoteError", "describe", "rebuild"]

_OWN = ("message", "hint", "problems", "code", "status", "fault", "retry")
KNOWN = (HeadgateError, ObjectStoreError)


class ChildCrashed(HeadgateError):
    """The child process died under the operator; another attempt gets a fresh one."""

    code = "child_crashed"
    retry = True


class RemoteError(HeadgateError):
    """The other side raised something that is no error of ours: `kind` is its class.

    `traceback` is the text of the other side's traceback, if it may be seen here.
    """

    retry = True

    def __init__(self, message: str, *, kind: str, traceback: str = "") -> None:
        super().__init__(message)
        self.code = kind.rpartition(".")[2]
        self.kind = kind
        self.traceback = traceback


def class_name(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def describe(error: HeadgateError | ObjectStoreError, *, values: Values) -> Described:
    """Return what rebuilds the error at the other side.

    Attributes whose values do not travel are left out.
    """
    ours = isinstance(error, HeadgateError)
    return Described(
        kinds=[f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__],
        message=error.message if ours else str(error),
        code=error.code if ours else "",
        status=error.status if ours else 0,
        fault=error.fault if ours else "headgate",
        retry=error.retry,
        hint=error.hint if ours else "",
        problems=[(p.pointer, p.code, p.message) for p in error.problems] if ours else [],
        packed=_pack_attributes(error, values),
        door=getattr(error, "_door", 0),
    )
