"""Messages in any script, with any character and of any length, are set legibly or refused."""

import io
from pathlib import Path

import numpy as np
import pytest
from drawn_products import cutout, saved, scene
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from seen_pixels import opened
from tiny_font import tiny_font

from headgate.apps.creative.compose import PRESETS, Style, Variant, compose, use_bundled_fonts
from headgate.apps.creative.compose.text.pango import draw
from headgate.core.errors import InvalidInput

SQUARE, STORY, FACEBOOK, _, _ = PRESETS
CUTOUT = saved(cutout())
SMALL = saved(scene((0.4, 0.4, 0.6, 0.6), size=256))
WHITE = Style(background="#000000", text="#ffffff")


def set_in(message: str, *directories: Path, presets=(SQUARE,)) -> list[Variant]:
    return compose(
        CUTOUT, headline=message, style=WHITE, presets=presets, font_directories=directories
    )


def width_of(message: str) -> int:
    box = set_in(message)[0].report.text_box
    assert box is not None
    return box[2] - box[0]


def ink_of(variant: Variant) -> np.ndarray:
    """Where the white text is, as rows and columns of its box."""
    box = variant.report.text_box
    assert box is not None
    return np.asarray(opened(variant.jpeg).crop(box).convert("L")) > 128


def test_a_message_is_set_large_and_a_long_one_smaller_in_more_lines() -> None:
    short, long = set_in("Fresh")[0].report, set_in("Cold, sweet, round the corner. " * 6)[0].report

    assert short.lines == 1
    assert short.text_size_px > 90
    assert 4 <= long.lines <= 6
    assert 45 < long.text_size_px < 60


def test_the_lines_of_a_message_are_of_even_length() -> None:
    ink = ink_of(set_in("Freshly pressed apple juice delivered cold to your door each morning")[0])
    rows = np.flatnonzero(np.diff(ink.any(axis=1).astype(int)))
    lines = [part for part in np.split(ink, rows + 1) if part.sum() > 400]
    widths = [np.flatnonzero(line.any(axis=0))[-1] for line in lines]

    assert len(widths) >= 2
    assert min(widths) > 0.6 * max(widths)


@pytest.mark.parametrize(
    "message", ["", "   ", "\n\t", "\u200b", "\x00\x07", "\u202e", "\u0301", "\u034f"]
)
def test_a_message_without_characters_gives_a_picture_without_text(message: str) -> None:
    for variant in set_in(message, presets=PRESETS):
        assert variant.report.text_box is None
        assert variant.report.contrast is None
        assert variant.report.safe_zone
        assert (variant.report.lines, variant.report.text_size_px) == (0, 0)


def test_markup_is_shown_as_it_is_written() -> None:
    assert width_of("<b>&") > 2 * width_of("&")
    assert width_of("&amp;") > 3 * width_of("&")
    assert width_of('<span foreground="black">x</span>') > width_of("x")


@pytest.mark.parametrize(
    "message",
    ["صيف أكثر انتعاشًا مع عصير التفاح", "טעם של קיץ בכל בקבוק", "5 טעמים של קיץ"],
    ids=["arabic", "hebrew", "starts with a number"],
)
def test_right_to_left_messages_start_at_the_right(message: str) -> None:
    square, story, facebook = set_in(message, presets=(SQUARE, STORY, FACEBOOK))

    for variant in (square, story, facebook):
        safe = variant.preset.safe_box()
        assert variant.report.text_box is not None
        assert safe.right - variant.report.text_box[2] <= 2
        assert variant.report.missing_glyphs == ()
    assert facebook.report.text_box is not None
    assert facebook.report.text_box[0] > FACEBOOK.width / 2 - 60


def test_lines_of_a_mixed_message_keep_its_direction() -> None:
    report = set_in("קיץ חדש Headgate Summer Collection עכשיו בחנות", presets=(FACEBOOK,))[0].report

    assert report.lines > 1
    assert report.text_box is not None
    assert FACEBOOK.safe_box().right - report.text_box[2] <= 2


def test_arabic_letters_join() -> None:
    assert width_of("سسسس") < width_of("س\u200cس\u200cس\u200cس") - 20


def test_devanagari_conjuncts_form() -> None:
    assert width_of("क्षत्र") < width_of("क\u094d\u200cषत\u094d\u200cर")


@pytest.mark.parametrize(
    "message",
    [
        "Großes Vergnügen für żółte łabędzie",
        "Ελληνικό καλοκαίρι",
        "Лето начинается здесь",
        "Tiếng Việt rất đẹp",
        "हर सुबह ताज़ा सेब का रस",
        "น้ำแอปเปิลคั้นสด ส่งถึงบ้านคุณ",
        "Latin, العربية, עברית, हिन्दी, ไทย",
        "€19.99 – 50 % off… “now” ©™",
    ],
)
def test_bundled_fonts_draw_every_character(message: str) -> None:
    for variant in set_in(message, presets=(SQUARE, FACEBOOK)):
        assert variant.report.missing_glyphs == ()
        assert variant.report.warnings == ()
        assert variant.report.safe_zone


