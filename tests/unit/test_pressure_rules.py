"""A valve closes at its limit, opens at a share of it, and never flutters in between."""

from hypothesis import given
from hypothesis import strategies as st

from headgate.core.dispatch.pressure.rules import DWELL, Limits, Waiting, is_closed, pressure


def test_the_highest_share_of_a_limit_counts() -> None:
    limits = Limits(rows=100, units=1000, bytes=None, age_ms=60_000)

    assert pressure(limits, Waiting(rows=50, units=900, bytes=10**12)) == (0.9, "units")
    assert pressure(limits, Waiting(rows=50, age_ms=120_000)) == (2.0, "age")
    assert pressure(Limits(), Waiting(rows=10**9)) == (0.0, "")


@given(
    st.lists(st.tuples(st.floats(0, 3), st.floats(0.01, 2)), max_size=60),
    st.floats(0.1, 0.9),
)
def test_between_its_bounds_and_within_its_dwell_a_valve_stays(
    course: list[tuple[float, float]], reopen: float
) -> None:
    closed, since = False, 10.0
    for now, step in course:
        since += step
        after = is_closed(now, closed=closed, reopen=reopen, seconds_since_move=since)
        if after != closed:
            assert since >= DWELL
            assert now >= 1.0 if after else now <= reopen
            since = 0.0
        elif since >= DWELL:
            assert now > reopen if closed else now < 1.0
        closed = after
