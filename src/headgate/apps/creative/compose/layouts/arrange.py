"""Gives text and picture their own parts of a canvas, so that neither covers the other."""

from dataclasses import dataclass
from math import ceil
from typing import Literal

from headgate.apps.creative.compose.geometry import Box
from headgate.apps.creative.compose.presets import Preset
from headgate.apps.creative.compose.text.typeset import Setting, Typesetter
from headgate.core.errors import InvalidInput

Side = Literal["left", "right", "top", "bottom"]

WIDE = 1.3
_SMALLEST = 0.0215  # of the width: 8 pt where the format fills a phone 375 points wide
# A picture may come nearer to the edge than text: on a story this leaves the 20 % at the bottom
# that Stories cover and uses the part that only Reels cover.
_PICTURE_INSET = 4 / 7
_GAP = 0.035
_GAP_BELOW = 0.05
BAR_THICKNESS, BAR_LENGTH, BAR_GAP = 0.11, 1.15, 0.42  # of the font size


@dataclass(frozen=True, slots=True)
class Slot:
    """Where text goes: `setting` and its bar fit `box`.

    A veil under the text comes from `side` of the canvas and may reach `fade` pixels beyond `box`.
    """

    typesetter: Typesetter
    setting: Setting
    box: Box
    side: Side
    fade: int


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Room for the text, if there is any, and for the picture."""

    slot: Slot | None
    picture: Box


@dataclass(frozen=True, slots=True)
class Sizes:
    """Font sizes in pixels: text below `comfortable` is given more room, if there is some."""

    largest: float
    comfortable: float
    smallest: float


def text_sizes(preset: Preset) -> Sizes:
    smallest = preset.width * _SMALLEST
    if preset.width > preset.height * WIDE:
        return Sizes(preset.height * 0.125, preset.height * 0.085, smallest)
    return Sizes(preset.width * 0.094, preset.width * 0.055, smallest)


def arrange(preset: Preset, typesetter: Typesetter) -> Arrangement:
    """Split the canvas; `InvalidInput` if the text cannot be legible in this format."""
    whole = _picture_room(preset)
    if typesetter.empty:
        return Arrangement(None, whole)
    if preset.width > preset.height * WIDE:
        return _beside(preset, typesetter, whole)
    return _stacked(preset, typesetter, whole)


def too_long(preset: Preset) -> InvalidInput:
    smallest = text_sizes(preset).smallest
    return InvalidInput(
        f"The headline does not fit {preset.name} at a legible size ({smallest:.0f} px).",
        hint="Shorten the campaign message; up to 200 characters look good.",
    )


def with_bar(box: Box, size: float) -> tuple[Box, int]:
    """Return the part of a text box below the accent bar, and the height of bar and gap."""
    bar = round(size * (BAR_THICKNESS + BAR_GAP))
    return Box(box.x, box.y + bar, box.width, box.height - bar), bar


def height_of(setting: Setting) -> int:
    """Return the height of a text with its accent bar."""
    return ceil(setting.height) + round(setting.size * (BAR_THICKNESS + BAR_GAP))


def _picture_room(preset: Preset) -> Box:
    zone = preset.safe_zone
    left, top = preset.width * zone.left, preset.height * zone.top
    right, bottom = preset.width * zone.right, preset.height * zone.bottom
    left, top, right, bottom = (
        round(inset * _PICTURE_INSET) for inset in (left, top, right, bottom)
    )
    return Box(left, top, preset.width - left - right, preset.height - top - bottom)


def _beside(preset: Preset, typesetter: Typesetter, whole: Box) -> Arrangement:
    safe, sizes = preset.safe_box(), text_sizes(preset)
    gap = round(preset.width * _GAP)
    found = None
    for share in (0.47, 0.54, 0.62):
        width = round(safe.width * share)
        setting = fit(typesetter, width, safe.height, sizes)
        if setting is not None:
            found = setting, width
            if setting.size >= sizes.comfortable:
                break
    if found is None:
        raise too_long(preset)
    setting, width = found
    height = min(height_of(setting), safe.height)
    y = safe.y + (safe.height - height) // 2
    if typesetter.rtl:
        box = Box(safe.right - width, y, width, height)
        picture = Box(whole.x, whole.y, box.x - gap - whole.x, whole.height)
    else:
        box = Box(safe.x, y, width, height)
        picture = Box(box.right + gap, whole.y, whole.right - box.right - gap, whole.height)
    side: Side = "right" if typesetter.rtl else "left"
    return Arrangement(Slot(typesetter, setting, box, side, fade=gap), picture)


def _stacked(preset: Preset, typesetter: Typesetter, whole: Box) -> Arrangement:
    safe, sizes = preset.safe_box(), text_sizes(preset)
    found = None
    for share in (0.34, 0.42, 0.52):
        height = round(safe.height * share)
        setting = fit(typesetter, safe.width, height, sizes)
        if setting is not None:
            found = setting
            if setting.size >= sizes.comfortable:
                break
    if found is None:
        raise too_long(preset)
    box = Box(safe.x, safe.y, safe.width, height_of(found))
    gap = round(preset.width * _GAP_BELOW)
    top = box.bottom + gap
    picture = Box(whole.x, top, whole.width, whole.bottom - top)
    return Arrangement(Slot(typesetter, found, box, "top", fade=gap), picture)


def fit(typesetter: Typesetter, width: int, height: int, sizes: Sizes) -> Setting | None:
    """Fit text and its accent bar into a box."""
    bar = sizes.largest * (BAR_THICKNESS + BAR_GAP)
    return typesetter.fit(
        width=width, height=round(height - bar), largest=sizes.largest, smallest=sizes.smallest
    )
