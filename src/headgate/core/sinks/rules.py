"""What makes rows acceptable: that Postgres takes each value as its column's type."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

MOST_FAULTS = 100
Fault = tuple[str, str, str]
"""Where, a code, why."""

_MOST_COLUMNS_TOLD = 20
_DECIMAL = re.compile(r"[-+]?[0-9]{1,1000}(\.[0-9]{1,1000})?([eE][-+]?[0-9]{1,3})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
    r"(Z|[-+][0-9]{2}:?[0-9]{2})"
)
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_BYTES = re.compile(r"\\x([0-9a-fA-F]{2})*")
_MOST_OFFSET = timedelta(hours=15, minutes=59)  # of a time zone, in Postgres
_DIGITS = 4000  # more are not written as text by Python; Postgres would take more


def row_faults(payload: Any, columns: Mapping[str, str]) -> Iterator[Fault]:
    """Yield what is wrong with rows for `columns` (name to type), a hundred faults at most.

    `payload` is one row (an object) or a list of rows. A column that a row leaves out is null.
    """
    found = _faults(payload, columns)
    yield from islice(found, MOST_FAULTS)
    if more := sum(1 for _ in found):
        yield "/payload", "more_faults", f"{more:,} faults more"


def _faults(payload: Any, columns: Mapping[str, str]) -> Iterator[Fault]:
    if not isinstance(payload, list | tuple):
        yield from _row("/payload", payload, columns)
        return
    for at, row in enumerate(payload):
        yield from _row(f"/payload/{at}", row, columns)


def _row(place: str, row: Any, columns: Mapping[str, str]) -> Iterator[Fault]:
    if not isinstance(row, dict):
        yield place, "not_a_row", "a row is an object: the value of each column by its name"
        return
    for name, value in row.items():
        kind = columns.get(name)
        if kind is None:
            yield f"{place}/{_escaped(name)}", "unknown_column", _no_column(columns)
        elif value is not None and not _CHECKS[kind][0](value):
            why = f"the column is {kind}: {_CHECKS[kind][1]}, not {_shown(value)}"
            yield f"{place}/{name}", "wrong_type", why


def _escaped(name: Any) -> str:
    return str(name)[:100].replace("~", "~0").replace("/", "~1")


def _no_column(columns: Mapping[str, str]) -> str:
    told = ", ".join(islice(columns, _MOST_COLUMNS_TOLD))
    rest = ", …" if len(columns) > _MOST_COLUMNS_TOLD else ""
    return f"the dataset has no such column; it has {told}{rest}"


def _shown(value: Any) -> str:
    match value:
        case dict():
            return "an object"
        case list() | tuple():
            return "a list" if len(value) != 1 else f"a list of {_shown(value[0])}"
        case str():
            return f'"{value[:40]}{"…" if len(value) > 40 else ""}"'  # noqa: PLR2004 - of a message
        case bool():
            return "true" if value else "false"
        case int() if abs(value) >= 10**40:
            return "so large a number"
        case _:
            return str(value)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_whole(bits: int) -> Callable[[Any], bool]:
    low, high = -(2 ** (bits - 1)), 2 ** (bits - 1)

    def check(value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and low <= value < high

    return check


def _is_numeric(value: Any) -> bool:
    if isinstance(value, str):
        return _DECIMAL.fullmatch(value) is not None
    if isinstance(value, int):
        return not isinstance(value, bool) and abs(value) < 10**_DIGITS
    return isinstance(value, float) and math.isfinite(value)


def _is_double(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False


def _is_date(value: Any) -> bool:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_instant(value: Any) -> bool:
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        return False
    try:
        offset = datetime.fromisoformat(value).utcoffset()
    except ValueError:
        return False
    return offset is not None and abs(offset) <= _MOST_OFFSET


def _matches(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_list_of(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: (
        isinstance(value, list | tuple) and all(each is None or check(each) for each in value)
    )


_CHECKS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "text": (_is_text, "text"),
    "boolean": (lambda value: isinstance(value, bool), "true or false"),
    "integer": (_is_whole(32), "a whole number of 32 bits"),
    "bigint": (_is_whole(64), "a whole number of 64 bits"),
    "numeric": (_is_numeric, 'a number, or its digits as text such as "1.50"'),
    "double": (_is_double, "a number"),
    "date": (_is_date, "a day such as 2026-01-31"),
    "timestamptz": (_is_instant, "a time with its zone such as 2026-01-31T12:00:00Z"),
    "uuid": (_matches(_UUID), "a UUID"),
    "jsonb": (lambda _: True, "anything"),
    "bytea": (_matches(_BYTES), r"bytes as text such as \x00ff"),
    "text[]": (_is_list_of(_is_text), "a list of text"),
    "bigint[]": (_is_list_of(_is_whole(64)), "a list of whole numbers of 64 bits"),
}
