"""Fills the format with the part of a scene that matters, and finds the quietest place for text."""

import numpy as np
from PIL import Image

from headgate.apps.creative.compose.arrange import (
    BAR_GAP,
    BAR_THICKNESS,
    Side,
    Slot,
    fit,
    text_sizes,
)
from headgate.apps.creative.compose.geometry import Box
from headgate.apps.creative.compose.layouts import Painted
from headgate.apps.creative.compose.picture.subject import Scene
from headgate.apps.creative.compose.placement import Placement
from headgate.apps.creative.compose.presets import Preset
from headgate.apps.creative.compose.resample import resize
from headgate.apps.creative.compose.text.typeset import Typesetter

VEIL = 0.42
_WIDE = 1.3


def crop_scene(
    scene: Scene,
    preset: Preset,
    typesetter: Typesetter | None,
    *,
    focus: tuple[float, float] | None,
) -> tuple[Placement, Slot | None]:
    """Place a scene over the whole canvas and the text where it hides least of what stands out.

    The window is the one that keeps most of what stands out; with `focus`, the one around it.
    """
    placement = _window(scene, preset, focus)
    if typesetter is None:
        return placement, None
    slots = _slots(preset, typesetter)
    hidden = [placement.share_in(slot.box) for slot in slots]
    return placement, slots[int(np.argmin(hidden))] if slots else None


def paint_crop(
    scene: Scene, preset: Preset, *, placement: Placement, slot: Slot | None
) -> Painted:
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
    across, down = max(round(width * scale), preset.width), max(round(height * scale), preset.height)
    spare_x, spare_y = across - preset.width, down - preset.height
    if focus is not None:
        x = min(max(round(focus[0] * across - preset.width / 2), 0), spare_x)
        y = min(max(round(focus[1] * down - preset.height / 2), 0), spare_y)
    else:
        x = _best_start(scene.area.sum(axis=0), spare_x, across)
        y = _best_start(scene.area.sum(axis=1), spare_y, down)
    return Placement(scene.area, Box(-x, -y, across, down))


def _best_start(counts: "np.ndarray[tuple[int], np.dtype[np.int64]]", spare: int, span: int) -> int:
    """Return where a window that is `spare` shorter than `span` holds most; the middle of ties."""
    if spare == 0:
        return 0
    cells = len(counts)
    window = max(round((span - spare) / span * cells), 1)
    sums = np.convolve(counts, np.ones(window, np.int64), "valid")
    best = np.flatnonzero(sums == sums.max())
    start = float(best.mean()) / max(cells - window, 1)
    return min(round(start * spare), spare)


def _slots(preset: Preset, typesetter: Typesetter) -> list[Slot]:
    """Return the places for text: along the top and the bottom, and beside on a wide format."""
    safe, sizes = preset.safe_box(), text_sizes(preset)
    slots: list[Slot] = []
    sides: tuple[Side, ...] = ("bottom", "top")
    if preset.width > preset.height * _WIDE:
        side: Side = "right" if typesetter.rtl else "left"
        sides = (side,)
        width = round(safe.width * 0.5)
        setting = fit(typesetter, width, safe.height, sizes)
        if setting is not None:
            x = safe.right - width if typesetter.rtl else safe.x
            slots.append(Slot(setting, Box(x, safe.y, width, safe.height), side, centred=True))
        return slots
    for edge in sides:
        setting = fit(typesetter, safe.width, round(safe.height * 0.42), sizes)
        if setting is not None:
            used = round(setting.height + setting.size * (BAR_THICKNESS + BAR_GAP))
            y = safe.y if edge == "top" else safe.bottom - used
            slots.append(Slot(setting, Box(safe.x, y, safe.width, used), edge, centred=False))
    return slots
