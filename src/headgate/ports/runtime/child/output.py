"""What the processes of a child print, line by line, in the log of the parent."""

import asyncio
import logging
import os
from collections import deque

_CHUNK = 65536
_LONGEST_LINE = 4096
_LINES_A_WORK = 1000
_LINES_KEPT = 20

logger = logging.getLogger(__name__)


class OutputLog:
    """Reads descriptor `fd`, which it owns, until its last writer ends or `close`.

    Of one work at most 1,000 lines are logged and the others counted, so that a work that prints
    for ever cannot keep the parent busy with logging.
    """

    def __init__(self, fd: int) -> None:
        self.pid = 0
        self._loop = asyncio.get_running_loop()
        self._fd = fd
        self._ended = self._loop.create_future()
        self._rest = b""
        self._logged = 0
        self._dropped = 0
        self._last: deque[bytes] = deque(maxlen=_LINES_KEPT)
        os.set_blocking(fd, False)
        self._loop.add_reader(fd, self._read)

    def begin(self) -> None:
        """Count anew: another work starts."""
        self._tell_dropped()
        self._logged = 0
        self._last.clear()

    def tail(self) -> str:
        """Return the last lines of this work."""
        return "\n".join(map(_readable, self._last))

    async def wait_end(self, *, seconds: float) -> None:
        """Wait until everything printed has been read, or that long."""
        await asyncio.wait([self._ended], timeout=seconds)

    def close(self) -> None:
        if self._ended.done():
            return
        self._loop.remove_reader(self._fd)
        os.close(self._fd)
        self._ended.set_result(None)
        self._take([self._rest] if self._rest else [])
        self._tell_dropped()

    def _read(self) -> None:
        try:
            chunk = os.read(self._fd, _CHUNK)
        except BlockingIOError:
            return
        if not chunk:
            self.close()
            return
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        if len(self._rest) > _LONGEST_LINE:
            lines.append(self._rest)
            self._rest = b""
        self._take(lines)

    def _take(self, lines: list[bytes]) -> None:
        self._last.extend(lines)
        room = _LINES_A_WORK - self._logged
        for line in lines[:room]:
            logger.info("%s", _readable(line), extra={"child_pid": self.pid})
        self._logged += len(lines[:room])
        self._dropped += len(lines[room:])

    def _tell_dropped(self) -> None:
        if self._dropped:
            logger.warning(
                "%d more lines were printed", self._dropped, extra={"child_pid": self.pid}
            )
        self._dropped = 0


def _readable(line: bytes) -> str:
    """Cut what is too long and show control characters, which could forge or garble a log."""
    text = line[:_LONGEST_LINE].decode(errors="backslashreplace").rstrip("\r")
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\t" else repr(c)[1:-1] for c in text)
