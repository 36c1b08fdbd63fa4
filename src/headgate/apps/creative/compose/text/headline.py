"""A campaign message made ready to set: clean characters, known fonts, one base direction."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from headgate.apps.creative.compose.text.clusters import clusters
from headgate.apps.creative.compose.text.fonts import choose_fonts
from headgate.core.errors import InvalidInput

MAX_CHARACTERS = 600

# Not the no-break spaces: they are there to keep words together.
_SPACES = re.compile(
    "[\t\n\v\f\r\x1c-\x1f \x85\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]+"
)
# Embeddings, overrides and isolates would reach across the ends of our lines.
_BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_UNDRAWN = {"Cf", "Zs"}
_NEVER_TEXT = {"Cc", "Cs"}
_NONCHARACTERS, _LAST_OF_PLANE = range(0xFDD0, 0xFDF0), 0xFFFE
_VARIATION_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
_RTL, _LTR = {"R", "AL"}, {"L"}
_READABLE = ("L", "M", "N")

_CJK = (
    range(0x1100, 0x1200),
    range(0x2E80, 0xA4D0),
    range(0xAC00, 0xD7FF),
    range(0xF900, 0xFB00),
    range(0xFE30, 0xFE50),
    range(0xFF00, 0xFFF0),
    range(0x20000, 0x32000),
)
_EMOJI = (range(0x2190, 0x2C00), range(0x1F000, 0x1FB00))


@dataclass(frozen=True, slots=True)
class Headline:
    """What will be drawn. `text` is empty when there is nothing to draw.

    `missing` are the characters of the message that no font here has a glyph for: they are not in
    `text`.
    """

    text: str
    rtl: bool
    families: tuple[str, ...]
    color_font: bool
    missing: tuple[str, ...]
    warnings: tuple[str, ...]


def prepare_headline(message: str, *, font_directories: tuple[Path, ...]) -> Headline:
    """Clean the message; `InvalidInput` when it is longer than any format can show."""
    text = _cleaned(message)
    if len(text) > MAX_CHARACTERS:
        raise InvalidInput(
            f"The headline has {len(text)} characters; at most {MAX_CHARACTERS} can be shown.",
            hint="Shorten the campaign message; up to 200 characters look good.",
        )
    drawn = "".join(character for character in text if _needs_glyph(character))
    fonts = choose_fonts(drawn, directories=font_directories)
    missing = tuple(dict.fromkeys(c for c in text if ord(c) in fonts.missing))
    warnings: tuple[str, ...] = ()
    if missing:
        kept = _without(text, fonts.missing)
        warnings = (_missing_warning(missing, lost=not kept),)
        text = kept
    return Headline(text, _is_rtl(text), fonts.families, fonts.color, missing, warnings)


def _cleaned(message: str) -> str:
    text = _BIDI_CONTROLS.sub("", _SPACES.sub(" ", message))
    text = "".join(c for c in text if not _is_control(c))
    text = unicodedata.normalize("NFC", text).strip(" ")
    return text if any(map(_has_ink, text)) else ""


def _is_control(character: str) -> bool:
    """Tell characters that no text contains, and that Pango's markup refuses."""
    code = ord(character)
    noncharacter = code in _NONCHARACTERS or code & _LAST_OF_PLANE == _LAST_OF_PLANE
    return noncharacter or unicodedata.category(character) in _NEVER_TEXT


def _has_ink(character: str) -> bool:
    """Tell what can be seen on its own: not spaces, marks, joiners, or direction marks."""
    return (
        unicodedata.category(character)[0] not in "ZMC" or unicodedata.category(character) == "Co"
    )


def _needs_glyph(character: str) -> bool:
    selector = any(ord(character) in codes for codes in _VARIATION_SELECTORS)
    return not selector and unicodedata.category(character) not in _UNDRAWN


def _without(text: str, codes: frozenset[int]) -> str:
    """Drop missing symbols; drop a word whole when a letter of it is missing, never half a word."""
    kept = []
    for word in text.split(" "):
        lost = [c for c in word if ord(c) in codes]
        if any(unicodedata.category(c).startswith(_READABLE) for c in lost):
            continue
        drawn = (cluster for cluster in clusters(word) if not any(ord(c) in codes for c in cluster))
        kept.append("".join(drawn))
    return " ".join(filter(None, kept))


def _missing_warning(missing: tuple[str, ...], *, lost: bool) -> str:
    packages = {
        "fonts-noto-cjk"
        if any(ord(c) in codes for codes in _CJK)
        else "fonts-noto-color-emoji"
        if any(ord(c) in codes for codes in _EMOJI)
        else "fonts-noto-core"
        for c in missing
    }
    left_out = (
        "the headline was left out" if lost else "they were left out, letters with their whole word"
    )
    return (
        f"No font here has glyphs for {' '.join(missing)}: {left_out}. "
        f"Install {' and '.join(sorted(packages))} (Debian names) where the variants are made."
    )


def _is_rtl(text: str) -> bool:
    """Decide by the first strong character, as rules P2 and P3 of Unicode annex 9 do."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in _RTL | _LTR:
            return direction in _RTL
    return False
