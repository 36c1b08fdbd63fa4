"""When a schedule fires, and what it does about the fires it missed."""

from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from cronsim import CronSim

CatchUp = Literal["none", "last", "all"]

# A fire is missed, rather than a little late, when nobody was there for this long.
LATE = timedelta(seconds=60)


def first_fire(cron: str, *, time_zone: str, now: datetime) -> datetime:
    """Return the first fire time after `now`, in UTC.

    Times are of the wall clock of `time_zone`: one that daylight saving skips fires at the end of
    the gap, one that it repeats fires once (Debian cron's rules, as cronsim has them).
    """
    return next(CronSim(cron, now.astimezone(ZoneInfo(time_zone)))).astimezone(UTC)


def fires(
    cron: str,
    *,
    time_zone: str,
    next_at: datetime,
    now: datetime,
    catch_up: CatchUp,
    max_catch_up: int,
) -> tuple[list[datetime], datetime]:
    """Return the fire times to emit, and the next one after `now`.

    `next_at` is the first fire that was not emitted. Of the missed ones `none` emits nothing,
    `last` the newest, `all` every one, but never more than the newest `max_catch_up`.
    """
    due: list[datetime] = []
    upcoming = next_at
    clock = CronSim(cron, next_at.astimezone(ZoneInfo(time_zone)))
    while upcoming <= now:
        due.append(upcoming)
        if len(due) > max_catch_up + 1:
            due.pop(0)
        upcoming = next(clock).astimezone(UTC)
    missed = [at for at in due if now - at > LATE]
    fresh = due[len(missed) :]
    kept: list[datetime] = []
    if catch_up == "last" and not fresh:
        kept = missed[-1:]
    elif catch_up == "all":
        kept = missed[-max_catch_up:]
    return kept + fresh, upcoming
