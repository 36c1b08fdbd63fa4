"""When schedules fire, and what they make of the fires they missed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headgate.core.sources.rules import CatchUp, fires, first_fire

HOURLY = "0 * * * *"
NOON = datetime(2026, 11, 20, 12, 0, 30, tzinfo=UTC)


def at(hour: int, *, day: int = 20) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


def test_a_new_schedule_first_fires_after_now() -> None:
    assert first_fire(HOURLY, time_zone="UTC", now=NOON) == at(13)


def test_times_are_of_the_wall_clock_of_the_zone() -> None:
    assert first_fire("0 3 * * *", time_zone="Europe/Berlin", now=NOON) == at(2, day=21)


def test_a_fire_that_daylight_saving_skips_happens_after_the_gap() -> None:
    before = datetime(2026, 3, 28, 12, tzinfo=UTC)

    assert (
        first_fire("30 2 * * *", time_zone="Europe/Berlin", now=before).date()
        == datetime(2026, 3, 29, tzinfo=UTC).date()
    )


def test_a_fire_that_daylight_saving_repeats_happens_once() -> None:
    due, _ = fires(
        "30 2 * * *",
        time_zone="Europe/Berlin",
        next_at=datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        now=datetime(2026, 10, 25, 12, tzinfo=UTC),
        catch_up="all",
        max_catch_up=10,
    )

    assert len(due) == 1


@pytest.mark.parametrize(
    ("catch_up", "expected"),
    [("none", []), ("last", [at(11)]), ("all", [at(9), at(10), at(11)])],
)
def test_missed_fires_follow_the_policy(catch_up: CatchUp, expected: list[datetime]) -> None:
    due, upcoming = fires(
        HOURLY,
        time_zone="UTC",
        next_at=at(9),
        now=at(11) + timedelta(minutes=30),
        catch_up=catch_up,
        max_catch_up=100,
    )

    assert due == expected
    assert upcoming == at(12)


def test_a_fire_that_is_only_a_little_late_is_not_a_missed_one() -> None:
    due, _ = fires(
        HOURLY, time_zone="UTC", next_at=at(12), now=NOON, catch_up="none", max_catch_up=100
    )

    assert due == [at(12)]


def test_all_is_bounded_by_the_newest() -> None:
    due, _ = fires(
        HOURLY,
        time_zone="UTC",
        next_at=at(0, day=1),
        now=at(5) + timedelta(minutes=30),
        catch_up="all",
        max_catch_up=3,
    )

    assert due == [at(3), at(4), at(5)]


@given(
    minutes=st.integers(0, 60 * 24 * 3),
    catch_up=st.sampled_from(["none", "last", "all"]),
)
def test_every_fire_is_past_and_in_order_and_the_next_is_ahead(
    minutes: int, catch_up: CatchUp
) -> None:
    now = NOON + timedelta(minutes=minutes)
    due, upcoming = fires(
        "*/7 * * * *",
        time_zone="America/New_York",
        next_at=first_fire("*/7 * * * *", time_zone="America/New_York", now=NOON),
        now=now,
        catch_up=catch_up,
        max_catch_up=20,
    )

    assert due == sorted(set(due))
    assert all(fire <= now for fire in due)
    assert upcoming > now
