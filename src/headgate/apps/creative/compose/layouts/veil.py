"""A veil of color from one side of the canvas, as strong as the text on it needs."""

import numpy as np
from PIL import Image

from headgate.apps.creative.compose.color import Pixels, Rgb, worst_contrast
from headgate.apps.creative.compose.geometry import Box
from headgate.apps.creative.compose.layouts.arrange import Side

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


def veil_from(
    canvas: Image.Image, *, side: Side, flat: int, end: int, veil: Rgb, strength: float
) -> None:
    """Blend a color in from one side: evenly for `flat` pixels, then fading out up to `end`."""
    width, height = canvas.size
    away = (np.arange(min(end, _along(side, canvas))) + 0.5 - flat) / max(end - flat, 1)
    rest = 1 - away.clip(0, 1)
    levels = np.ceil(rest * rest * (3 - 2 * rest) * (255 * strength)).astype(np.uint8)
    if side in {"left", "right"}:
        mask = np.broadcast_to(levels[None, :], (height, len(levels)))
    else:
        mask = np.broadcast_to(levels[:, None], (len(levels), width))
    corner = (0, 0)
    if side == "right":
        mask, corner = mask[:, ::-1], (width - len(levels), 0)
    elif side == "bottom":
        mask, corner = mask[::-1], (0, height - len(levels))
    part = Image.fromarray(np.ascontiguousarray(mask))
    canvas.paste(veil, (*corner, corner[0] + part.width, corner[1] + part.height), part)


def distances(side: Side, canvas: Image.Image, *, box: Box, room: Box) -> tuple[int, int]:
    """Return how far the far ends of two boxes are from a side of the canvas."""
    width, height = canvas.size
    match side:
        case "left":
            return box.right, room.right
        case "right":
            return width - box.x, width - room.x
        case "top":
            return box.bottom, room.bottom
        case "bottom":
            return height - box.y, height - room.y


def _along(side: Side, canvas: Image.Image) -> int:
    return canvas.width if side in {"left", "right"} else canvas.height
