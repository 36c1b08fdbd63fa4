"""How far a long command is, on stderr: a bar that redraws itself, or a plain line now and then."""

import os
import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self, TextIO

from headgate.cli.output.values import plain

_REDRAW = 0.1  # s
_PLAIN = 5.0  # s between two lines where nothing can be redrawn
_CELLS = 24
_RATE_AFTER = 10.0  # s; before, a rate would jump about


class Progress:
    """Shows `title` and how much of `total` is done, while used as a context.

    `write` writes an amount for people. A total of 0 means that it is not known.
    """

    def __init__(
        self,
        title: str,
        *,
        total: int,
        write: Callable[[int], str] = str,
        stream: TextIO = sys.stderr,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._title = title
        self._total = total
        self._write = write
        self._stream = stream
        self._clock = clock
        self._redraws = stream.isatty()
        self._started: float | None = None
        self._last = 0.0
        self._drawn = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove the bar: what comes next starts on a clean line."""
        if self._drawn:
            self._stream.write("\r\x1b[2K")
            self._stream.flush()
            self._drawn = False

    def show(self, done: int, *, total: int | None = None, message: str = "") -> None:
        """Tell how much is done now, drawn when it is time to; the first call starts the time."""
        now = self._clock()
        if self._started is None:
            self._started = self._last = now
        if total is not None:
            self._total = total
        if now - self._last < (_REDRAW if self._redraws else _PLAIN):
            return
        self._last = now
        text = self._text(done, now - self._started, plain(message))
        if self._redraws:
            width = (os.get_terminal_size(self._stream.fileno()).columns or 80) - 1
            self._stream.write(f"\r\x1b[2K{f'{self._bar(done)}{text}'[:width]}")
            self._drawn = True
        else:
            self._stream.write(text + "\n")
        self._stream.flush()

    def _bar(self, done: int) -> str:
        if self._total <= 0:
            return ""
        full = min(_CELLS, _CELLS * done // self._total)
        return f"[{'#' * full}{'.' * (_CELLS - full)}] "

    def _text(self, done: int, seconds: float, message: str) -> str:
        of = f" of {self._write(self._total)}" if self._total > 0 else ""
        parts = [f"{self._title}: {self._write(done)}{of}"]
        if seconds >= _RATE_AFTER and 0 < done < self._total:
            left = seconds / done * (self._total - done)
            parts.append(f"about {left:.0f} s left")
        else:
            parts.append(f"{seconds:.0f} s")
        if message:
            parts.append(message)
        return ", ".join(parts)