def test_lines_in_several_scripts_stand_evenly() -> None:
    lines = ["|one", "|दो हर", "|three", "|สี่ four", "|five", "|six"]
    families = ["Noto Sans", "Noto Sans Devanagari", "Noto Sans Thai"]
    use_bundled_fonts()
    mask = draw(lines, families=families, size=40, pitch=90).mask
    starts = np.flatnonzero(np.diff((mask[:, :4] > 128).any(axis=1).astype(int), prepend=0) > 0)

    assert len(starts) == len(lines)
    assert len(set(np.diff(starts))) == 1


def test_missing_glyphs_are_reported_left_out_and_never_drawn_as_boxes() -> None:
    with_missing = set_in("毎朝 Juice \U0001f389 ready")[0]
    without = set_in("Juice ready")[0]

    assert with_missing.report.missing_glyphs == ("毎", "朝", "\U0001f389")
    assert with_missing.jpeg == without.jpeg
    (warning,) = with_missing.report.warnings
    assert "fonts-noto-cjk and fonts-noto-color-emoji" in warning


def test_a_word_is_left_out_whole_when_a_letter_of_it_is_missing() -> None:
    assert set_in("Tokyo東京Tower opens")[0].jpeg == set_in("opens")[0].jpeg
    assert set_in("Juice\U0001f389 ready")[0].jpeg == set_in("Juice ready")[0].jpeg


def test_a_message_no_font_can_draw_is_left_out_with_a_warning() -> None:
    report = set_in("りんごの日")[0].report

    assert report.text_box is None
    assert report.missing_glyphs == ("り", "ん", "ご", "の", "日")
    assert "the headline was left out" in report.warnings[0]


def test_fonts_of_the_system_draw_what_the_bundled_ones_lack(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "squares.ttf").write_bytes(tiny_font("日\U0001f389"))
    (tmp_path / "broken.ttf").write_bytes(b"\x00\x01\x00\x00 not a font")

    variant = set_in("日\U0001f389", tmp_path)[0]
    square = ink_of(variant)

    assert variant.report.missing_glyphs == ()
    assert square.mean() > 0.9
    assert square.shape[1] / square.shape[0] == pytest.approx(2 / 0.8, rel=0.05)


def test_a_character_that_no_system_font_has_stays_missing(tmp_path: Path) -> None:
    (tmp_path / "squares.ttf").write_bytes(tiny_font("日"))

    assert set_in("日本", tmp_path)[0].report.missing_glyphs == ("本",)


def test_japanese_lines_end_where_phrases_do(tmp_path: Path) -> None:
    message = "毎朝しぼりたて。りんごのおいしさを、そのまま食卓へ。"
    (tmp_path / "squares.ttf").write_bytes(tiny_font("".join(sorted(set(message)))))
    ink = ink_of(set_in(message, tmp_path)[0])
    rows = np.flatnonzero(np.diff(ink.any(axis=1).astype(int)))
    lines = [part for part in np.split(ink, rows + 1) if part.any()]
    height = len(lines[0]) / 0.8
    lengths = [round((np.flatnonzero(line.any(axis=0))[-1] + 1) / height) for line in lines]

    assert lengths == [
        len("毎朝しぼりたて。"),
        len("りんごのおいしさを、"),
        len("そのまま食卓へ。"),
    ]


@pytest.mark.parametrize(
    "word", ["Donaudampfschifffahrtsgesellschaft", "x" * 80, "宀" * 3 + "W" * 40]
)
def test_one_very_long_word_fits(word: str) -> None:
    for variant in set_in(word, presets=PRESETS):
        if variant.report.text_box is None:
            assert variant.report.missing_glyphs
            continue
        assert variant.report.safe_zone
        assert variant.report.text_size_px > 40


def test_two_hundred_characters_fit_every_format_legibly() -> None:
    message = ("Freshly pressed apple juice, delivered cold to your door every morning. " * 3)[:200]

    for source in (CUTOUT, SMALL):
        variants = compose(source, headline=message, style=Style(), font_directories=())
        assert all(variant.report.text_size_px >= 30 for variant in variants)


@pytest.mark.parametrize("message", ["word " * 400, "x" * 2000, "ก" * 2000, "W" * 599])
def test_what_cannot_be_legible_is_refused_and_says_so(message: str) -> None:
    with pytest.raises(InvalidInput, match="headline") as refused:
        compose(CUTOUT, headline=message, style=Style(), font_directories=())

    assert "Shorten" in refused.value.hint


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.text(max_size=90))
def test_any_text_is_set_or_refused(message: str) -> None:
    (variant,) = compose(
        SMALL, headline=message, style=Style(), presets=[FACEBOOK], font_directories=()
    )

    assert variant.report.safe_zone
    assert Image.open(io.BytesIO(variant.jpeg)).size == (1200, 630)
