"""Puts the headline on a finished picture, legibly, and measures how legible it is."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from headgate.apps.creative.compose.arrange import (
    BAR_LENGTH,
    BAR_THICKNESS,
    Slot,
    with_bar,
)
from headgate.apps.creative.compose.color import Pixels, Rgb, worst_contrast
from headgate.apps.creative.compose.geometry import Box
from headgate.apps.creative.compose.scrim import strength_needed, veil_from
from headgate.apps.creative.compose.style import AIMED_CONTRAST, Style, scrim_under
from headgate.apps.creative.compose.text.pango import Raster
from headgate.apps.creative.compose.text.typeset import Typesetter


@dataclass(frozen=True, slots=True)
class Lettering:
    """What was drawn: the box of the ink, the ratio 95 % of the pixels behind it reach."""

    box: Box
    contrast: float
    size: float
    lines: int


def letter(
    canvas: Image.Image, slot: Slot, *, typesetter: Typesetter, style: Style, floor: float
) -> Lettering:
    """Draw bar and text into the slot, over a veil of at least strength `floor` if text needs it.

    Changes `canvas`.
    """
    room, bar = with_bar(slot.box, slot.setting.size)
    behind = _sample(canvas, slot.box)
    ink = style.ink_on(_mean(behind)) if floor == 0 else style.ink_on(style.dark)
    setting, raster = typesetter.draw(
        slot.setting, width=room.width, height=room.height, color=ink
    )
    height, width = raster.mask.shape
    x = slot.box.right - width if typesetter.rtl else slot.box.x
    box = Box(x, room.y, width, height)
    _veil(canvas, slot, box.grown(round(setting.size * 0.25)), ink=ink, style=style, floor=floor)
    behind = _pixels(canvas, box)
    reached = worst_contrast(ink, behind)
    accent = style.accent_on(_mean(behind))
    _draw_bar(canvas, box, size=setting.size, bar=bar, rtl=typesetter.rtl, color=accent)
    _paste(canvas, raster, box, ink)
    return Lettering(box, reached, setting.size, len(setting.lines))


def _veil(
    canvas: Image.Image, slot: Slot, box: Box, *, ink: Rgb, style: Style, floor: float
) -> None:
    veil = scrim_under(ink, style)
    behind = _sample(canvas, box)
    needed = strength_needed(behind, ink=ink, veil=veil, aim=AIMED_CONTRAST)
    strength = max(needed, floor)
    if strength > 0:
        veil_from(canvas, side=slot.side, box=box, veil=veil, strength=strength)


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
    return _pixels(canvas, box)[::3, ::3]


def _mean(pixels: Pixels) -> Rgb:
    red, green, blue = (round(float(value)) for value in pixels.reshape(-1, 3).mean(axis=0))
    return red, green, blue
