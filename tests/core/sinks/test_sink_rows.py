"""Which rows a buffered dataset takes: every fault at once, and what is taken Postgres takes too."""

import json
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headgate.core.events.rules import problems_of
from headgate.core.sinks.model import TYPES
from headgate.core.sinks.rules import row_faults

COLUMNS = {"n": "bigint", "word": "text", "at": "timestamptz", "tags": "text[]"}


def faults(payload: Any, columns: dict[str, str] | None = None) -> list[tuple[str, str]]:
    return [(where, code) for where, code, _ in row_faults(payload, columns or COLUMNS)]


def test_rows_that_fit_have_no_faults() -> None:
    row = {"n": 1, "word": "x", "at": "2026-01-31T12:00:00Z", "tags": ["a", None]}
    assert faults(row) == faults([row, {}, {"n": None}]) == faults([]) == []


def test_every_fault_of_every_row_is_told_with_its_place() -> None:
    payload = [{"n": "1", "word": 2}, {"n": 1}, "text", {"m/n": 1, "tags": ["a", 1]}]
    assert faults(payload) == [
        ("/payload/0/n", "wrong_type"),
        ("/payload/0/word", "wrong_type"),
        ("/payload/2", "not_a_row"),
        ("/payload/3/m~1n", "unknown_column"),
        ("/payload/3/tags", "wrong_type"),
    ]
    assert faults({"n": True}) == [("/payload/n", "wrong_type")]
    assert faults("text") == [("/payload", "not_a_row")]


def test_a_fault_says_what_the_column_takes_and_what_it_got() -> None:
    (fault,) = row_faults({"at": "2026-01-31T12:00:00"}, COLUMNS)
    assert fault[2] == (
        "the column is timestamptz: a time with its zone such as 2026-01-31T12:00:00Z,"
        ' not "2026-01-31T12:00:00"'
    )
    (fault,) = row_faults({"x": 1}, COLUMNS)
    assert fault[2] == "the dataset has no such column; it has n, word, at, tags"


def test_of_very_many_faults_the_first_are_told_and_the_others_counted() -> None:
    found = list(row_faults([{"n": "x"}] * 5000, COLUMNS))
    assert len(found) == 101
    assert found[-1] == ("/payload", "more_faults", "4,900 faults more")


def test_an_event_of_a_buffered_dataset_tells_faults_of_its_rows_beside_the_others() -> None:
    problems = problems_of(
        "/events/0",
        partitioning="range",
        key="k",
        range=None,
        payload=[{"n": "x"}],
        columns=COLUMNS,
    )
    assert [(p.pointer, p.code) for p in problems] == [
        ("/events/0/key", "not_a_key"),
        ("/events/0/range", "missing"),
        ("/events/0/payload/0/n", "wrong_type"),
    ]


def test_events_without_rows_and_events_of_other_datasets_are_not_looked_into() -> None:
    event = {"partitioning": "key", "key": "k", "range": None}
    assert problems_of("", **event, payload=None, columns=COLUMNS) == []
    assert problems_of("", **event, payload="anything", columns=None) == []


_TEXTS = st.sampled_from(
    ["", "x", "1", "-1.5", "1e400", "1e-400", "+3", ".5", "5.", "NaN", "Infinity", "true", "null",
     "2026-01-31", "2026-02-30", "2026-W05-1", "20260131", "0000-01-01", "9999-12-31", "infinity",
     "2026-01-31T12:00:00Z", "2026-01-31 12:00+01", "2026-01-31T12:00:00.1234567Z", "today",
     "2026-01-31T23:59:60Z", "2026-01-31T24:00:00Z", "2026-01-31T12:00:00+16:00",
     "2026-01-31T12:00:00-15:59", "2026-01-31T12:00:00+0530", "2026-01-31T12:00:00,5Z",
     "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
     "\\x", "\\x0", "\\x00fF", "0xff", "\\377", "{a}", "[1]", "²", "١",
     "00000000-0000-0000-0000-000000000000", "00000000000000000000000000000000",
     "{00000000-0000-0000-0000-000000000000}", "urn:uuid:00000000-0000-0000-0000-000000000000"]
)  # fmt: skip
_NUMBERS = st.one_of(
    st.integers(-(2**70), 2**70),
    st.sampled_from([2**31, -(2**31) - 1, 2**63, -(2**63) - 1, 10**400, 5e-324, 1e308, 0.1, -0.0]),
    st.floats(allow_nan=False, allow_infinity=False),
)
_ATOMS = st.one_of(st.none(), st.booleans(), _TEXTS, _NUMBERS, st.text('ab/"{},\\ é\n', max_size=5))
_VALUES = st.one_of(
    _ATOMS, st.lists(_ATOMS, max_size=3), st.lists(st.lists(_ATOMS, max_size=2), max_size=2),
    st.dictionaries(st.text("ab", max_size=2), _ATOMS, max_size=2),
)  # fmt: skip


@pytest.mark.parametrize("kind", TYPES)
@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(values=st.lists(_VALUES, min_size=1, max_size=8))
def test_whatever_a_column_accepts_postgres_can_store(
    conn_once: "psycopg.Connection[Any]", kind: str, values: list[Any]
) -> None:
    kept = [value for value in values if not faults({"c": value}, {"c": kind})]
    found = conn_once.execute(
        f"select count(c), count(*) from jsonb_to_recordset(%s::jsonb) as t(c {TYPES[kind]})".encode(),
        [json.dumps([{"c": value} for value in kept])],
    ).fetchone()
    assert found == (sum(value is not None for value in kept), len(kept))


@pytest.fixture(scope="module")
def conn_once(postgres_url: str) -> Any:
    with psycopg.connect(postgres_url, autocommit=True) as conn:
        yield conn
