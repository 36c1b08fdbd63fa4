"""A whole server for tests: what `headgate up` runs, in a thread with a loop of its own."""

import asyncio
import threading
from collections.abc import Sequence
from typing import Self

from headgate.config import Settings
from headgate.core.app import App
from headgate.server.up import running


class Served:
    """Runs while its block does; `url` is where."""

    def __init__(self, settings: Settings, *, apps: Sequence[App]) -> None:
        self._apps = apps
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._settings = settings
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._error: BaseException | None = None
        self.url = ""

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(60)
        if self._error:
            raise self._error
        return self

    def __exit__(self, *_: object) -> None:
        assert self._loop is not None
        assert self._stop is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(30)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self._error = error
            self._ready.set()
            raise

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        async with running(self._settings, step=lambda _: None, apps=self._apps) as parts:
            self.url = parts.url
            self._ready.set()
            await self._stop.wait()
