"""Slots are shared so that nothing starves and nothing is promised twice."""

from hypothesis import given
from hypothesis import strategies as st

from headgate.core.work.rules import Demand, allocate, parse_ranges

demands = st.lists(
    st.builds(
        Demand,
        job_id=st.integers(1, 50),
        priority=st.integers(-2, 2),
        runtime=st.sampled_from(["in_process", "child_process"]),
    ),
    unique_by=lambda d: d.job_id,
    max_size=20,
)
free = st.fixed_dictionaries(
    {"in_process": st.integers(-1, 60), "child_process": st.integers(0, 4)}
)


@given(demands=demands, free=free, busy=st.frozensets(st.integers(1, 50)), turn=st.integers(0, 99))
def test_quotas_never_exceed_the_free_slots(
    demands: list[Demand], free: dict[str, int], busy: frozenset[int], turn: int
) -> None:
    quotas = dict(allocate(demands, free=free, busy=busy, turn=turn))

    for runtime, slots in free.items():
        given_out = sum(quotas.get(d.job_id, 0) for d in demands if d.runtime == runtime)
        assert given_out <= max(slots, 0)
        if slots > 0 and any(d.runtime == runtime for d in demands):
            assert given_out == slots


@given(demands=demands, free=free, busy=st.frozensets(st.integers(1, 50)))
def test_every_job_gets_its_look_within_a_round(
    demands: list[Demand], free: dict[str, int], busy: frozenset[int]
) -> None:
    level = [Demand(d.job_id, 0, d.runtime) for d in demands]
    seen = {
        job
        for turn in range(2 * len(level) + 2)
        for job, quota in allocate(level, free=free, busy=busy, turn=turn)
        if quota > 0
    }

    assert seen == {d.job_id for d in level if free[d.runtime] > 0}


def test_a_higher_priority_is_served_first_when_slots_are_short() -> None:
    jobs = [Demand(1, 0, "in_process"), Demand(2, 5, "in_process")]

    assert allocate(jobs, free={"in_process": 1}, busy=frozenset(), turn=0) == [(2, 1)]


def test_a_backlog_fills_the_worker() -> None:
    jobs = [Demand(n, 0, "in_process") for n in range(1, 5)]
    quotas = dict(allocate(jobs, free={"in_process": 100}, busy=frozenset({3}), turn=0))

    assert quotas == {1: 1, 2: 1, 3: 97, 4: 1}


@given(st.lists(st.tuples(st.integers(-(2**40), 2**40), st.integers(1, 2**20))))
def test_ranges_are_read_back_from_a_multirange(spans: list[tuple[int, int]]) -> None:
    ranges = [(low, low + size) for low, size in spans]
    text = "{" + ",".join(f"[{low},{high})" for low, high in ranges) + "}"

    assert parse_ranges(text) == ranges
