"""How a redrive keeps its rate and its course."""

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from headgate.core.tasks.letters.model import Course, LetterFilter
from headgate.core.tasks.letters.rules import advanced, batch_of, pause_of, read, told, written

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TIMES = st.none() | st.datetimes(timezones=st.just(UTC))
FILTERS = st.builds(
    LetterFilter,
    ids=st.none() | st.lists(st.integers(1, 2**63 - 1)),
    job_id=st.none() | st.integers(1, 2**31 - 1),
    fingerprint=st.none() | st.text(),
    died_after=TIMES,
    died_before=TIMES,
)
RATES = st.floats(0.001, 100_000)


@given(
    st.builds(
        Course,
        chosen=FILTERS,
        rate=st.none() | RATES,
        last=st.integers(0),
        after=st.integers(0),
        redriven=st.integers(0),
        not_before=TIMES,
    )
)
def test_a_course_survives_being_written_as_json(course: Course) -> None:
    assert read(json.loads(json.dumps(written(course)))) == course


@given(rate=RATES, lateness=st.lists(st.floats(0, 100), min_size=1, max_size=50))
def test_whenever_a_driver_comes_a_rate_is_never_exceeded(
    rate: float, lateness: list[float]
) -> None:
    """In any time, what is moved is what the rate allows in it, and one batch."""
    course = Course(chosen=LetterFilter(), rate=rate, last=10**9)
    now, batches = NOON, list[tuple[datetime, int]]()
    for late in lateness:
        now += timedelta(seconds=pause_of(course, now=now) + late)
        assert pause_of(course, now=now) < 1e-5
        batch = list(range(course.after + 1, course.after + 1 + batch_of(rate)))
        course = advanced(course, moved=batch, now=now)
        batches.append((now, len(batch)))

    for first, (start, _) in enumerate(batches):
        moved = sum(size for _, size in batches[first:])
        seconds = (batches[-1][0] - start).total_seconds()
        assert moved <= (seconds + 1e-5 * len(batches)) * rate + batch_of(rate) + 1e-6 * moved


@given(RATES)
def test_a_batch_is_a_small_part_of_a_second_or_one_letter(rate: float) -> None:
    assert 1 <= batch_of(rate) <= max(1.0, rate / 4)
    assert batch_of(rate) <= batch_of(None)


def test_it_says_how_far_it_is_and_what_was_left() -> None:
    course = Course(chosen=LetterFilter(), rate=None, last=9, redriven=1200)

    assert (
        told(course, total=1500, state="running") == "1,200 of 1,500 dead letters are back at work."
    )
    assert "the others stay where they are" in told(course, total=1500, state="cancelled")
    assert "300 were not open any more" in told(course, total=1500, state="succeeded")
    assert "any more" not in told(course, total=1200, state="succeeded")
