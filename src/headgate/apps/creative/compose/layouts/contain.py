"""Shows a whole scene as a card over a blurred copy of itself."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from headgate.apps.creative.compose.color import Pixels
from headgate.apps.creative.compose.geometry import Box
from headgate.apps.creative.compose.layouts import Painted
from headgate.apps.creative.compose.layouts.arrange import Arrangement
from headgate.apps.creative.compose.layouts.placement import Placement
from headgate.apps.creative.compose.layouts.veil import strength_needed
from headgate.apps.creative.compose.picture.resample import resize
from headgate.apps.creative.compose.picture.subject import Scene
from headgate.apps.creative.compose.style import AIMED_CONTRAST, Style, scrim_under

_COARSE = 8
_BLUR = 0.03  # of the shorter side of the canvas
_DIM = 0.55
_CORNER = 0.022
_SHADOW = 0.5
_SMOOTH = 3


def contain_scene(
    scene: Scene, arrangement: Arrangement, *, size: tuple[int, int], style: Style
) -> Painted:
    height, width = scene.pixels.shape[:2]
    room = arrangement.picture
    scale = min(room.width / width, room.height / height)
    card_width, card_height = max(round(width * scale), 1), max(round(height * scale), 1)
    box = Box(
        room.x + (room.width - card_width) // 2,
        room.y + (room.height - card_height) // 2,
        card_width,
        card_height,
    )
    canvas = _blurred_fill(scene.pixels, size, style)
    corner = round(min(size) * _CORNER)
    _cast_shadow(canvas, box)
    card = resize(scene.pixels, width=box.width, height=box.height)
    canvas.paste(Image.fromarray(card), (box.x, box.y), _rounded(box, corner))
    return Painted(
        layout="contain-blur",
        canvas=canvas,
        slot=arrangement.slot,
        placement=Placement(scene.area, box),
        enlarged=scale / scene.shrunk,
    )


def _blurred_fill(pixels: Pixels, size: tuple[int, int], style: Style) -> Image.Image:
    """Cover the canvas with the picture, blurred at a small size and dimmed until text is legible.

    So text needs no veil, which would reach over the card.
    """
    width, height = size
    rows, columns = pixels.shape[:2]
    scale = max(width / columns, height / rows)
    seen_width, seen_height = round(width / scale), round(height / scale)
    left, top = (columns - seen_width) // 2, (rows - seen_height) // 2
    part = np.ascontiguousarray(pixels[top : top + seen_height, left : left + seen_width])
    coarse = resize(part, width=max(width // _COARSE, 2), height=max(height // _COARSE, 2))
    radius = min(size) * _BLUR / _COARSE
    blurred = np.asarray(Image.fromarray(coarse).filter(ImageFilter.GaussianBlur(radius)))
    ink = style.ink_on(style.dark)
    veil = scrim_under(ink, style)
    needed = strength_needed(blurred[::2, ::2], ink=ink, veil=veil, aim=AIMED_CONTRAST)
    share = np.float32(max(needed, _DIM))
    dimmed = blurred + (np.array(veil, np.float32) - blurred) * share
    fill = resize(dimmed.round().astype(np.uint8), width=width, height=height)
    return Image.fromarray(np.array(fill))


def _rounded(box: Box, corner: int) -> Image.Image:
    """Return a mask with smooth round corners."""
    mask = Image.new("L", (box.width, box.height), 255)
    large = Image.new("L", (2 * corner * _SMOOTH, 2 * corner * _SMOOTH), 0)
    ImageDraw.Draw(large).ellipse((0, 0, large.width - 1, large.height - 1), fill=255)
    disc = large.resize((2 * corner, 2 * corner), Image.Resampling.BOX)
    for x, part_x in ((0, 0), (box.width - corner, corner)):
        for y, part_y in ((0, 0), (box.height - corner, corner)):
            part = disc.crop((part_x, part_y, part_x + corner, part_y + corner))
            mask.paste(part, (x, y))
    return mask


def _cast_shadow(canvas: Image.Image, box: Box) -> None:
    reach = max(min(box.width, box.height) // 16, 4)
    shape = np.zeros((12, 12), np.uint8)
    shape[2:-2, 2:-2] = round(255 * _SHADOW)
    frame = Box(box.x - reach, box.y - reach // 2, box.width + 2 * reach, box.height + 2 * reach)
    soft = resize(shape, width=frame.width, height=frame.height)
    canvas.paste((0, 0, 0), frame.corners, Image.fromarray(np.ascontiguousarray(soft)))
