"""Figures as people read them, and parts of datasets as they map along readings."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headgate.core.explain.figures import (
    count_text,
    ranges_text,
    size_text,
    span_text,
    time_text,
)
from headgate.core.explain.places import Place, Reading, both, made_from, place_text, read_from

_NOW = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 ms"),
        (0.25, "250 ms"),
        (1, "1 s"),
        (3.46, "3.5 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (60, "1 min"),
        (7500, "2 h 5 min"),
        (11 * 3600 + 300, "11 h"),
        (3 * 86_400, "3 d"),
        (-5, "5 s"),
    ],
)
def test_a_span_has_its_largest_units(seconds: float, text: str) -> None:
    assert span_text(timedelta(seconds=seconds)) == text


@given(st.floats(0, 1e7))
def test_every_span_can_be_written(seconds: float) -> None:
    assert span_text(timedelta(seconds=seconds))[0].isdigit()


def test_counts_sizes_and_times() -> None:
    assert count_text(1, "task") == "1 task"
    assert count_text(12_345, "task") == "12,345 tasks"
    assert count_text(2, "entry") == "2 entries"
    assert size_text(999) == "999 bytes"
    assert size_text(1_500_000) == "1.5 MB"
    assert time_text(_NOW + timedelta(seconds=3), now=_NOW) == "12:00:03 UTC (in 3 s)"
    assert time_text(_NOW - timedelta(days=1), now=_NOW) == "2026-11-19 12:00:00 UTC (1 d ago)"


def test_many_ranges_are_cut_short() -> None:
    ranges = [(n * 1000, n * 1000 + 5) for n in range(7)]

    assert ranges_text(ranges[1:2]) == "[1,000, 1,005)"
    assert ranges_text(ranges).endswith("[4,000, 4,005) and 2 more ranges")


_PLACES = st.builds(
    lambda low, width: Place(ranges=((low, low + width),)),
    st.integers(-(2**40), 2**40),
    st.integers(1, 2**20),
)
_READINGS = st.builds(
    lambda lo, width: Reading(lo, lo + width), st.integers(-1000, 1000), st.integers(0, 1000)
)


@given(_PLACES, _READINGS)
def test_what_is_read_for_a_part_makes_at_least_that_part(place: Place, reading: Reading) -> None:
    again = made_from(read_from(place, reading), reading)
    assert place.ranges is not None
    assert again.ranges is not None
    assert again.ranges[0][0] <= place.ranges[0][0]
    assert again.ranges[0][1] >= place.ranges[0][1]


def test_keys_are_cut_to_segments_and_stand_for_those_below() -> None:
    two = Reading(segments=2)

    assert made_from(Place(key="a/b/c"), two) == Place(key="a/b")
    assert read_from(Place(key="a/b"), two) == Place(key="a/b", below=True)
    assert made_from(Place(key="a", below=True), two) == Place(key="a", below=True)
    assert made_from(Place(key="a/b", below=True), two) == Place(key="a/b")
    assert made_from(Place(key="a"), Reading(whole=True)) == Place()


def test_parts_are_written_for_people() -> None:
    assert place_text(Place()) == "all of it"
    assert place_text(Place(key="a")) == "key a"
    assert place_text(Place(key="a", below=True)) == "keys below a"
    assert place_text(Place(ranges=((0, 5), (10, 20)))) == "[0, 5), [10, 20)"
    assert Place(ranges=((0, 5), (10, 20))).multirange == "{[0,5),[10,20)}"
    assert both(Place(ranges=((0, 5),)), Place(ranges=((3, 9),))) == Place(ranges=((0, 9),))
    assert both(Place(key="a"), Place(key="b")) == Place()
