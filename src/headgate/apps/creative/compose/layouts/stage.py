"""The backdrop behind a cut-out: light falling off, a disc in the brand's tint, a soft shadow."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from headgate.apps.creative.compose.color import BLACK, WHITE, Rgb, luminance, mix
from headgate.apps.creative.compose.geometry import Box
from headgate.apps.creative.compose.picture.resample import resize
from headgate.apps.creative.compose.picture.subject import Cutout
from headgate.apps.creative.compose.style import Style

_COARSE = 8  # nothing on the backdrop but the disc has detail
_DISC = 0.9  # of the shorter side of the picture's room
_SHADOW_OPACITY = 0.34
_SHADOW_FALL = 0.035  # of the product's height
_SHADOW_BLUR = 0.035
_LIGHT = 0.3

_Map = NDArray[np.float32]


def paint_stage(
    size: tuple[int, int], *, cutout: Cutout, box: Box, room: Box, style: Style
) -> Image.Image:
    """Return a backdrop of this size for a cut-out that will lie in `box` of its `room`."""
    base = style.backdrop_for(cutout.luminance)
    light = luminance(base) > _LIGHT
    width, height = size
    columns, rows = -(-width // _COARSE), -(-height // _COARSE)
    x = (np.arange(columns, dtype=np.float32) + 0.5) / columns
    y = (np.arange(rows, dtype=np.float32) + 0.5) / rows
    near = mix(base, WHITE, 0.45 if light else 0.10)
    far = mix(base, style.brand, 0.10) if light else mix(base, BLACK, 0.28)
    slope = (x[None, :] * 0.45 + y[:, None] * 0.55)[..., None]
    coarse = _as_map(near) + (_as_map(far) - _as_map(near)) * slope
    canvas = np.array(resize(coarse.round().astype(np.uint8), width=width, height=height))
    image = Image.fromarray(canvas)
    disc = mix(base, style.brand, 0.16) if light else mix(base, WHITE, 0.13)
    _paint_disc(image, room, disc, y=_middle_of(cutout, box))
    if not cutout.shadowed:
        _cast_shadow(image, cutout, box, mix(style.dark, BLACK, 0.4))
    return image


def _middle_of(cutout: Cutout, box: Box) -> float:
    """Return where on the canvas the middle of the product is."""
    from_top = cutout.product.y + cutout.product.height * cutout.middle
    return box.y + from_top * (box.height / len(cutout.pixels))


def _as_map(color: Rgb) -> _Map:
    return np.array(color, np.float32)


def _paint_disc(canvas: Image.Image, room: Box, color: Rgb, *, y: float) -> None:
    """Paint a disc around the height `y`, moved as far as it must be to stay in the room."""
    radius = min(room.width, room.height) * _DISC / 2
    x = room.x + room.width / 2
    y = max(min(y, room.bottom - radius), room.y + radius)
    reach = round(radius) + 1
    seen = Box(round(x) - reach, round(y) - reach, 2 * reach, 2 * reach).clipped(*canvas.size)
    across = np.arange(seen.x, seen.right, dtype=np.float32) + 0.5 - np.float32(x)
    down = np.arange(seen.y, seen.bottom, dtype=np.float32) + 0.5 - np.float32(y)
    squared = across[None, :] ** 2 + down[:, None] ** 2
    # The distance to the rim, to first order: exact where it matters, and without a square root.
    inside = (np.float32(radius**2) - squared) / np.float32(2 * radius) + np.float32(0.5)
    mask = (inside.clip(0, 1) * 255).astype(np.uint8)
    canvas.paste(color, seen.corners, Image.fromarray(mask))


def _cast_shadow(canvas: Image.Image, cutout: Cutout, box: Box, color: Rgb) -> None:
    """Blur the product's outline by resizing it through a few cells, and paint it lower."""
    cell = max(round(box.height * _SHADOW_BLUR), 2)
    columns, rows = max(box.width // cell, 2), max(box.height // cell, 2)
    outline = np.ascontiguousarray(cutout.pixels[..., 3])
    framed = np.pad(resize(outline, width=columns, height=rows), 2)
    frame = Box(
        box.x - 2 * box.width // columns,
        box.y - 2 * box.height // rows + round(box.height * _SHADOW_FALL),
        box.width + 4 * box.width // columns,
        box.height + 4 * box.height // rows,
    )
    soft = resize(framed, width=frame.width, height=frame.height)
    faint = (soft * np.float32(_SHADOW_OPACITY)).astype(np.uint8)
    canvas.paste(color, frame.corners, Image.fromarray(faint))
