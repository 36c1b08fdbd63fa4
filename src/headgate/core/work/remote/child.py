"""The entry point in the child: builds the app's resources and runs the operator."""

import importlib
from typing import Any

import msgspec

from headgate.core.app import App, Operator
from headgate.core.errors import HeadgateError
from headgate.core.work.remote.context import RemoteContext
from headgate.core.work.remote.failures import describe
from headgate.core.work.remote.line import Line
from headgate.core.work.remote.requests import Begin
from headgate.core.work.remote.values import Values
from headgate.ports.object_store import ObjectStoreError
from headgate.ports.runtime import Call

_begin = msgspec.msgpack.Decoder(Begin)
_encode = msgspec.msgpack.Encoder().encode
_PLAIN = Values("")  # no app: what errors carry along are plain values
_built: dict[str, tuple[bytes, Any]] = {}


async def main(payload: bytes, call: Call) -> bytes:
    begin = _begin.decode(payload)
    line = Line(call, Values(begin.app))
    task, events, now = line.values.unpack(begin.packed)
    context = RemoteContext(
        line,
        package=begin.app,
        task=task,
        events=events,
        now=now,
        resources=_resources(begin.app, begin.settings),
    )
    try:
        await _operator(begin).run(context)
    finally:
        await line.settle()
    return _encode(context.finished)


def describe_error(error: BaseException) -> bytes:
    """Return what rebuilds an error of Headgate's in the parent; nothing for any other."""
    if not isinstance(error, HeadgateError | ObjectStoreError):
        return b""
    return _encode(describe(error, values=_PLAIN))


def _operator(begin: Begin) -> Operator:
    found = vars(importlib.import_module(begin.module)).get(begin.operator)
    if isinstance(found, Operator):
        return found
    raise LookupError(f"{begin.module} has no operator {begin.operator}")


def _resources(app: str, settings: bytes) -> Any:
    """Return what the app builds from its settings, built again only when these change."""
    known, resources = _built.get(app, (None, None))
    if known != settings:
        declared: App = importlib.import_module(app).app
        resources = declared.resources(msgspec.json.decode(settings))
        _built[app] = (settings, resources)
    return resources
