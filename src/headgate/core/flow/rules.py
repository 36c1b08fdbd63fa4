"""How a span of time is cut into the steps of a series."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

EVERY = 10.0
"""Seconds from one sample to the next."""
SETTLE = 2.0
"""Seconds that a completion gets to commit, before those of its time are counted."""
_MOST_POINTS = 200
_STEPS = (10, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)


@dataclass(frozen=True, slots=True)
class Window:
    """From `since` to `until` in whole steps."""

    since: datetime
    until: datetime
    step: timedelta


def window(*, now: datetime, span: timedelta) -> Window:
    """Return the newest window of about `span` that is sampled whole, in at most 200 steps.

    Its bounds are multiples of the step, so that a series that is asked for again moves by steps.
    """
    seconds = next(
        (step for step in _STEPS if span.total_seconds() <= step * _MOST_POINTS), _STEPS[-1]
    )
    end = int(now.timestamp() - EVERY - SETTLE) // seconds * seconds
    steps = min(_MOST_POINTS, max(1, int(span.total_seconds()) // seconds))
    return Window(
        datetime.fromtimestamp(end - steps * seconds, UTC),
        datetime.fromtimestamp(end, UTC),
        timedelta(seconds=seconds),
    )
