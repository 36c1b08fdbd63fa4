"""Fills the format with the part of a scene that matters, and finds the quietest place for text."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from headgate.apps.creative.compose.geometry import Box
from headgate.apps.creative.compose.layouts import Painted
from headgate.apps.creative.compose.layouts.arrange import (
    WIDE,
    Side,
    Slot,
    fit,
    height_of,
)
from headgate.apps.creative.compose.layouts.placement import Placement
from headgate.apps.creative.compose.picture.resample import resize
from headgate.apps.creative.compose.picture.subject import Scene
from headgate.apps.creative.compose.presets import Preset
from headgate.apps.creative.compose.text.typeset import Setting, Typesetter

VEIL = 0.42
_FADE = 0.28
_COLUMN, _BAND = 0.5, 0.45  # of the safe zone


def place_crop(
    scene: Scene,
    preset: Preset,
    typesetter: Typesetter,
    *,
    focus: tuple[float, float] | None,
) -> tuple[Placement, Slot | None]:
    """Place a scene over the whole canvas and the text where it does the least harm.

    The window is the one that keeps most of what stands out; with `focus`, the one around it.
    There is no slot if there is no text, or if it does not fit.
    """
    placement = _window(scene, preset, focus)
    slots = [] if typesetter.empty else _slots(preset, typesetter)
    return placement, min(slots, key=lambda slot: _harm(placement, slot, preset), default=None)


def paint_crop(scene: Scene, preset: Preset, *, placement: Placement, slot: Slot | None) -> Painted:
    box, height, width = placement.box, *scene.pixels.shape[:2]
    scale = box.width / width
    left, top = round(-box.x / scale), round(-box.y / scale)
    right = min(round((preset.width - box.x) / scale), width)
    bottom = min(round((preset.height - box.y) / scale), height)
    part = np.ascontiguousarray(scene.pixels[top:bottom, left:right])
    pixels = resize(part, width=preset.width, height=preset.height)
    return Painted(
        layout="attention-crop",
        canvas=Image.fromarray(np.array(pixels)),
        slot=slot,
        placement=placement,
        enlarged=scale / scene.shrunk,
        floor=VEIL,
    )


def _window(scene: Scene, preset: Preset, focus: tuple[float, float] | None) -> Placement:
    height, width = scene.pixels.shape[:2]
    scale = max(preset.width / width, preset.height / height)
    across, down = (
        max(round(width * scale), preset.width),
        max(round(height * scale), preset.height),
    )
    spare_x, spare_y = across - preset.width, down - preset.height
    if focus is not None:
        x = min(max(round(focus[0] * across - preset.width / 2), 0), spare_x)
        y = min(max(round(focus[1] * down - preset.height / 2), 0), spare_y)
    else:
        x = _best_start(scene.area.sum(axis=0), spare_x, across)
        y = _best_start(scene.area.sum(axis=1), spare_y, down)
    return Placement(scene.area, Box(-x, -y, across, down))


def _best_start(counts: NDArray[np.int64], spare: int, span: int) -> int:
    """Return where a window that is `spare` shorter than `span` holds most; the middle of ties."""
    if spare == 0:
        return 0
    cells = len(counts)
    window = max(round((span - spare) / span * cells), 1)
    sums = np.convolve(counts, np.ones(window, np.int64), "valid")
    best = np.flatnonzero(sums == sums.max())
    start = float(best.mean()) / max(cells - window, 1)
    return min(round(start * spare), spare)


def _harm(placement: Placement, slot: Slot, preset: Preset) -> float:
    """Weigh what the text hides, and half as much what the veil from its side dims."""
    box = slot.box
    veiled = {
        "left": Box(0, 0, box.right, preset.height),
        "right": Box(box.x, 0, preset.width - box.x, preset.height),
        "top": Box(0, 0, preset.width, box.bottom),
        "bottom": Box(0, box.y, preset.width, preset.height - box.y),
    }[slot.side]
    return placement.share_in(box) + placement.share_in(veiled) / 2


def _slots(preset: Preset, typesetter: Typesetter) -> list[Slot]:
    """Return the places for text, the more usual first: beside on a wide format, top, bottom."""
    safe = preset.safe_box()
    places: list[tuple[Setting, Box, Side]] = []
    if preset.width > preset.height * WIDE:
        width = round(safe.width * _COLUMN)
        setting = fit(typesetter, preset, width, safe.height)
        if setting is not None:
            height = min(height_of(setting), safe.height)
            y = safe.y + (safe.height - height) // 2
            places.append((setting, Box(safe.x, y, width, height), "left"))
            places.append((setting, Box(safe.right - width, y, width, height), "right"))
            if typesetter.rtl:
                places.reverse()
    setting = fit(typesetter, preset, safe.width, round(safe.height * _BAND))
    if setting is not None:
        height = height_of(setting)
        low = safe.bottom - height
        places.append((setting, Box(safe.x, safe.y, safe.width, height), "top"))
        places.append((setting, Box(safe.x, low, safe.width, height), "bottom"))
    return [
        Slot(typesetter, setting, box, side, fade=round(_along(side, preset) * _FADE))
        for setting, box, side in places
    ]


def _along(side: Side, preset: Preset) -> int:
    return preset.width if side in {"left", "right"} else preset.height
