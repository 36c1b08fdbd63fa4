"""Functions that a child may name: those of its app's `store`, and no others."""

import importlib
import inspect
from collections.abc import Awaitable, Callable
from typing import Any

from headgate.core.errors import HeadgateError

StoreFunction = Callable[..., Awaitable[Any]]


class DoorRefused(HeadgateError):
    """A child asked for what its task does not allow."""

    code = "door_refused"
    status = 403


def reference_to(function: StoreFunction, *, package: str) -> str:
    """Return the name under which `function_named` finds it; `DoorRefused` if it would not."""
    name = f"{getattr(function, '__module__', '?')}:{getattr(function, '__qualname__', function)}"
    if function_named(name, package=package) is not function:
        raise _refusal(name, package)
    return name


def function_named(name: str, *, package: str) -> StoreFunction:
    """Return a public async function defined in `<package>.store`, or in a module below it."""
    module, _, function_name = name.partition(":")
    if not f"{module}.".startswith(f"{package}.store.") or function_name.startswith("_"):
        raise _refusal(name, package)
    try:
        function = getattr(importlib.import_module(module), function_name, None)
    except (ImportError, ValueError) as error:
        raise _refusal(name, package) from error
    if not inspect.iscoroutinefunction(function) or function.__module__ != module:
        raise _refusal(name, package)
    found: StoreFunction = function
    return found


def _refusal(name: str, package: str) -> DoorRefused:
    return DoorRefused(
        f"{name} is not a public function of {package}.store.",
        hint="In a child process `read`, `record` and `write` take async functions that the app's"
        " `store` defines: move it there, or run the job in_process.",
    )
