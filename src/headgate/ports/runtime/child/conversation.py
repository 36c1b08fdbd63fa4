"""The parent's end of the socket: sends a work, answers its calls, receives its outcome."""

import asyncio
import contextlib
import socket
from typing import Self

import msgspec

from headgate.ports.runtime import Call, WorkRaised
from headgate.ports.runtime.child.frames import (
    HEADER,
    MAX_BYTES,
    Ask,
    Done,
    FromParent,
    FromWorker,
    OutOfMemory,
    Raised,
    Ready,
    Reply,
    Start,
    encodable,
    from_worker,
    pack,
)

_MOST_ASKS = 64
_BUFFER_BYTES = 1024 * 1024


class Gone(Exception):
    """The other end closed, or said what is no frame."""


class MemoryRefused(Exception):
    """The worker process was refused memory while it ran a work with a limit."""


class Conversation:
    """Answers at most 64 calls at once, with as many bytes in all as one frame carries.

    Further calls wait in the socket, so that no work can fill the parent's memory.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._asks: dict[asyncio.Task[None], int] = {}

    @classmethod
    async def over(cls, sock: socket.socket) -> Self:
        reader, writer = await asyncio.open_connection(sock=sock, limit=_BUFFER_BYTES)
        return cls(reader, writer)

    @property
    def closed(self) -> bool:
        return self._reader.at_eof()

    async def wait_ready(self) -> Ready:
        frame = await self._receive()
        if not isinstance(frame, Ready):
            raise Gone
        return frame

    async def hold(self, start: Start, doors: Call) -> bytes:
        """Have one work run; return what it returned.

        Raises `WorkRaised`, `MemoryRefused`, `TooMuchToCarry` (then nothing was sent), or `Gone`.
        """
        try:
            await self._send(start)
            while True:
                frame = await self._receive()
                if isinstance(frame, Ready) or frame.work != start.work:
                    continue
                if isinstance(frame, Ask):
                    await self._take(frame, doors)
                else:
                    return _outcome(frame)
        finally:
            self.cancel_asks()

    def cancel_asks(self) -> None:
        for ask in self._asks:
            ask.cancel()

    async def settle(self) -> None:
        """Wait until the cancelled calls of doors have ended."""
        if self._asks:
            await asyncio.wait(self._asks)

    def hang_up(self) -> None:
        """Close at once; whoever waits in `hold` gets `Gone`."""
        self.cancel_asks()
        self._writer.transport.abort()

    async def _take(self, ask: Ask, doors: Call) -> None:
        size = len(ask.payload)
        while self._asks and (
            len(self._asks) >= _MOST_ASKS or sum(self._asks.values()) + size > MAX_BYTES
        ):
            await asyncio.wait(self._asks, return_when=asyncio.FIRST_COMPLETED)
        task = asyncio.create_task(self._answer(ask, doors))
        self._asks[task] = size
        task.add_done_callback(self._asks.pop)
        await asyncio.sleep(0)  # it begins, even if the next that is heard is the work's end

    async def _answer(self, ask: Ask, doors: Call) -> None:
        try:
            payload = await doors(ask.door, ask.payload)
            reply = pack(Reply(ask.work, ask.ask, payload, None))
        except Exception as error:  # noqa: BLE001 - it goes to the work, which asked for it
            failure = (
                f"{type(error).__module__}.{type(error).__qualname__}",
                encodable(str(error)),
            )
            reply = pack(Reply(ask.work, ask.ask, b"", failure))
        with contextlib.suppress(ConnectionError):
            self._writer.write(reply)
            await self._writer.drain()

    async def _send(self, frame: FromParent) -> None:
        packed = pack(frame)
        try:
            self._writer.write(packed)
            await self._writer.drain()
        except ConnectionError as error:
            raise Gone from error

    async def _receive(self) -> FromWorker:
        try:
            size = int.from_bytes(await self._reader.readexactly(HEADER), "big")
            if size > MAX_BYTES:
                raise Gone
            return from_worker.decode(await self._reader.readexactly(size))
        except (asyncio.IncompleteReadError, ConnectionError, msgspec.DecodeError) as error:
            raise Gone from error


def _outcome(frame: Done | Raised | OutOfMemory) -> bytes:
    match frame:
        case Done():
            return frame.payload
        case Raised():
            raise WorkRaised(frame.kind, frame.message, frame.detail, frame.error)
        case OutOfMemory():
            raise MemoryRefused
