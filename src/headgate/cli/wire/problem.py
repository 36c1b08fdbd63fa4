"""An error answer (RFC 9457 problem details) as the error that ends the command."""

from collections.abc import Mapping
from typing import Any

from headgate.cli.errors import CliError, Exit, Fault, exit_of

# What to do when the server gives no advice of its own.
_ADVICE = {
    Exit.NOT_FOUND: "check the spelling; the `list` commands show what there is.",
    Exit.AUTH: "ask whoever runs the server for access.",
    Exit.REFUSED: "correct what is named above, then run the command again.",
    Exit.UNREACHABLE: "wait a moment and try again; `headgate doctor` looks for the cause.",
    Exit.FAILED: "look into the server's log; `headgate doctor` checks the installation.",
}
_STATE = "see how it is now, then decide."
_AGAIN = "the same command may work in a moment: try again."


class Refusal(CliError):
    """The server turned the request down: with this HTTP status, and `retry` if it may pass."""

    def __init__(self, message: str, *, status: int, retry: bool, **rest: Any) -> None:
        super().__init__(message, exit_code=exit_of(status), **rest)
        self.status = status
        self.retry = retry


def refusal(status: int, problem: Any) -> Refusal:
    """Build the error from the body of an answer; a body that is no problem counts as empty."""
    found = problem if isinstance(problem, Mapping) else {}
    retry = found.get("retry") is True
    fault = str(found.get("fault") or "")
    advice = _AGAIN if retry else _STATE if fault == "state" else _ADVICE[exit_of(status)]
    return Refusal(
        str(found.get("detail") or found.get("title") or f"The server answered {status}."),
        status=status,
        retry=retry,
        fault=fault,
        hint=str(found.get("hint") or advice),
        faults=_faults(found.get("errors")),
    )


def _faults(errors: Any) -> list[Fault]:
    if not isinstance(errors, list):
        return []
    return [
        Fault(str(error.get("pointer") or ""), str(error.get("message") or error.get("code") or ""))
        for error in errors
        if isinstance(error, Mapping)
    ]
