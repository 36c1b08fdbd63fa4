"""Noticing that this process stood still: a suspended machine, a SIGSTOP, a blocked event loop.

What expired meanwhile says nothing about the workers: they may have stood still beside us, and get
time to renew their sessions before any is taken for dead.
"""

import time
from collections.abc import Callable

_NOTICEABLE = 2.0  # seconds between two ticks
# Unlike the monotonic clock this one goes on while a machine is suspended; only Linux has it.
_SINCE_BOOT = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def _seconds_since_boot() -> float:
    return time.clock_gettime(_SINCE_BOOT)


class Standstill:
    """`tick` more often than every two seconds; without ticks nothing is noticed."""

    def __init__(self, *, settle: float, clock: Callable[[], float] = _seconds_since_boot) -> None:
        self._settle = settle
        self._clock = clock
        self._ticked_at: float | None = None
        self._settled_at = float("-inf")

    def tick(self) -> None:
        now = self._clock()
        if self._ticked_at is not None and now - self._ticked_at > _NOTICEABLE:
            self._settled_at = now + self._settle
        self._ticked_at = now

    def settling(self) -> bool:
        """Tell whether a standstill ended less than `settle` seconds ago."""
        if self._ticked_at is None:
            return False
        self.tick()
        return self._clock() < self._settled_at
