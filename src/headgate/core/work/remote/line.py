"""The child's line to its parent: sends requests, reads answers, raises their errors."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import msgspec

from headgate.core.errors import TooLarge
from headgate.core.work.remote.failures import class_name, rebuild
from headgate.core.work.remote.requests import Answer, Request
from headgate.core.work.remote.values import Values
from headgate.ports.runtime import Call, DoorRaised, TooMuchToCarry

_encode = msgspec.msgpack.Encoder().encode
_answers = msgspec.msgpack.Decoder(Answer)


class Line:
    def __init__(self, call: Call, values: Values) -> None:
        self.values = values
        self._call = call
        self._told: set[asyncio.Future[bytes]] = set()

    async def ask(self, request: Request) -> Any:
        """Return the value of the answer, or raise its error as the class it has there."""
        try:
            answer = _answers.decode(await self._send(request))
        except DoorRaised as error:
            if error.kind == class_name(TooMuchToCarry):
                raise too_large(str(error)) from error
            raise
        if answer.error is not None:
            raise rebuild(answer.error, values=self.values)
        return self.values.unpack(answer.packed)

    def tell(self, request: Request) -> None:
        """Send now and do not wait for an answer."""
        told = asyncio.ensure_future(self._send(request))
        self._told.add(told)
        told.add_done_callback(self._heard)

    async def settle(self) -> None:
        """Wait until all that was told has been heard."""
        if self._told:
            await asyncio.wait(self._told)

    def _send(self, request: Request) -> Awaitable[bytes]:
        try:
            return self._call(type(request).__name__, _encode(request))
        except TooMuchToCarry as error:
            raise too_large(str(error)) from error

    def _heard(self, told: asyncio.Future[bytes]) -> None:
        self._told.discard(told)
        if not told.cancelled():
            told.exception()  # looked at, so that the loop does not complain


def too_large(message: str) -> TooLarge:
    return TooLarge(message, hint="Read large objects in parts, with `get_range`.")
