"""What makes an event acceptable: every fault at once, and nothing that would stop the router."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headgate.core.events.rules import problems_of


def codes(partitioning: str, **event: Any) -> list[str]:
    fields = {"key": None, "range": None, "payload": None} | event
    return [p.code for p in problems_of("", partitioning=partitioning, **fields)]


def test_good_events_have_no_faults() -> None:
    assert codes("key", key="a/b", payload={"n": 1}) == []
    assert codes("key") == []
    assert codes("range", range=(5, 6)) == []


@pytest.mark.parametrize(
    ("partitioning", "event", "expected"),
    [
        ("key", {"range": (1, 2)}, ["not_a_range"]),
        ("range", {"key": "a"}, ["not_a_key", "missing"]),
        ("key", {"key": ""}, ["key_size"]),
        ("key", {"key": "a\n" + "x" * 900}, ["key_size", "key_character"]),
        ("range", {"range": (2, 2)}, ["range_order"]),
        ("range", {"range": (0, 2**62)}, ["range_bounds"]),
        ("range", {"range": (0, 10**12)}, ["range_size"]),
        ("key", {"payload": "x" * 300_000}, ["payload_size"]),
        ("key", {"payload": "\0"}, ["payload_character"]),
        ("key", {"key": "\0", "payload": "\0"}, ["key_character", "payload_character"]),
    ],
)
def test_each_fault_has_its_code(
    partitioning: str, event: dict[str, Any], expected: list[str]
) -> None:
    assert codes(partitioning, **event) == expected


@given(low=st.integers(), size=st.integers())
def test_an_accepted_range_leaves_room_for_offsets(low: int, size: int) -> None:
    if not codes("range", range=(low, low + size)):
        assert -(2**62) < low < low + size < 2**62
