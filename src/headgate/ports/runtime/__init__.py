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
"""`await call(door, payload)`: ask the side that started the work.

What a door raises comes back raised, as `DoorRaised`. In the work, a request leaves with the call
itself, before anything is awaited; any thread may call, and await in a loop of its own.
"""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one piece of work may use, its subprocesses included. None means no limit of our own.

    `memory_mb` is resident memory in MiB, the interpreter and its libraries included.
    `wall_seconds` count from the start of the work, not from the call that waits for a place.
    """

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
    """The process at the other side ended without an answer: signal, exit, or lost connection.

    `output` is the last of what it printed, if anything.
    """

    def __init__(self, message: str, *, output: str = "") -> None:
        super().__init__(message)
        self.output = output


class LimitHit(RuntimeFailure):
    """The work went over `memory`, `cpu` or `wall`; `limit` says which."""

    def __init__(self, limit: str, message: str) -> None:
        super().__init__(message)
        self.limit = limit


class TooMuchToCarry(RuntimeFailure):
    """A payload, answer or result is larger than the runtime carries: send it by reference."""


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


class DoorRaised(RuntimeFailure):
    """Raised in the work by a call: the door raised `kind` (`module.Class`) with this message."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class Runtime(Protocol):
    """The contract that `tests/contracts/test_runtime.py` holds every adapter to."""

    async def run(self, work: Work, doors: Call) -> bytes:
        """Run the work and return what its entry point returned.

        Works that wait for a place start in the order of their calls. `doors` may be called many
        times at once; calls that still run when the work ends are cancelled. Cancelling this call
        stops the work at the other side before it returns, by force if need be. Raises
        `WorkRaised`, `WorkCrashed`, `LimitHit`, or `TooMuchToCarry` if the payload is.
        """
        ...

    async def close(self) -> None:
        """Stop everything this runtime started; running and later work ends as `WorkCrashed`."""
        ...
