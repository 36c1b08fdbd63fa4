"""Gives text and picture their own parts of a canvas, so that neither covers the other."""

from collections.abc import Callable, Sequence
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
_GAP, _GAP_BELOW = 0.035, 0.05  # of the width
_COLUMNS, _BANDS = (0.47, 0.54, 0.62), (0.34, 0.42, 0.52)  # of the safe zone
_NEARLY = 0.95
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
    safe, gap = preset.safe_box(), round(preset.width * _GAP)
    width, setting = _with_room(
        preset,
        [round(safe.width * share) for share in _COLUMNS],
        lambda width, largest: fit(typesetter, preset, width, safe.height, largest=largest),
    )
    height = min(height_of(setting), safe.height)
    y = safe.y + (safe.height - height) // 2
    if typesetter.rtl:
        box = Box(safe.right - width, y, width, height)
        picture = Box(whole.x, whole.y, box.x - gap - whole.x, whole.height)
        return Arrangement(Slot(typesetter, setting, box, "right", fade=gap), picture)
    box = Box(safe.x, y, width, height)
    picture = Box(box.right + gap, whole.y, whole.right - box.right - gap, whole.height)
    return Arrangement(Slot(typesetter, setting, box, "left", fade=gap), picture)


def _stacked(preset: Preset, typesetter: Typesetter, whole: Box) -> Arrangement:
    safe, gap = preset.safe_box(), round(preset.width * _GAP_BELOW)
    _, setting = _with_room(
        preset,
        [round(safe.height * share) for share in _BANDS],
        lambda height, largest: fit(typesetter, preset, safe.width, height, largest=largest),
    )
    box = Box(safe.x, safe.y, safe.width, height_of(setting))
    top = box.bottom + gap
    picture = Box(whole.x, top, whole.width, whole.bottom - top)
    return Arrangement(Slot(typesetter, setting, box, "top", fade=gap), picture)


def _with_room(
    preset: Preset, rooms: Sequence[int], fitted: Callable[[int, float], Setting | None]
) -> tuple[int, Setting]:
    """Return the first room, and its setting, where text is comfortable, else the last it fits.

    Text may be as large as can be in the first room only: the others take from the picture.
    """
    sizes = text_sizes(preset)
    found: tuple[int, Setting] | None = None
    for room in rooms:
        largest = sizes.largest if room == rooms[0] else sizes.comfortable
        setting = fitted(room, largest)
        if setting is not None:
            found = room, setting
            if setting.size >= sizes.comfortable * _NEARLY:
                break
    if found is None:
        raise too_long(preset)
    return found


def fit(
    typesetter: Typesetter, preset: Preset, width: int, height: int, *, largest: float | None = None
) -> Setting | None:
    """Fit text and its accent bar into a box; None if it would not be legible."""
    sizes = text_sizes(preset)
    largest = largest or sizes.largest
    bar = largest * (BAR_THICKNESS + BAR_GAP)
    return typesetter.fit(
        width=width, height=round(height - bar), largest=largest, smallest=sizes.smallest
    )
