"""Keeps the whole product and continues its backdrop: painted for a cut-out, found for a studio."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from headgate.apps.creative.compose.color import Pixels
from headgate.apps.creative.compose.geometry import Box
from headgate.apps.creative.compose.layouts import Painted
from headgate.apps.creative.compose.layouts.arrange import Arrangement
from headgate.apps.creative.compose.layouts.placement import Placement
from headgate.apps.creative.compose.layouts.stage import paint_stage
from headgate.apps.creative.compose.picture.resample import resize
from headgate.apps.creative.compose.picture.subject import Cutout, Studio
from headgate.apps.creative.compose.style import Style

_MOST_ENLARGED = 2.0
_FILL = 0.98
_FEATHER = 0.06
_COARSE = 8


def extend_cutout(
    cutout: Cutout, arrangement: Arrangement, *, size: tuple[int, int], style: Style
) -> Painted:
    """Set a cut-out on a backdrop in the brand's colors."""
    room = arrangement.picture
    scale, box = _placed(cutout, room, middle=cutout.middle)
    pixels = resize(cutout.pixels, width=box.width, height=box.height)
    canvas = paint_stage(size, cutout=cutout, box=box, room=room, style=style)
    product = Image.frombuffer("RGBa", (box.width, box.height), pixels, "raw", "RGBa", 0, 1)
    straight = product.convert("RGBA")
    canvas.paste(straight, (box.x, box.y), straight)
    return Painted(
        layout="extend",
        canvas=canvas,
        slot=arrangement.slot,
        placement=Placement(cutout.area, box),
        enlarged=scale / cutout.shrunk,
    )


def extend_studio(studio: Studio, arrangement: Arrangement, *, size: tuple[int, int]) -> Painted:
    """Set a studio picture so that its product has its room, and continue its backdrop."""
    scale, box = _placed(studio, arrangement.picture, middle=0.5)
    canvas = Image.fromarray(_backdrop(studio, box, size))
    picture, seen = _cropped(studio.pixels, box, size)
    canvas.paste(Image.fromarray(picture), (seen.x, seen.y), _feathered(box, seen))
    return Painted(
        layout="extend",
        canvas=canvas,
        slot=arrangement.slot,
        placement=Placement(studio.area, box),
        enlarged=scale / studio.shrunk,
    )


def _placed(subject: Cutout | Studio, room: Box, *, middle: float) -> tuple[float, Box]:
    """Return scale and box of the whole picture at which its product fills the room.

    The product lies with its `middle` as near to the center of the room as can be.
    """
    product = subject.product
    fitting = min(room.width / product.width, room.height / product.height) * _FILL
    scale = min(fitting, _MOST_ENLARGED * subject.shrunk)
    height = product.height * scale
    x = room.x + (room.width - product.width * scale) / 2
    y = max(min(room.y + room.height / 2 - height * middle, room.bottom - height), room.y)
    rows, columns = subject.pixels.shape[:2]
    return scale, Box(
        round(x - product.x * scale),
        round(y - product.y * scale),
        max(round(columns * scale), 1),
        max(round(rows * scale), 1),
    )


def _backdrop(studio: Studio, box: Box, size: tuple[int, int]) -> Pixels:
    """Paint the fitted backdrop coarsely, since it has no detail, and enlarge it."""
    width, height = size
    coarse_x = _fractions(width, box.x, box.width)
    coarse_y = _fractions(height, box.y, box.height)
    coarse = studio.backdrop.at(coarse_x, coarse_y).round().astype(np.uint8)
    return np.array(resize(coarse, width=width, height=height))


def _fractions(length: int, start: int, span: int) -> NDArray[np.float32]:
    count = -(-length // _COARSE)
    centers = (np.arange(count, dtype=np.float32) + 0.5) * (length / count)
    return ((centers - start) / span).astype(np.float32)


def _cropped(pixels: Pixels, box: Box, size: tuple[int, int]) -> tuple[Pixels, Box]:
    """Resize only what can be seen of a picture stretched over `box`; return it and its box."""
    seen = box.clipped(*size)
    x, y = pixels.shape[1] / box.width, pixels.shape[0] / box.height
    left, top = int((seen.x - box.x) * x), int((seen.y - box.y) * y)
    right = max(round((seen.right - box.x) * x), left + 1)
    bottom = max(round((seen.bottom - box.y) * y), top + 1)
    part = np.ascontiguousarray(pixels[top:bottom, left:right])
    return resize(part, width=seen.width, height=seen.height), seen


def _feathered(box: Box, seen: Box) -> Image.Image:
    """Return a mask that fades the picture out towards its own edges."""
    reach = max(round(min(box.width, box.height) * _FEATHER), 1)
    across = _ramp(seen.x - box.x, seen.width, box.width, reach)
    down = _ramp(seen.y - box.y, seen.height, box.height, reach)
    mask = np.minimum(across[None, :], down[:, None])
    return Image.fromarray(mask)


def _ramp(start: int, count: int, span: int, reach: int) -> NDArray[np.uint8]:
    at = np.arange(start, start + count, dtype=np.float32) + 0.5
    edge = np.minimum(at, span - at) / reach
    ramp: NDArray[np.uint8] = (edge.clip(0, 1) * 255).astype(np.uint8)
    return ramp
