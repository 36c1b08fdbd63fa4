"""Values as text, for people and for programs."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, assert_never

from headgate.cli.output.columns import Kind

# A message from a task must not move the cursor or recolor the terminal of who reads it.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_UNITS = ("B", "kB", "MB", "GB", "TB")
_AGES = ((60, 1, "s"), (3600, 60, "m"), (48 * 3600, 3600, "h"))
_DAY = 24 * 3600


def plain(value: Any) -> str:
    """Write a value on one line for programs: exact, without tabs, line ends or control codes."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return _CONTROL.sub(" ", str(value))


def shown(value: Any, kind: Kind, *, now: datetime) -> str:
    """Write a value for people."""
    if value is None:
        return "-"
    match kind:
        case "time":
            return local_time(str(value))
        case "age":
            return age_text(str(value), now=now)
        case "size":
            return size_text(int(value))
        case "text" | "key" | "name" | "number":
            return _words(value)
        case other:
            assert_never(other)


def local_time(text: str) -> str:
    """Write an API time (RFC 3339) to the second in the reader's zone; other text as it is."""
    try:
        return datetime.fromisoformat(text).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    except ValueError:
        return plain(text)


def age_text(text: str, *, now: datetime) -> str:
    """Write how long ago a time was, in its largest unit: "59s", "3m", "47h", "5d"."""
    try:
        seconds = max(0, int((now - datetime.fromisoformat(text)).total_seconds()))
    except (ValueError, TypeError):  # no time, or one without a zone
        return plain(text)
    for below, unit, name in _AGES:
        if seconds < below:
            return f"{seconds // unit}{name}"
    return f"{seconds // _DAY}d"


def size_text(size: int) -> str:
    """Write a number of bytes in decimal units: 1500 is "1.5 kB"."""
    number, unit = float(size), 0
    while number >= 1000 and unit < len(_UNITS) - 1:  # noqa: PLR2004 - decimal units
        number, unit = number / 1000, unit + 1
    return f"{size} B" if unit == 0 else f"{number:.1f} {_UNITS[unit]}"


def money_text(micros: int, currency: str = "USD") -> str:
    """Write integer millionths, with cents and more places only where they are not zero."""
    whole, rest = divmod(abs(micros), 1_000_000)
    places = f"{rest:06d}".rstrip("0").ljust(2, "0")
    amount = f"{'-' if micros < 0 else ''}{whole:,}.{places}"
    return f"${amount}" if currency == "USD" else f"{amount} {currency}"


def lines_of(text: str) -> Iterator[str]:
    """Yield the lines of a text without control codes."""
    for line in text.splitlines():
        yield plain(line)


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return plain(", ".join(value))
    return plain(value)
