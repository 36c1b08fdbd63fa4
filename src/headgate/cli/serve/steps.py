"""What a start is doing, for people who wait: a line for each step, with its time."""

import sys
import time
from collections.abc import Callable
from typing import TextIO


class Steps:
    """Prints each step when it begins, with the seconds since the start."""

    def __init__(
        self, *, stream: TextIO = sys.stderr, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._stream = stream
        self._clock = clock
        self._started = clock()

    def __call__(self, text: str) -> None:
        self._stream.write(f"{self._clock() - self._started:6.1f} s  {text}\n")
        self._stream.flush()
