"""Wake-ups between the loops of a process, and between processes by NOTIFY.

A wake-up only shortens a wait: every loop also polls, so a lost one costs time, never work. NOTIFY
takes a database-wide lock at commit, so it is sent apart from the work and at most every 20 ms.
"""

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Literal, get_args

from headgate.core.database import Database
from headgate.core.errors import DatabaseUnavailable

Signal = Literal["emitted", "routed", "deployed", "changed"]
_CHANNEL = "headgate"
_PAUSE = 0.02


class Wake:
    """The signals of one process; `run` carries them to and from other processes."""

    def __init__(self, database: Database, *, me: str) -> None:
        self._database = database
        self._me = me
        self._waiters: dict[str, set[asyncio.Event]] = {s: set() for s in get_args(Signal)}
        self._outgoing: set[str] = set()
        self._to_send = asyncio.Event()

    def signal(self, signal: Signal) -> None:
        """Wake who waits for `signal`, here at once and in other processes soon."""
        self._wake(signal)
        self._outgoing.add(signal)
        self._to_send.set()

    @contextlib.contextmanager
    def waiting(self, *signals: Signal) -> Iterator[asyncio.Event]:
        """Yield an event that any of `signals` sets; the waiter clears it."""
        event = asyncio.Event()
        for signal in signals:
            self._waiters[signal].add(event)
        try:
            yield event
        finally:
            for signal in signals:
                self._waiters[signal].discard(event)

    async def run(self) -> None:
        """Carry signals between processes until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._database.listen(_CHANNEL, self._heard))
            group.create_task(self._send())

    async def _send(self) -> None:
        while True:
            await self._to_send.wait()
            self._to_send.clear()
            signals, self._outgoing = self._outgoing, set()
            with contextlib.suppress(DatabaseUnavailable):
                await self._database.notify(_CHANNEL, [f"{s} {self._me}" for s in sorted(signals)])
            await asyncio.sleep(_PAUSE)

    def _heard(self, payload: str) -> None:
        signal, _, sender = payload.partition(" ")
        if sender != self._me and signal in self._waiters:
            self._wake(signal)

    def _wake(self, signal: str) -> None:
        for event in self._waiters[signal]:
            event.set()


async def wait(event: asyncio.Event, seconds: float) -> None:
    """Wait for `event` or `seconds`, whichever is first, and clear it."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    event.clear()
