"""Where lines may end, which of the ends are taken, and what fonts say of themselves."""

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_font import tiny_font

from headgate.apps.creative.compose.text.clusters import clusters
from headgate.apps.creative.compose.text.linebreak import (
    Measure,
    balanced,
    narrowest,
    phrases,
    split_token,
    tokens,
)
from headgate.apps.creative.compose.text.sfnt import BadFont, coverage, faces

WIDTHS = st.lists(st.floats(0.3, 12), min_size=1, max_size=25)


def measured(widths: list[float]) -> Measure:
    spaced = (False, *([True] * (len(widths) - 1)))
    return Measure(tuple(widths), spaced, (0.0,) * len(widths), space=0.26)


def width_of(measure: Measure, start: int, end: int) -> float:
    gaps = measure.space * (end - start - 1)
    return sum(measure.tokens[start:end]) + gaps


def texts(message: str) -> list[str]:
    return [token.text for token in tokens(message)]


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ("one two", ["one", "two"]),
        ("no\u00a0break here", ["no\u00a0break", "here"]),
        ("well-known e-mail", ["well-", "known", "e-", "mail"]),
        ("-5 and 3-4", ["-5", "and", "3-4"]),
        ("Attention !", ["Attention\u00a0!"]),
        ("yes — no", ["yes\u00a0—", "no"]),
        ("日本語。と", ["日", "本", "語。", "と"]),
        ("「はい」", ["「は", "い」"]),
        ("한국어 좋다", ["한국어", "좋다"]),
        ("a\u0301b", ["a\u0301b"]),
    ],
)
def test_lines_may_end_only_where_readers_expect_it(message: str, parts: list[str]) -> None:
    assert texts(message) == parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("e\u0301x", ["e\u0301", "x"]),
        ("👩\u200d👩\u200d👧!", ["👩\u200d👩\u200d👧", "!"]),
        ("👍🏽👍", ["👍🏽", "👍"]),
        ("🇫🇷🇩🇪", ["🇫🇷", "🇩🇪"]),
        ("1\ufe0f\u20e32", ["1\ufe0f\u20e3", "2"]),
        ("น้ำแอ", ["น้ำ", "แอ"]),
        ("क्षत्र", ["क्ष", "त्र"]),
    ],
)
def test_what_a_reader_takes_for_one_character_stays_whole(text: str, parts: list[str]) -> None:
    assert clusters(text) == parts


@given(st.text(max_size=60))
def test_clusters_lose_nothing(text: str) -> None:
    assert "".join(clusters(text)) == text


@given(st.text(st.characters(exclude_categories=["Cs", "Zs", "Cc"]), min_size=1, max_size=60))
def test_tokens_and_phrases_lose_nothing(word: str) -> None:
    found = tokens(word)

    assert "".join(token.text for token in found) == word
    assert "".join(token.text for token in phrases(found)) == word
    assert "".join(part.text for token in found for part in split_token(token)) == word


@given(WIDTHS, st.integers(1, 8))
def test_balanced_lines_hold_every_token_once_within_the_limit(
    widths: list[float], lines: int
) -> None:
    measure, lines = measured(widths), min(lines, len(widths))
    limit = narrowest(measure, lines)
    starts = balanced(measure, lines=lines, target=limit, limit=limit)
    ends = [*starts[1:], len(widths)]

    assert starts[0] == 0
    assert len(starts) == lines
    assert all(start < end for start, end in zip(starts, ends, strict=True))
    for start, end in zip(starts, ends, strict=True):
        assert width_of(measure, start, end) <= limit + 1e-3


@given(WIDTHS)
def test_more_lines_never_need_more_width(widths: list[float]) -> None:
    measure = measured(widths)
    needed = [narrowest(measure, lines) for lines in range(1, len(widths) + 1)]

    assert needed[-1] == pytest.approx(max(widths))
    assert all(more <= fewer + 1e-3 for fewer, more in itertools.pairwise(needed))


def test_a_font_tells_its_family_weight_and_characters(tmp_path: Path) -> None:
    path = tmp_path / "squares.ttf"
    path.write_bytes(tiny_font("日月\U0001f389", family="Night Squares"))
    (face,) = faces(path)

    assert (face.family, face.weight, face.italic, face.color) == (
        "Night Squares",
        700,
        False,
        False,
    )
    assert {code for codes in coverage(face) for code in codes} == {0x65E5, 0x6708, 0x1F389}


@given(data=st.binary(max_size=200), start=st.sampled_from([b"", b"\0\1\0\0", b"OTTO", b"ttcf"]))
def test_what_is_no_font_is_told_apart(tmp_path_factory, data: bytes, start: bytes) -> None:
    path = tmp_path_factory.mktemp("font") / "some.ttf"
    path.write_bytes(start + data)

    try:
        assert faces(path) == []
    except BadFont as refused:
        assert "some.ttf" in str(refused)
