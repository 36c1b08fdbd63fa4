"""Puts the headline on a finished picture, legibly, and measures how legible it is."""

from dataclasses import dataclass
from math import isqrt

import numpy as np
from PIL import Image

from headgate.apps.creative.compose.color import Pixels, Rgb, worst_contrast
from headgate.apps.creative.compose.geometry import Box
from headgate.apps.creative.compose.layouts.arrange import (
    BAR_LENGTH,
    BAR_THICKNESS,
    Slot,
    with_bar,
)
from headgate.apps.creative.compose.layouts.veil import distances, strength_needed, veil_from
from headgate.apps.creative.compose.style import (
    AIMED_CONTRAST,
    REQUIRED_CONTRAST,
    Style,
    scrim_under,
)
from headgate.apps.creative.compose.text.pango import Raster

_SAMPLED = 2000
_MARGIN = 0.25  # of the font size


@dataclass(frozen=True, slots=True)
class Lettering:
    """What was drawn: the box of the ink, the ratio 95 % of the pixels behind it reach."""

    box: Box
    contrast: float
    size: float
    lines: int


def letter(canvas: Image.Image, slot: Slot, *, style: Style, floor: float) -> Lettering:
    """Draw bar and text into the slot, over a veil of at least strength `floor` if text needs it.

    Changes `canvas`.
    """
    typesetter = slot.typesetter
    room, bar = with_bar(slot.box, slot.setting.size)
    behind = _sample(canvas, slot.box)
    ink = style.ink_on(_mean(behind)) if floor == 0 else style.ink_on(style.dark)
    setting, raster = typesetter.draw(slot.setting, width=room.width, height=room.height, color=ink)
    height, width = raster.mask.shape
    x = slot.box.right - width if typesetter.rtl else slot.box.x
    box = Box(x, room.y, width, height)
    around = box.grown(round(setting.size * _MARGIN))
    _veil(canvas, slot, around, _sample(canvas, around), ink=ink, style=style, floor=floor)
    reached = worst_contrast(ink, _pixels(canvas, box))
    if reached < REQUIRED_CONTRAST:  # the sample was not like the whole
        _veil(canvas, slot, around, _pixels(canvas, around), ink=ink, style=style, floor=0)
        reached = worst_contrast(ink, _pixels(canvas, box))
    accent = style.accent_on(_mean(_sample(canvas, around)))
    _draw_bar(canvas, box, size=setting.size, bar=bar, rtl=typesetter.rtl, color=accent)
    _paste(canvas, raster, box, ink)
    return Lettering(box, reached, setting.size, len(setting.lines))


def _veil(
    canvas: Image.Image,
    slot: Slot,
    box: Box,
    behind: Pixels,
    *,
    ink: Rgb,
    style: Style,
    floor: float,
) -> None:
    veil = scrim_under(ink, style)
    needed = strength_needed(behind, ink=ink, veil=veil, aim=AIMED_CONTRAST)
    strength = max(needed, floor)
    if strength > 0:
        flat, end = distances(slot.side, canvas, box=box, room=slot.box.grown(slot.fade))
        veil_from(canvas, side=slot.side, flat=flat, end=end, veil=veil, strength=strength)


def _draw_bar(
    canvas: Image.Image, box: Box, *, size: float, bar: int, rtl: bool, color: Rgb
) -> None:
    length, thickness = round(size * BAR_LENGTH), max(round(size * BAR_THICKNESS), 3)
    x = box.right - length if rtl else box.x
    y = box.y - bar
    canvas.paste(color, (x, y, x + length, y + thickness))


def _paste(canvas: Image.Image, raster: Raster, box: Box, ink: Rgb) -> None:
    mask = Image.fromarray(np.ascontiguousarray(raster.mask))
    if raster.color is None:
        canvas.paste(ink, box.corners, mask)
    else:
        canvas.paste(Image.fromarray(np.ascontiguousarray(raster.color)), box.corners, mask)


def _pixels(canvas: Image.Image, box: Box) -> Pixels:
    return np.asarray(canvas.crop(box.clipped(*canvas.size).corners))


def _sample(canvas: Image.Image, box: Box) -> Pixels:
    """Return about two thousand pixels of the box, evenly spread."""
    step = max(isqrt(box.width * box.height // _SAMPLED), 1)
    return _pixels(canvas, box)[::step, ::step]


def _mean(pixels: Pixels) -> Rgb:
    red, green, blue = (round(float(value)) for value in pixels.reshape(-1, 3).mean(axis=0))
    return red, green, blue
