"""The parent half: what a child may ask for its one task, and what it may leave to be done."""

import traceback
from collections import deque
from collections.abc import AsyncGenerator
from typing import Any

import msgspec

from headgate.core.app import TaskContext
from headgate.core.errors import HeadgateError
from headgate.core.work.remote.failures import Known, RemoteError, class_name, describe, rebuild
from headgate.core.work.remote.functions import function_named
from headgate.core.work.remote.requests import (
    Answer,
    Check,
    Delete,
    Described,
    Emit,
    EmitNow,
    Finished,
    Get,
    GetRange,
    Head,
    ListPage,
    Log,
    ObjectRequest,
    Progress,
    Put,
    Read,
    Record,
    Request,
    Sign,
    Versions,
)
from headgate.core.work.remote.values import Values
from headgate.ports.object_store import ObjectInfo, ObjectStore, ObjectStoreError

_PAGE = 1000
_ERRORS_KEPT = 20

_encode = msgspec.msgpack.Encoder().encode
_requests: msgspec.msgpack.Decoder[Request] = msgspec.msgpack.Decoder(Request)
_finished = msgspec.msgpack.Decoder(Finished)


class Doors:
    """Answers the requests of one child on behalf of one task."""

    def __init__(self, context: TaskContext[Any], *, package: str) -> None:
        self.values = Values(package)
        self._context = context
        self._package = package
        self._count = 0
        self._raised: deque[tuple[int, Exception]] = deque(maxlen=_ERRORS_KEPT)

    async def __call__(self, door: str, payload: bytes) -> bytes:
        """Answer one request; `door` repeats the name of its type, for people."""
        try:
            value = await self._open(_requests.decode(payload))
            return _encode(Answer(self.values.pack(value)))
        except Exception as error:  # noqa: BLE001 - the operator gets it, and may pass it back
            return _encode(Answer(b"", self._note(error)))

    def finish(self, answer: bytes) -> None:
        """Write and emit what the operator left to its completion."""
        for step in _finished.decode(answer).steps:
            if isinstance(step, Emit):
                self._context.emit(
                    step.dataset,
                    key=step.key,
                    range=step.range,
                    payload=self.values.unpack(step.packed),
                    version=step.version,
                )
            else:
                function = function_named(step.function, package=self._package)
                self._context.write(function, **self.values.unpack(step.packed))

    def error_from(self, described: Described) -> Exception:
        """Return the error that left the operator: the very one if a door here raised it."""
        for number, error in self._raised:
            if number == described.door:
                return error
        return rebuild(described, values=self.values)

    async def _open(self, request: Request) -> Any:
        context, values = self._context, self.values
        match request:
            case Read():
                function = function_named(request.function, package=self._package)
                return await context.read(function, **values.unpack(request.packed))
            case Record():
                function = function_named(request.function, package=self._package)
                return await context.record(function, **values.unpack(request.packed))
            case EmitNow():
                return await context.emit_now(
                    request.dataset,
                    key=request.key,
                    range=request.range,
                    payload=values.unpack(request.packed),
                )
            case Progress():
                return await context.progress(request.done, request.total, request.message)
            case Log():
                fields = values.unpack(request.packed)
                return context.log(request.message, level=request.level, **fields)
            case _:
                return await _ask_objects(context.objects, request)

    def _note(self, error: Exception) -> Described:
        """Describe an error under a number; one of foreign code is only named to the child."""
        self._count += 1
        self._raised.append((self._count, _without_locals(error)))
        shown: Known
        if isinstance(error, HeadgateError | ObjectStoreError):
            shown = error
        else:
            kind = class_name(type(error))
            shown = RemoteError(f"The worker raised {kind} when it was asked.", kind=kind)
        return describe(shown, values=self.values, door=self._count)


def _without_locals(error: Exception) -> Exception:
    """Keep an error without the payloads that the frames of its tracebacks hold."""
    if error.__traceback__ is not None:
        error.__traceback__ = error.__traceback__.tb_next
    chained: BaseException | None = error
    while chained is not None:
        traceback.clear_frames(chained.__traceback__)
        chained = chained.__cause__ or chained.__context__
    return error


async def _ask_objects(objects: ObjectStore, request: ObjectRequest) -> Any:
    answer: Any = None
    match request:
        case Get():
            answer = await objects.get(request.key, version=request.version)
        case GetRange():
            answer = await objects.get_range(request.key, request.start, request.end)
        case Put():
            answer = await objects.put(
                request.key,
                request.data,
                content_type=request.content_type,
                if_absent=request.if_absent,
                if_match=request.if_match,
            )
        case Head():
            answer = await objects.head(request.key)
        case ListPage():
            answer = await _page(objects, request)
        case Versions():
            answer = await objects.versions(request.key)
        case Delete():
            await objects.delete(request.key)
        case Sign():
            answer = objects.sign(
                request.method, request.key, now=request.now, lifetime=request.lifetime
            )
        case Check():
            await objects.check()
    return answer


async def _page(objects: ObjectStore, request: ListPage) -> list[ObjectInfo]:
    """Return the next objects, at most `_PAGE`; none means that there are no more."""
    found: list[ObjectInfo] = []
    listing = objects.list(request.prefix, after=request.after)
    try:
        async for info in listing:
            found.append(info)
            if len(found) == _PAGE:
                break
    finally:
        if isinstance(listing, AsyncGenerator):
            await listing.aclose()
    return found
