"""Range and entity-tag headers, whatever they hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headgate.web.api.byte_ranges import matches, quoted, requested_span, unquoted


def _span(header: str, size: int = 10) -> object:
    return requested_span(header, size=size, if_range=None, etag="e")


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=3-", (3, 10)),
        ("bytes=-4", (6, 10)),
        ("bytes=-40", (0, 10)),
        ("BYTES = 2-5", (2, 6)),
        ("bytes=9-999999999999", (9, 10)),
        ("bytes=10-", "unsatisfiable"),
        ("bytes=-0", "unsatisfiable"),
        ("bytes=5-2", "whole"),
        ("bytes=-", "whole"),
        ("bytes=0-1,4-5", "whole"),
        ("items=0-1", "whole"),
        ("bytes=a-b", "whole"),
        ("", "whole"),
    ],
)
def test_a_range_header_means(header: str, span: object) -> None:
    assert _span(header) == span


@given(st.text() | st.from_regex(r"bytes=\d{0,6}-\d{0,6}", fullmatch=True), st.integers(0, 1000))
def test_a_span_always_lies_within_the_object(header: str, size: int) -> None:
    span = _span(header, size)

    if isinstance(span, tuple):
        start, end = span
        assert 0 <= start < end <= size


def test_a_range_holds_only_for_the_version_it_was_made_for() -> None:
    assert requested_span("bytes=0-1", size=9, if_range='"e"', etag="e") == (0, 2)
    assert requested_span("bytes=0-1", size=9, if_range='"f"', etag="e") == "whole"


def test_an_entity_tag_matches_weakly_and_in_a_list() -> None:
    assert quoted("abc") == quoted('"abc"') == '"abc"'
    assert unquoted('W/"abc"') == "abc"
    assert matches('"x", W/"abc"', "abc")
    assert matches("*", "abc")
    assert not matches('"x"', "abc")
    assert not matches(None, "abc")
