"""Random flows and random histories for them, as Hypothesis strategies."""

from dataclasses import dataclass

from hypothesis import strategies as st

from headgate.core.work.model import Outcome
from proof.deployment import Input, JobPlan

DATASETS = {"left": "range", "right": "range", "names": "key", "failed": "key"}
_KEYS = ("a", "a/x", "a/y", "a/x/1", "b", "b//z", "ü/1")
_ENDS = (Outcome.OK, Outcome.RETRY, Outcome.RETRY, Outcome.DEAD, Outcome.LOST, Outcome.LOST,
         Outcome.SNOOZED, Outcome.CANCELLED)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """An event to be emitted: over `range`, or with `key`, or (neither) of a whole dataset."""

    dataset: str
    invalidates: bool
    range: tuple[int, int] | None
    key: str | None
    payload: bool


@dataclass(frozen=True, slots=True)
class Emit:
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Route:
    limit: int


@dataclass(frozen=True, slots=True)
class Claim:
    job: int
    quota: int


@dataclass(frozen=True, slots=True)
class Finish:
    """Complete some leases; `picks` are (index into the open leases, outcome, token is right)."""

    picks: list[tuple[int, Outcome, bool]]


@dataclass(frozen=True, slots=True)
class Promote:
    pass


Step = Emit | Route | Claim | Finish | Promote


def _offsets() -> st.SearchStrategy[tuple[int, int]]:
    pairs = st.tuples(st.integers(-4, 4), st.integers(0, 5))
    return pairs.map(lambda pair: (pair[0], pair[0] + pair[1]))


@st.composite
def _inputs(draw: st.DrawFn) -> tuple[Input, ...]:
    names = draw(st.lists(st.sampled_from(["left", "right", "names"]), min_size=1, unique=True))
    made = []
    for name in names:
        if name == "names":
            made.append(Input(name, segments=draw(st.sampled_from([None, 1, 2]))))
        else:
            low, high = draw(_offsets())
            made.append(Input(name, low, high))
    return tuple(made)


@st.composite
def plans(draw: st.DrawFn) -> list[JobPlan]:
    """One to three jobs over the datasets, and one that hears of failures."""
    jobs = [
        JobPlan(
            f"job{number}",
            draw(_inputs()),
            strategy=draw(st.sampled_from(["PerUpdate", "PerPartition", "PerPartition", "Bulk"])),
            failures=draw(st.sampled_from([None, "failed"])),
            part_size=draw(st.sampled_from([1, 3, 7])),
            max_concurrency=draw(st.sampled_from([None, None, 1, 2])),
            max_attempts=draw(st.sampled_from([1, 2, 3])),
        )
        for number in range(draw(st.integers(1, 3)))
    ]
    return [*jobs, JobPlan("mourner", (Input("failed"),), max_attempts=1)]


@st.composite
def _lines(draw: st.DrawFn) -> Line:
    dataset = draw(st.sampled_from(["left", "left", "right", "names"]))
    invalidates, payload = draw(st.booleans()), draw(st.booleans())
    if dataset == "names":
        key = draw(st.sampled_from([*_KEYS, None]))
        return Line(dataset, invalidates, None, key, payload)
    low = draw(st.integers(-30, 30))
    return Line(dataset, invalidates, (low, low + draw(st.integers(1, 24))), None, payload)


_PICKS = st.tuples(st.integers(0, 20), st.sampled_from(_ENDS), st.sampled_from([True, True, False]))

STEPS: st.SearchStrategy[list[Step]] = st.lists(
    st.one_of(
        st.builds(Emit, st.lists(_lines(), min_size=1, max_size=5)),
        st.builds(Emit, st.lists(_lines(), min_size=1, max_size=5)),
        st.builds(Route, st.integers(1, 5)),
        st.builds(Route, st.integers(1, 5)),
        st.builds(Claim, st.integers(0, 3), st.integers(1, 4)),
        st.builds(Claim, st.integers(0, 3), st.integers(1, 4)),
        st.builds(Finish, st.lists(_PICKS, min_size=1, max_size=4)),
        st.builds(Promote),
    ),
    min_size=8,
    max_size=40,
)
