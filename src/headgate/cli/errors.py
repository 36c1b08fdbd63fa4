"""Why a command ended, as an exit code for programs and a message for people."""

from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple

_FAULTS = {
    "input": "The fault is in what was given.",
    "state": "What was asked for does not fit the current state.",
    "provider": "The fault is with an outside service.",
    "headgate": "The fault is Headgate's, not yours.",
}
_BY_STATUS = {401: 4, 403: 4, 404: 3, 410: 3, 502: 6, 503: 6, 504: 6}


class Exit(IntEnum):
    """The exit codes; they are a promise to scripts."""

    OK = 0
    FAILED = 1  # the command did its part, the work failed
    USAGE = 2
    NOT_FOUND = 3
    AUTH = 4
    REFUSED = 5  # a conflict, or input that breaks its contract
    UNREACHABLE = 6
    INTERRUPTED = 130


def exit_of(status: int) -> Exit:
    """Return the exit code that an HTTP status means."""
    if status in _BY_STATUS:
        return Exit(_BY_STATUS[status])
    return Exit.REFUSED if 400 <= status < 500 else Exit.FAILED  # noqa: PLR2004


class Fault(NamedTuple):
    """One thing that is wrong: where, and why."""

    pointer: str
    message: str


class CliError(Exception):
    """Ends the command. `fault` says whose it is, `hint` what to do about it."""

    def __init__(
        self,
        message: str,
        *,
        exit_code: Exit,
        fault: str = "",
        hint: str = "",
        faults: Iterable[Fault] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.exit_code = exit_code
        self.fault = fault
        self.hint = hint
        self.faults = tuple(faults)

    def __str__(self) -> str:
        """Return what happened, each fault, whose it is, and what to do, a line each."""
        interrupted = self.exit_code is Exit.INTERRUPTED
        lines = [self.message if interrupted else f"Error: {self.message}"]
        lines += [
            f"  {f.pointer}: {f.message}" if f.pointer else f"  {f.message}" for f in self.faults
        ]
        if self.fault in _FAULTS:
            lines.append(_FAULTS[self.fault])
        if self.hint:
            lines.append(f"What to do: {self.hint}")
        return "\n".join(lines)
