"""Draws lines of text with Pango through libvips: the only place that writes Pango markup."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import pyvips

from headgate.apps.creative.compose.color import Pixels, Rgb

_UNIT = 1024  # Pango's units in one point; at 72 dpi a point is a pixel
_MEASURED_SIZE = 40
_MEASURED_PITCH = 100
_LINES_PER_DRAWING = 200  # cairo draws at most 32767 pixels high
_LRM = "\u200e"
_BLANK = "no text to render"  # what libvips says of text without ink
_JOINER = "\u2060"  # invisible, and without a direction
_KEYCAP = re.compile("[0-9#*]\ufe0f?\u20e3")


@dataclass(frozen=True, slots=True)
class Raster:
    """Drawn text cut to its ink: `mask` (h, w); `color` (h, w, 3) only if a color font drew."""

    mask: Pixels
    color: Pixels | None

    def cut(self, width: int, height: int) -> "Raster":
        """Return the part within these limits."""
        color = None if self.color is None else self.color[:height, :width]
        return Raster(self.mask[:height, :width], color)


def draw(
    lines: Sequence[str],
    *,
    families: Sequence[str],
    size: float,
    pitch: float,
    color: Rgb | None = None,
) -> Raster:
    """Draw lines at a size and a distance between baselines in pixels.

    Lines start at the right if their first strong character is written from the right. With
    `color`, glyphs keep the colors of their font and the others get this one.
    """
    try:
        text = _text(lines, families=families, size=size, pitch=pitch, color=color)
    except pyvips.Error as error:
        if _BLANK not in str(error.detail):
            raise
        return Raster(np.zeros((1, 1), np.uint8), None)
    pixels: Pixels = text.numpy()
    if color is None:
        return Raster(pixels, None)
    return Raster(pixels[..., 3], pixels[..., :3])


def measure(
    runs: Sequence[str], *, families: Sequence[str], color: Rgb | None = None
) -> tuple[list[float], float]:
    """Return how far each run moves the pen, and by how much `draw` exceeds the asked pitch.

    Both in units of the font size. `color` as for `draw`: glyphs of color fonts have another
    width when drawn without it.
    """
    widths: list[float] = []
    excess = 0.0
    for start in range(0, len(runs), _LINES_PER_DRAWING):
        part = runs[start : start + _LINES_PER_DRAWING]
        found, excess = _measure(part, families, color)
        widths += found
    return widths, excess


def _measure(
    runs: Sequence[str], families: Sequence[str], color: Rgb | None
) -> tuple[list[float], float]:
    # Bars make the space at both ends of a run visible, and show where each line is; the empty
    # pairs are their own width, and two of them tell the pitch.
    lines = [f"{_LRM}|{run}|" for run in ("", "", *runs)]
    text = _text(lines, families=families, size=_MEASURED_SIZE, pitch=_MEASURED_PITCH, color=color)
    pixels: Pixels = text.numpy()
    ink = (pixels if color is None else pixels[..., 3]) > 0
    left_bars = ink[:, : _MEASURED_SIZE // 8].any(axis=1)
    starts = np.flatnonzero(np.diff(left_bars.astype(np.int8), prepend=0) > 0)
    pitch = starts[1] - starts[0]
    if len(starts) != len(lines):  # marks on nothing can reach over the bars
        starts = starts[0] + pitch * np.arange(len(lines))
    above = (starts[1] - np.flatnonzero(~left_bars)[0]) // 2
    bounds = [*(max(start - above, 0) for start in starts), len(ink)]
    columns = np.stack([ink[top:bottom].any(axis=0) for top, bottom in pairwise(bounds)])
    extents = columns.shape[1] - columns[:, ::-1].argmax(axis=1) - columns.argmax(axis=1)
    excess = float(pitch - _MEASURED_PITCH) / _MEASURED_SIZE
    return [float(extent) / _MEASURED_SIZE for extent in extents[2:] - extents[0]], excess


def _text(
    lines: Sequence[str],
    *,
    families: Sequence[str],
    size: float,
    pitch: float,
    color: Rgb | None,
) -> pyvips.Image:
    attributes = {
        "font_family": ", ".join(families),
        "font_weight": "bold",
        "size": str(round(size * _UNIT)),
        "line_height": str(max(round(pitch * _UNIT), _UNIT)),
    }
    if color is not None:
        attributes["foreground"] = "#{:02x}{:02x}{:02x}".format(*color)
    span = " ".join(f"{name}={quoteattr(value)}" for name, value in attributes.items())
    # The text fonts have the digit of a keycap, but not the cap: take both from the last font.
    emoji_first = quoteattr(", ".join(reversed(families)))
    struts = _struts(families)
    text = _KEYCAP.sub(
        lambda keycap: f"<span font_family={emoji_first}>{keycap[0]}</span>",
        "\n".join(struts + escape(line) for line in lines),
    )
    return pyvips.Image.text(f"<span {span}>{text}</span>", dpi=72, rgba=color is not None)


def _struts(families: Sequence[str]) -> str:
    """Return invisible text in each font: lines with the same fonts have the same height."""
    if len(families) == 1:
        return ""
    return "".join(f"<span font_family={quoteattr(family)}>{_JOINER}</span>" for family in families)
