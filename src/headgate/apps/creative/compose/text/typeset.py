"""Fits a headline into boxes.

Pango measures each unbreakable run once, at one size, in a single drawing. Widths scale with the
size, since hinting is off, so the size that fits a box follows from arithmetic instead of a search
by trial drawings, and each finished format draws its text once.
"""

from dataclasses import dataclass, replace
from functools import cached_property

from headgate.apps.creative.compose.color import BLACK, Rgb
from headgate.apps.creative.compose.text import pango
from headgate.apps.creative.compose.text.headline import Headline
from headgate.apps.creative.compose.text.linebreak import (
    Measure,
    Token,
    balanced,
    end_penalties,
    narrowest,
    phrases,
    split_token,
    tokens,
)
from headgate.apps.creative.compose.text.pango import Raster

_MOST_LINES = 14
_RLM, _LRM = "\u200f", "\u200e"
# Scripts with marks far above and below their letters: Arabic, Devanagari to Tibetan, Thai.
_TALL_SCRIPTS = (range(0x0600, 0x0780), range(0x0900, 0x1000))
_LEADING, _TALL_LEADING = 1.19, 1.42
_LINE_INK, _TALL_LINE_INK = 1.04, 1.36
# A size this much below the best is accepted for one line less.
_FEWER_LINES = 0.82
# And so much below for Chinese and Japanese lines that end where phrases do.
_WHOLE_PHRASES = 0.5
# Words are broken inside if one of them, as wide as the box, makes the text so much smaller.
_HELD_BACK, _WHOLE_WORDS = 0.9, 0.4
_THIN = 0.1  # em: a line of marks and hairlines only can measure nothing
_MOST_REDRAWN = 4
_BELOW = 0.995


@dataclass(frozen=True, slots=True)
class Setting:
    """A headline broken into lines. `size`, `pitch` between baselines and `height` in pixels."""

    lines: tuple[str, ...]
    size: float
    pitch: float
    height: float


@dataclass(frozen=True, slots=True)
class _Copy:
    """The headline as tokens, measured in em.

    `widths[n]` is the least width of n + 1 lines; Pango adds `excess` to the pitch asked for.
    """

    tokens: tuple[Token, ...]
    measure: Measure
    widths: tuple[float, ...]
    excess: float


class Typesetter:
    """One headline, measured once, ready for any number of boxes."""

    def __init__(self, headline: Headline) -> None:
        self._headline = headline
        tall = any(ord(c) in codes for c in headline.text for codes in _TALL_SCRIPTS)
        self._leading = _TALL_LEADING if tall else _LEADING
        self._line_ink = _TALL_LINE_INK if tall else _LINE_INK

    @property
    def rtl(self) -> bool:
        return self._headline.rtl

    @property
    def empty(self) -> bool:
        return not self._headline.text

    def fit(self, *, width: int, height: int, largest: float, smallest: float) -> Setting | None:
        """Return the largest setting for a box, or None when it would be below `smallest`.

        Words are broken inside only where the text would otherwise be tiny.
        """
        lines, size = self._best(self._whole, width, height, largest)
        if self._phrases is not self._whole:
            fewer, smaller = self._best(self._phrases, width, height, largest)
            if smaller >= max(size * _WHOLE_PHRASES, smallest):
                return self._setting(self._phrases, fewer, smaller, width)
        held_back = max(self._whole.measure.tokens) * size >= width * _HELD_BACK
        if size >= smallest and not held_back:
            return self._setting(self._whole, lines, size, width)
        inside, larger = self._best(self._split, width, height, largest)
        if size >= max(larger * _WHOLE_WORDS, smallest):
            return self._setting(self._whole, lines, size, width)
        return self._setting(self._split, inside, larger, width) if larger >= smallest else None

    def draw(
        self, setting: Setting, *, width: int, height: int, color: Rgb
    ) -> tuple[Setting, Raster]:
        """Draw a setting, made smaller if its ink is larger than it was measured."""
        raster = self._drawn(setting, color)
        for _ in range(_MOST_REDRAWN):
            drawn_height, drawn_width = raster.mask.shape
            over = max(drawn_width / width, drawn_height / height)
            if over <= 1:
                break
            setting = _scaled(setting, _BELOW / over)
            raster = self._drawn(setting, color)
        return setting, raster.cut(width, height)

    def _drawn(self, setting: Setting, color: Rgb) -> Raster:
        mark = _RLM if self.rtl else _LRM
        return pango.draw(
            [mark + line for line in setting.lines],
            families=self._headline.families,
            size=setting.size,
            pitch=setting.pitch - self._whole.excess * setting.size,
            color=color if self._headline.color_font else None,
        )

    @cached_property
    def _whole(self) -> _Copy:
        return self._copy(tokens(self._headline.text))

    @cached_property
    def _phrases(self) -> _Copy:
        joined = phrases(list(self._whole.tokens))
        return self._whole if len(joined) == len(self._whole.tokens) else self._copy(joined)

    @cached_property
    def _split(self) -> _Copy:
        return self._copy([part for token in self._whole.tokens for part in split_token(token)])

    def _copy(self, found: list[Token]) -> _Copy:
        (space, *widths), excess = pango.measure(
            ["\u00a0", *(token.text for token in found)],
            families=self._headline.families,
            color=BLACK if self._headline.color_font else None,
        )
        measure = Measure(
            tokens=tuple(widths),
            spaced=tuple(token.spaced for token in found),
            penalties=end_penalties(found),
            space=space,
        )
        most = min(len(found), _MOST_LINES)
        least = tuple(max(narrowest(measure, n), _THIN) for n in range(1, most + 1))
        return _Copy(tuple(found), measure, least, excess)

    def _best(self, copy: _Copy, width: int, height: int, largest: float) -> tuple[int, float]:
        sizes = [
            min(largest, width * _BELOW / least, height / self._ems_high(lines))
            for lines, least in enumerate(copy.widths, start=1)
        ]
        enough = max(sizes) * _FEWER_LINES
        return next((lines, size) for lines, size in enumerate(sizes, start=1) if size >= enough)

    def _ems_high(self, lines: int) -> float:
        return (lines - 1) * self._leading + self._line_ink

    def _setting(self, copy: _Copy, lines: int, size: float, width: int) -> Setting:
        starts = balanced(
            copy.measure, lines=lines, target=copy.widths[lines - 1], limit=width / size
        )
        return Setting(
            lines=_lines(copy.tokens, starts),
            size=size,
            pitch=size * self._leading,
            height=self._ems_high(lines) * size,
        )


def _scaled(setting: Setting, factor: float) -> Setting:
    return replace(
        setting,
        size=setting.size * factor,
        pitch=setting.pitch * factor,
        height=setting.height * factor,
    )


def _lines(found: tuple[Token, ...], starts: list[int]) -> tuple[str, ...]:
    ends = [*starts[1:], len(found)]
    return tuple(
        "".join(
            f" {token.text}" if token.spaced and index > start else token.text
            for index, token in enumerate(found[start:end], start=start)
        )
        for start, end in zip(starts, ends, strict=True)
    )
