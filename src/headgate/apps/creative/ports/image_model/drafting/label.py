"""Writes the product's name on the product."""

import unicodedata

import numpy as np
from numpy.typing import NDArray

from headgate.apps.creative.compose.text.fonts import SYSTEM_FONT_DIRECTORIES
from headgate.apps.creative.compose.text.headline import prepare_headline
from headgate.apps.creative.compose.text.typeset import Setting, Typesetter
from headgate.apps.creative.ports.image_model.drafting.colors import Color

Pixels = NDArray[np.uint8]
_LONGEST_NAME = 80
_VISIBLE = ("L", "N", "P", "S")
_SMALLEST, _LARGEST = 0.17, 0.56  # of the area's height; below it, words are left out


def write_name(
    pixels: Pixels, name: str, *, corner: tuple[float, float], size: tuple[float, float], ink: Color
) -> None:
    """Write into `pixels` (h, w, 3), centered in an area given in pixels, as large as fits.

    A name that is too long loses its last words. Characters that no font here has are left out.
    """
    width, height = round(size[0]), round(size[1])
    start = name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME].rpartition(" ")[0]
    words = (start or name[:_LONGEST_NAME]).split()
    while words:
        text = " ".join(words)
        headline = prepare_headline(text, font_directories=SYSTEM_FONT_DIRECTORIES)
        if not any(unicodedata.category(c).startswith(_VISIBLE) for c in headline.text):
            return
        typesetter = Typesetter(headline)
        setting = typesetter.fit(
            width=width, height=height, largest=height * _LARGEST, smallest=height * _SMALLEST
        )
        if setting is not None:
            _blend(pixels, typesetter, setting, corner=corner, size=(width, height), ink=ink)
            return
        words.pop()


def _blend(
    pixels: Pixels,
    typesetter: Typesetter,
    setting: Setting,
    *,
    corner: tuple[float, float],
    size: tuple[int, int],
    ink: Color,
) -> None:
    drawn, raster = typesetter.draw(setting, width=size[0], height=size[1], color=ink.rgb)
    plain = np.array(ink.rgb, np.uint8)
    top = corner[1] + (size[1] - len(raster.mask)) / 2
    for rows in _lines_of(raster.mask, count=len(drawn.lines), pitch=drawn.pitch):
        mask = raster.mask[rows]
        columns = np.flatnonzero(mask.any(axis=0))
        if len(columns):
            inked = slice(int(columns[0]), int(columns[-1]) + 1)
            x = round(corner[0] + (size[0] - (inked.stop - inked.start)) / 2)
            y = round(top) + rows.start
            color = plain if raster.color is None else raster.color[rows, inked]
            _lay(pixels, mask[:, inked], x=x, y=y, color=color)


def _lines_of(mask: Pixels, *, count: int, pitch: float) -> list[slice]:
    """Cut a block of text, rows of which are its lines, where there is the least ink."""
    ink = mask.sum(axis=1, dtype=np.int64)
    spare, cuts = pitch / 4, [0]
    middle = (len(mask) - (count - 1) * pitch) / 2
    for line in range(1, count):
        near = middle + (line - 0.5) * pitch
        first = max(cuts[-1], round(near - spare))
        window = ink[first : round(near + spare)]
        cuts.append(first + int(window.argmin()) if len(window) else first)
    return [slice(start, end) for start, end in zip(cuts, [*cuts[1:], len(mask)], strict=True)]


def _lay(pixels: Pixels, mask: Pixels, *, x: int, y: int, color: Pixels) -> None:
    """Mix `color`, one or one for each pixel, into the pixels as far as the mask covers them."""
    height, width = mask.shape
    share = mask[..., None].astype(np.uint16)
    below = pixels[y : y + height, x : x + width].astype(np.uint16)
    mixed = (below * (255 - share) + color.astype(np.uint16) * share + 127) // 255
    pixels[y : y + height, x : x + width] = mixed.astype(np.uint8)
