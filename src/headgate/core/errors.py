"""Errors that say whose fault it is, what to do, and whether a retry may help.

Every error that may reach a person is a `HeadgateError`. An operator that raises one decides its
task's fate by `retry`: a retryable error is tried again with backoff until the attempts are used
up; any other goes to the dead letters at once, since the same input would fail the same way.
"""

from dataclasses import dataclass
from typing import Literal

Fault = Literal["input", "state", "provider", "headgate"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of an input: where (`/products/0/name`, or `line 12`), a stable code, and why."""

    pointer: str
    code: str
    message: str


class HeadgateError(Exception):
    """Base of all errors with a message for people.

    `code` is stable and machine-readable, `status` the HTTP status, `fault` whose fault it is,
    `retry` whether the same call may succeed later, `hint` what to do about it.
    """

    code = "internal"
    status = 500
    fault: Fault = "headgate"
    retry = False

    def __init__(
        self, message: str, *, hint: str = "", problems: tuple[Problem, ...] | list[Problem] = ()
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.problems = tuple(problems)

    def __str__(self) -> str:
        lines = [self.message, *(f"  {p.pointer}: {p.message}" for p in self.problems)]
        if self.hint:
            lines.append(self.hint)
        return "\n".join(lines)


class InvalidInput(HeadgateError):
    """The input breaks its contract; `problems` holds every fault, not just the first."""

    code = "invalid_input"
    status = 422
    fault: Fault = "input"


class NotFound(HeadgateError):
    """Nothing has this id or key."""

    code = "not_found"
    status = 404
    fault: Fault = "input"


class Conflict(HeadgateError):
    """The request is right in itself but not in the current state."""

    code = "conflict"
    status = 409
    fault: Fault = "state"


class TooLarge(HeadgateError):
    """The input is larger than its limit."""

    code = "too_large"
    status = 413
    fault: Fault = "input"


class ProviderUnavailable(HeadgateError):
    """An outside service throttled, timed out or failed; a later try may succeed."""

    code = "provider_unavailable"
    status = 503
    fault: Fault = "provider"
    retry = True


class ProviderRefused(HeadgateError):
    """An outside service refused this very request; the same request would be refused again."""

    code = "provider_refused"
    status = 422
    fault: Fault = "provider"


class DatabaseUnavailable(HeadgateError):
    """The database cannot be reached, is full, or shuts down."""

    code = "database_unavailable"
    status = 503
    fault: Fault = "state"
    retry = True


class LimitExceeded(HeadgateError):
    """The work went over a limit of its job: memory, CPU time or wall time."""

    code = "limit_exceeded"
    retry = True
