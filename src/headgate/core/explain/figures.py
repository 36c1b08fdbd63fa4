"""Figures as people read them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from headgate.core.app import Range

_SHOWN = 5  # ranges in a sentence
_STEPS = (("d", 86_400.0), ("h", 3600.0), ("min", 60.0))
_SIZES = ("bytes", "kB", "MB", "GB", "TB")


def count_text(number: int, noun: str) -> str:
    """Write `1 task`, `12,345 tasks`."""
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def at_most_text(number: int, noun: str, *, most: int) -> str:
    """Write a number that was counted up to `most` only."""
    return f"more than {count_text(most, noun)}" if number > most else count_text(number, noun)


def span_text(span: timedelta) -> str:
    """Write a span in its largest unit or two: `250 ms`, `3.5 s`, `4 min`, `2 h 5 min`, `3 d`."""
    seconds = abs(span.total_seconds())
    if seconds < 1:
        return f"{round(seconds * 1000)} ms"
    if round(seconds) < 60:  # noqa: PLR2004 - a minute
        return f"{seconds:.1f}".removesuffix(".0") + " s" if seconds < 10 else f"{seconds:.0f} s"  # noqa: PLR2004
    for at, (unit, size) in enumerate(_STEPS):
        if seconds >= size:
            whole, rest = divmod(seconds, size)
            text = f"{whole:.0f} {unit}"
            if at + 1 < len(_STEPS) and whole < 10:  # noqa: PLR2004 - then the rest is noise
                smaller, of = _STEPS[at + 1]
                text += f" {rest // of:.0f} {smaller}" if rest >= of else ""
            return text
    return "1 min"


def milliseconds_text(number: float) -> str:
    return span_text(timedelta(milliseconds=number))


def size_text(number: int) -> str:
    """Write a number of bytes in decimal units."""
    size, unit = float(number), 0
    while size >= 1000 and unit < len(_SIZES) - 1:  # noqa: PLR2004 - decimal units
        size, unit = size / 1000, unit + 1
    return f"{number:,} bytes" if unit == 0 else f"{size:.1f} {_SIZES[unit]}"


def time_text(at: datetime, *, now: datetime) -> str:
    """Write a time and how far from now it is: `17:05:31 UTC (in 3 s)`."""
    day = "" if at.date() == now.date() else f"{at:%Y-%m-%d} "
    away = span_text(at - now)
    return f"{day}{at:%H:%M:%S} UTC ({f'in {away}' if at > now else f'{away} ago'})"


def ranges_text(ranges: Sequence[Range]) -> str:
    """Write the first ranges, and how many more there are."""
    shown = ", ".join(f"[{low:,}, {high:,})" for low, high in ranges[:_SHOWN])
    more = len(ranges) - _SHOWN
    return f"{shown} and {count_text(more, 'more range')}" if more > 0 else shown
