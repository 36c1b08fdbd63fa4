"""A veil of colour from one side of the canvas, as strong as the text on it needs."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from headgate.apps.creative.compose.arrange import Side
from headgate.apps.creative.compose.color import Pixels, Rgb, worst_contrast
from headgate.apps.creative.compose.geometry import Box

_FADE = 0.28  # of the canvas
_STEPS = 7


def strength_needed(behind: Pixels, *, ink: Rgb, veil: Rgb, aim: float) -> float:
    """Return the least opacity, 0 to 1, at which `ink` reaches the contrast over `behind`."""
    if worst_contrast(ink, behind) >= aim:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        veiled = behind + (np.array(veil, np.float32) - behind) * np.float32(middle)
        if worst_contrast(ink, veiled.round().astype(np.uint8)) >= aim:
            high = middle
        else:
            low = middle
    return high


def veil_from(canvas: Image.Image, *, side: Side, box: Box, veil: Rgb, strength: float) -> None:
    """Blend a colour in from one side: evenly to the far end of `box`, then fading out."""
    width, height = canvas.size
    length, end = {
        "left": (width, box.right),
        "right": (width, width - box.x),
        "top": (height, box.bottom),
        "bottom": (height, height - box.y),
    }[side]
    fade = round(length * _FADE)
    profile = _profile(length, end, fade) * np.float32(255 * strength)
    levels = np.ceil(profile).astype(np.uint8)
    if side in {"right", "bottom"}:
        levels = levels[::-1]
    shape = levels[None, :] if side in {"left", "right"} else levels[:, None]
    mask = Image.fromarray(np.ascontiguousarray(np.broadcast_to(shape, (height, width))))
    canvas.paste(veil, (0, 0), mask)


def _profile(length: int, end: int, fade: int) -> NDArray[np.float32]:
    away = (np.arange(length, dtype=np.float32) - end) / max(fade, 1)
    rest = 1 - away.clip(0, 1)
    return rest * rest * (3 - 2 * rest)
