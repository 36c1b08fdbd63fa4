"""Times as people write them on the command line."""

import re
from datetime import datetime, timedelta

import click

from headgate.core.clock import utc_now

_AGE = re.compile(r"(\d{1,6})([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def moment(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    """Return a time, local without a zone, or an age such as 90m or 7d, as the API takes it."""
    if value is None:
        return None
    try:
        if age := _AGE.fullmatch(value):
            at = utc_now() - timedelta(seconds=int(age[1]) * _SECONDS[age[2]])
        else:
            at = datetime.fromisoformat(value).astimezone()
    except (ValueError, OverflowError) as error:
        raise click.BadParameter(
            f"{value!r} is no time: write 2026-11-20T10:00, or 2h for two hours ago."
        ) from error
    return at.isoformat()
