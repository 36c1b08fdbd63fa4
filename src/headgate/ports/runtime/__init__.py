"""Where operators run when not in the worker's own process: a child process now, a cluster later.

A runtime knows nothing of tasks. It is handed an entry point (`package.module:function`, an
`async def main(payload: bytes, call: Call) -> bytes`), runs it at the other side, carries its calls
back through `doors`, and enforces limits. Whatever happens there, a segfault included, ends here as
a result or as one of the errors below.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

Call = Callable[[str, bytes], Awaitable[bytes]]
"""`await call(door, payload)`: ask the side that started the work; its errors come back raised."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one piece of work may use. None means no limit of our own."""

    memory_mb: int | None = None
    cpu_seconds: float | None = None
    wall_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Work:
    entry: str
    payload: bytes
    limits: Limits


class RuntimeFailure(Exception):
    """Base of what can go wrong besides the work's own error."""


class WorkCrashed(RuntimeFailure):
    """The process at the other side ended without an answer: signal, exit, or lost connection."""


class LimitHit(RuntimeFailure):
    """The work went over `memory`, `cpu` or `wall`; `limit` says which."""

    def __init__(self, limit: str, message: str) -> None:
        super().__init__(message)
        self.limit = limit


class WorkRaised(RuntimeFailure):
    """The entry point raised: `kind` is its class (`module.Class`), `detail` the traceback.

    `error` is the work's own description of its error, as bytes, when the entry point's module
    defines `describe_error(error: BaseException) -> bytes`; else empty.
    """

    def __init__(self, kind: str, message: str, detail: str, error: bytes) -> None:
        super().__init__(message)
        self.kind = kind
        self.detail = detail
        self.error = error


class Runtime(Protocol):
    """The contract that `tests/contracts/test_runtime.py` holds every adapter to."""

    async def run(self, work: Work, doors: Call) -> bytes:
        """Run the work and return what its entry point returned.

        Cancelling this call stops the work at the other side before it returns, by force if need
        be. Raises `WorkRaised`, `WorkCrashed` or `LimitHit`.
        """
        ...

    async def close(self) -> None:
        """Stop everything this runtime started; running work ends as `WorkCrashed`."""
        ...
