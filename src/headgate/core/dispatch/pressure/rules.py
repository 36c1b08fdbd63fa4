"""When a valve closes, and when it opens again."""

from dataclasses import dataclass

DWELL = 1.0  # seconds in which a valve that has just moved stays as it is


@dataclass(frozen=True, slots=True)
class Limits:
    """What may wait; None is no limit. `reopen` is the share at which a closed valve opens."""

    rows: int | None = None
    units: int | None = None
    bytes: int | None = None
    age_ms: int | None = None
    reopen: float = 0.5


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits: tasks, numbers in their ranges, bytes of payload, milliseconds of the oldest."""

    rows: int = 0
    units: int = 0
    bytes: int = 0
    age_ms: int = 0


def pressure(limits: Limits, waiting: Waiting) -> tuple[float, str]:
    """Return the highest share of a limit that is used up (1.0: all), and which limit it is."""
    shares = [
        (used / limit, name)
        for name, limit, used in (
            ("rows", limits.rows, waiting.rows),
            ("units", limits.units, waiting.units),
            ("bytes", limits.bytes, waiting.bytes),
            ("age", limits.age_ms, waiting.age_ms),
        )
        if limit is not None
    ]
    return max(shares, default=(0.0, ""))


def is_closed(now: float, *, closed: bool, reopen: float, seconds_since_move: float) -> bool:
    """Return whether a valve at pressure `now` is closed from here on.

    It closes at 1.0 and opens at `reopen`: in between it stays as it is, and so it does for a
    moment after each move, so that it never flutters.
    """
    if seconds_since_move < DWELL:
        return closed
    return now > reopen if closed else now >= 1.0
