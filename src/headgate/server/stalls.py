"""Naming the code that blocks the event loop: meanwhile nothing else of this process goes on."""

import asyncio
import logging
import sys
import threading
import time
import traceback

_log = logging.getLogger("headgate.server")
_AFTER = 3.0  # seconds
_LOOK = 0.5
_FRAMES = 6


class _Watch:
    """What the loop and the thread that watches it share."""

    def __init__(self) -> None:
        self.thread = threading.get_ident()
        self.seen_at = time.monotonic()
        self.over = threading.Event()

    def run(self) -> None:
        told = False
        looked_at = time.monotonic()
        while not self.over.wait(_LOOK):
            now = time.monotonic()
            slept, looked_at = now - looked_at > _AFTER / 2, now
            blocked = now - self.seen_at
            if blocked < _AFTER:
                told = False
            elif not told and not slept:  # a whole process that stood still blames nobody
                told = True
                self._tell(blocked)

    def _tell(self, seconds: float) -> None:
        frame = sys._current_frames().get(self.thread)  # noqa: SLF001 - the documented way
        stack = "".join(traceback.format_stack(frame)[-_FRAMES:]).rstrip() if frame else ""
        _log.error(
            "this process has done nothing but the following for %.0f s: an operator that blocks"
            " belongs in a child process (`runtime: child_process`)\n%s",
            seconds,
            stack,
        )


async def watch_stalls() -> None:
    """Log what blocks the running event loop for longer than three seconds, until cancelled."""
    watch = _Watch()
    thread = threading.Thread(target=watch.run, name="stalls", daemon=True)
    thread.start()
    try:
        while True:
            watch.seen_at = time.monotonic()
            await asyncio.sleep(_LOOK)
    finally:
        watch.over.set()
        thread.join()
