"""The written forms of time in a DAG: durations, cron expressions and time zones."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from headgate.core.dag.suggest import did_you_mean

_DURATION = re.compile(r"([0-9]{1,10})(ms|s|m|h|d)")
_LONGEST_MS = 20 * 86_400_000  # fits an int4
_UNIT_MS = {"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1000, "ms": 1}
_CRON_FIELDS = 5
_ANY_DAY = datetime(2000, 1, 1, tzinfo=UTC)


def parse_duration(value: Any) -> timedelta:
    """Read `500ms`, `30s`, `5m`, `2h` or `1d`; a `timedelta` passes as it is."""
    if isinstance(value, timedelta):
        return value
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise PydanticCustomError(
            "bad_duration",
            "{found} is not a duration",
            {"found": str(value)[:40], "hint": "write a number and a unit: 500ms, 30s, 5m, 2h, 1d"},
        )
    total = int(match[1]) * _UNIT_MS[match[2]]
    if total > _LONGEST_MS:
        raise PydanticCustomError(
            "bad_duration", "{found} is too long", {"found": value, "hint": "at most 20d"}
        )
    return timedelta(milliseconds=total)


def _positive(value: timedelta) -> timedelta:
    if not value:
        raise PydanticCustomError("bad_duration", "must be longer than 0", {"hint": ""})
    return value


def milliseconds(value: timedelta) -> int:
    return value // timedelta(milliseconds=1)


def format_duration(value: timedelta) -> str:
    """Write a duration in the largest unit that divides it; the inverse of `parse_duration`."""
    total = milliseconds(value)
    unit = next(u for u, ms in _UNIT_MS.items() if total % ms == 0 and (total or u == "s"))
    return f"{total // _UNIT_MS[unit]}{unit}"


def check_cron(expression: str) -> str:
    """Return `expression` if it has five cron fields and some day on which it fires."""
    hint = "five fields: minute hour day-of-month month day-of-week, as in '0 3 * * *'"
    try:
        fires = CronSim(expression, _ANY_DAY)
        next(fires)
    except (CronSimError, StopIteration) as error:
        reason = str(error).lower() if isinstance(error, CronSimError) else "it never fires"
    else:
        if len(expression.split()) == _CRON_FIELDS:
            return expression
        reason = "wrong number of fields"
    raise PydanticCustomError(
        "bad_cron",
        "{found} is not a cron expression: {reason}",
        {"found": repr(expression[:60]), "reason": reason, "hint": hint},
    )


def check_time_zone(name: str) -> str:
    """Return `name` if it is a time zone of the IANA database."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        hint = did_you_mean(name, available_timezones()) or "use an IANA name such as Europe/Berlin"
        raise PydanticCustomError(
            "unknown_time_zone",
            "there is no time zone {found}",
            {"found": repr(name[:60]), "hint": hint},
        ) from None
    return name


Duration = Annotated[
    timedelta,
    PlainValidator(parse_duration),
    PlainSerializer(format_duration, return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{_DURATION.pattern}$", "examples": ["30s"]}),
]
PositiveDuration = Annotated[Duration, AfterValidator(_positive)]
Cron = Annotated[
    str,
    AfterValidator(check_cron),
    WithJsonSchema({"type": "string", "examples": ["0 3 * * *"]}),
]
TimeZone = Annotated[
    str,
    AfterValidator(check_time_zone),
    WithJsonSchema({"type": "string", "examples": ["Europe/Berlin"]}),
]
