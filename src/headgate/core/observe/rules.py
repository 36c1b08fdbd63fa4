"""Where a watcher of the change stream is, and whether it may go on from there."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_POSITION = re.compile(r"(\d{1,16})\.(\d{1,19}):(\d{1,19}):(|\d{1,19}(?:,\d{1,19}){0,400})")
_LIMIT = 2**63
_MOST_IN_PROGRESS = 200  # more of them would make an id longer than proxies let pass


@dataclass(frozen=True, slots=True)
class Position:
    """What a watcher has seen: all that `snapshot` (of Postgres) sees, as of `at`."""

    snapshot: str
    at: datetime

    def __str__(self) -> str:
        return f"{int(self.at.timestamp() * 1000)}.{_shortened(self.snapshot)}"


def parse_position(text: str) -> Position | None:
    """Return the position that `str` wrote, None for anything else."""
    found = _POSITION.fullmatch(text)
    if found is None:
        return None
    low, high = int(found[2]), int(found[3])
    between = [int(part) for part in found[4].split(",") if part]
    ordered = all(a < b for a, b in zip([low - 1, *between], [*between, high], strict=True))
    if not (0 < low <= high < _LIMIT and ordered):
        return None
    return Position(f"{low}:{high}:{found[4]}", datetime.fromtimestamp(int(found[1]) / 1000, UTC))


def may_resume(position: Position, *, now: datetime, keep: timedelta) -> bool:
    """Tell whether all changes since the position are still there."""
    return timedelta(0) <= now - position.at + timedelta(minutes=5) and now - position.at < keep


def _shortened(snapshot: str) -> str:
    """Return a snapshot that is not too long: one that sees less, so that more is told again."""
    low, _, between = snapshot.split(":")
    return f"{low}:{low}:" if between.count(",") >= _MOST_IN_PROGRESS else snapshot
