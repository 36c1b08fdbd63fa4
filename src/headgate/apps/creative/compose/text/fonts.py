"""Which fonts exist, which of them a message needs, and how Pango gets them.

Pango must draw with the fonts we name and no others, or one message would look different on each
machine. So fontconfig starts from the file beside our fonts, which lists no directory and fixes
the rendering options, and every font is handed over by path. The headline face is Noto Sans Bold
with its Arabic, Hebrew, Devanagari and Thai companions, which ship with this package. For
characters beyond these (Chinese, Japanese, Korean, emoji) the fonts of the system are searched by
their own character tables, since Pango does not tell when it draws a box for a missing glyph.
"""

import os
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path

import pyvips

from headgate.apps.creative.compose.text.sfnt import BadFont, Face, coverage, faces

SYSTEM_FONT_DIRECTORIES = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("/System/Library/Fonts"),
    Path("/Library/Fonts"),
)

_BUNDLED = Path(__file__).parents[1] / "fonts"
_FILES = (
    "NotoSans-Bold.ttf",
    "NotoSansArabic-Bold.ttf",
    "NotoSansHebrew-Bold.ttf",
    "NotoSansDevanagari-Bold.ttf",
    "NotoSansThai-Bold.ttf",
)
_SUFFIXES = {".ttf", ".otf", ".ttc", ".otc"}
_BOLD = 700
_KANA, _HANGUL = range(0x3040, 0x3100), range(0xAC00, 0xD7B0)


@lru_cache(maxsize=1)
def use_bundled_fonts() -> None:
    """Give Pango our fonts, once in each process, before the first text is drawn.

    The variable is set in the C environment because only fontconfig is to read it. If something
    else drew text in this process before, fontconfig has read the configuration of the system:
    our fonts are then added to those.
    """
    os.putenv("FONTCONFIG_FILE", str(_BUNDLED / "fonts.conf"))
    for name in _FILES:
        _hand_over(_BUNDLED / name)


@lru_cache(maxsize=256)
def _hand_over(path: Path) -> None:
    pyvips.Image.text("x", fontfile=str(path), dpi=72)


@lru_cache(maxsize=1)
def _bundled() -> dict[str, frozenset[int]]:
    """Return what our families cover, in the order of preference."""
    found = [face for name in _FILES for face in faces(_BUNDLED / name)]
    return {face.family: frozenset(chain.from_iterable(coverage(face))) for face in found}


@lru_cache(maxsize=8)
def _installed(directories: tuple[Path, ...]) -> tuple[Face, ...]:
    """Return the upright faces below the directories; fonts installed later need a new process."""
    found: list[Face] = []
    for directory in directories:
        for path in sorted(directory.rglob("*")):
            if path.suffix.lower() in _SUFFIXES:
                try:
                    found += [face for face in faces(path) if not face.italic]
                except BadFont:
                    continue
    return tuple(found)


@lru_cache(maxsize=4096)
def _ranges(face: Face) -> tuple[range, ...]:
    try:
        return coverage(face)
    except BadFont:
        return ()


def _covered(face: Face, wanted: AbstractSet[int]) -> set[int]:
    return {code for code in wanted if any(code in codes for codes in _ranges(face))}


def _preference(face: Face, wanted: AbstractSet[int]) -> tuple[bool, bool, int, int, str, str]:
    """Sort Noto and sans faces first, then the language's own shapes, then the nearest to bold."""
    if wanted & set(_KANA):
        regions = ("JP", "KR", "SC", "TC", "HK")
    elif wanted & set(_HANGUL):
        regions = ("KR", "JP", "SC", "TC", "HK")
    else:
        regions = ("SC", "TC", "HK", "JP", "KR")
    region = face.family.split()[-1]
    return (
        not face.family.startswith("Noto"),
        "Mono" in face.family or "Serif" in face.family,
        regions.index(region) if region in regions else len(regions),
        abs(face.weight - _BOLD),
        face.family,
        str(face.path),
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """Families that draw a text, in order, and the code points that none of them can draw.

    `color` tells whether a font with colors of its own is among them.
    """

    families: tuple[str, ...]
    missing: frozenset[int]
    color: bool


def choose_fonts(text: str, *, directories: tuple[Path, ...]) -> Choice:
    """Choose the fonts that a text needs, no more, and hand them to Pango."""
    use_bundled_fonts()
    families: list[str] = []
    missing = frozenset(map(ord, text))
    for family, codes in _bundled().items():
        if missing & codes or not families:
            families.append(family)
            missing -= codes
    found, missing = _system_faces(missing, directories)
    for face in found:
        _hand_over(face.path)
    families += [face.family for face in found]
    return Choice(tuple(families), missing, any(face.color for face in found))


@lru_cache(maxsize=256)
def _system_faces(
    missing: frozenset[int], directories: tuple[Path, ...]
) -> tuple[tuple[Face, ...], frozenset[int]]:
    """Return as few faces as cover what can be covered, and what cannot."""
    if not missing:
        return (), missing
    chosen: list[Face] = []
    candidates = sorted(_installed(directories), key=lambda face: _preference(face, missing))
    while missing and candidates:
        best = max(candidates, key=lambda face: len(_covered(face, missing)))
        covered = _covered(best, missing)
        if not covered:
            break
        missing -= covered
        chosen.append(best)
    return tuple(chosen), missing
