"""The worker process: runs works in the main thread, listens to the parent in another.

The listener ends the process as soon as the parent's end of the socket closes, also while a work
holds the main thread.
"""

import asyncio
import errno
import faulthandler
import functools
import importlib
import itertools
import os
import queue
import socket
import sys
import threading
import traceback
from collections.abc import Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress

from headgate.ports.runtime import DoorRaised
from headgate.ports.runtime.child.frames import (
    HEADER,
    Ask,
    Done,
    FromWorker,
    OutOfMemory,
    Raised,
    Ready,
    Reply,
    Start,
    encodable,
    from_parent,
    pack,
)
from headgate.ports.runtime.child.rlimits import limit_process

LOST = 70  # exit code: the connection to the parent is gone
_LONGEST_MESSAGE = 10_000
_LONGEST_TRACEBACK = 50_000


def serve(frames: int, preload: Sequence[str]) -> None:
    """Run what the parent sends over descriptor `frames`, one after another, for ever."""
    faulthandler.enable()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    for module in preload:
        importlib.import_module(module)
    loop = asyncio.new_event_loop()
    link = Link(socket.socket(fileno=frames), loop)
    threading.Thread(target=link.listen, name="headgate-link", daemon=True).start()
    link.send(Ready(os.getpid()))
    while True:
        _run(link.starts.get(), link, loop)


class Link:
    """The worker process's end of the socket. One thread listens, any thread may send."""

    def __init__(self, sock: socket.socket, loop: asyncio.AbstractEventLoop) -> None:
        self.starts: queue.SimpleQueue[Start] = queue.SimpleQueue()
        self._sock = sock
        self._loop = loop
        self._pid = os.getpid()
        self._sending = threading.Lock()
        self._numbers = itertools.count(1)
        self._answers: dict[int, Future[bytes]] = {}
        self._current = 0

    def send(self, frame: FromWorker) -> None:
        if os.getpid() != self._pid:
            os._exit(LOST)  # the twin of a fork that went on as if it were the worker process
        packed = pack(frame)
        with self._sending:
            try:
                self._sock.sendall(packed)
            except OSError:
                os._exit(LOST)

    def ask(self, work: int, door: str, payload: bytes) -> asyncio.Future[bytes]:
        number = next(self._numbers)
        answer = self._answers[number] = Future()
        try:
            self.send(Ask(work, number, door, payload))
        except BaseException:
            del self._answers[number]
            raise
        return asyncio.wrap_future(answer, loop=_running_loop() or self._loop)

    def forget_asks(self) -> None:
        self._answers.clear()

    def listen(self) -> None:
        try:
            while True:
                self._take()
        except MemoryError:
            self.send(OutOfMemory(self._current))
        except (EOFError, OSError):
            pass
        finally:
            os._exit(LOST)

    def _take(self) -> None:
        size = int.from_bytes(self._receive(HEADER), "big")
        frame = from_parent.decode(self._receive(size))
        if isinstance(frame, Start):
            self._current = frame.work
            self.starts.put(frame)
        else:
            self._resolve(frame)

    def _resolve(self, reply: Reply) -> None:
        answer = self._answers.pop(reply.ask, None)
        if answer is None:
            return
        with suppress(InvalidStateError):  # the caller was cancelled and waits no more
            if reply.failure is None:
                answer.set_result(reply.payload)
            else:
                answer.set_exception(DoorRaised(*reply.failure))

    def _receive(self, size: int) -> bytearray:
        received = bytearray(size)
        rest = memoryview(received)
        while rest:
            count = self._sock.recv_into(rest)
            if count == 0:
                raise EOFError
            rest = rest[count:]
        return received


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _run(start: Start, link: Link, loop: asyncio.AbstractEventLoop) -> None:
    try:
        limit_process(cpu_seconds=start.cpu_seconds, memory_bytes=start.memory_bytes)
        try:
            answer = loop.run_until_complete(_main(start, link))
        finally:
            _cancel_the_rest(loop)
        link.send(Done(start.work, answer))
    except BaseException as error:  # noqa: BLE001 - whatever the work raises is its answer
        if start.memory_bytes is not None and _is_lack_of_memory(error):
            link.send(OutOfMemory(start.work))
        else:
            link.send(_raised(start, error))
    finally:
        link.forget_asks()


def _is_lack_of_memory(error: BaseException) -> bool:
    return isinstance(error, MemoryError) or (
        isinstance(error, OSError) and error.errno == errno.ENOMEM
    )


async def _main(start: Start, link: Link) -> bytes:
    module, _, name = start.entry.partition(":")
    function = getattr(importlib.import_module(module), name)
    answer = await function(start.payload, functools.partial(link.ask, start.work))
    if not isinstance(answer, bytes):
        raise TypeError(f"{start.entry} returned {type(answer).__name__}, not bytes")
    return answer


def _cancel_the_rest(loop: asyncio.AbstractEventLoop) -> None:
    """Nothing that a work started in the loop goes on during the next one."""
    rest = asyncio.all_tasks(loop)
    for task in rest:
        task.cancel()
    if rest:
        loop.run_until_complete(asyncio.wait(rest))


def _raised(start: Start, error: BaseException) -> Raised:
    kind = type(error)
    return Raised(
        start.work,
        f"{kind.__module__}.{kind.__qualname__}",
        encodable(_message(error))[:_LONGEST_MESSAGE],
        encodable("".join(traceback.format_exception(error)))[-_LONGEST_TRACEBACK:],
        _description(start.entry, error),
    )


def _description(entry: str, error: BaseException) -> bytes:
    describe = getattr(sys.modules.get(entry.partition(":")[0]), "describe_error", None)
    try:
        described: bytes = b"" if describe is None else describe(error)
    except Exception:  # noqa: BLE001 - the error itself matters more than its description
        return b""
    return described


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception as failure:  # noqa: BLE001 - an error that cannot say itself is still reported
        return f"(its message cannot be shown: {type(failure).__name__})"
