"""What a picture shows: a cut-out, a product on a plain backdrop, or a scene."""

from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageFilter

from headgate.apps.creative.compose.color import Pixels, luminances
from headgate.apps.creative.compose.geometry import Box
from headgate.apps.creative.compose.picture.decode import Picture
from headgate.apps.creative.compose.picture.saliency import Mask, salient_area
from headgate.apps.creative.compose.picture.studio import Backdrop, find_backdrop
from headgate.apps.creative.compose.resample import resize

_OPAQUE = 250
_VISIBLE = 8
_SOLID = 200
_MASK_SIDE = 160
_CUTOUT_SIDE = 1300  # no format shows a cut-out larger
_SHADOW_SHARE = 0.03


@dataclass(frozen=True, slots=True, eq=False)
class Cutout:
    """A product without background, cut to what is visible; alpha is premultiplied (h, w, 4).

    `luminance` is the mean of its solid part and `middle` the height of its centre, as a fraction;
    `shadowed` tells whether it brings its own soft shadow, `shrunk` how many pixels of the file
    one pixel stands for.
    """

    pixels: Pixels = field(repr=False)
    area: Mask = field(repr=False)
    luminance: float
    middle: float
    shadowed: bool
    shrunk: float


@dataclass(frozen=True, slots=True, eq=False)
class Studio:
    """A product on a plain backdrop; `product` is its box within `pixels` (h, w, 3)."""

    pixels: Pixels = field(repr=False)
    area: Mask = field(repr=False)
    backdrop: Backdrop
    product: Box
    shrunk: float


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A picture with something on all sides; `area` marks what stands out."""

    pixels: Pixels = field(repr=False)
    area: Mask = field(repr=False)
    shrunk: float


Subject = Cutout | Studio | Scene


def find_subject(picture: Picture) -> Subject:
    pixels = picture.pixels
    shrunk = max(picture.facts.width, picture.facts.height) / max(pixels.shape[:2])
    if pixels.shape[2] == 4:  # noqa: PLR2004
        if pixels[..., 3].min() < _OPAQUE:
            return _cutout(pixels, shrunk)
        pixels = np.ascontiguousarray(pixels[..., :3])
    plain = find_backdrop(pixels)
    if plain is None:
        return Scene(pixels, salient_area(pixels), shrunk)
    backdrop, area = plain
    return Studio(pixels, area, backdrop, _box_of(area, pixels), shrunk)


def _cutout(pixels: Pixels, shrunk: float) -> Cutout:
    visible = pixels[..., 3] > _VISIBLE
    rows, columns = np.flatnonzero(visible.any(axis=1)), np.flatnonzero(visible.any(axis=0))
    cut = np.ascontiguousarray(pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    cut = np.array(Image.fromarray(cut).convert("RGBa"))
    height, width = cut.shape[:2]
    scale = min(1.0, _CUTOUT_SIDE / max(height, width))
    cut = resize(cut, width=max(round(width * scale), 1), height=max(round(height * scale), 1))
    small = _reduced(cut)
    solid = small[..., 3] > _SOLID
    solid = solid if solid.any() else small[..., 3] > _VISIBLE
    rows = np.flatnonzero(solid.any(axis=1))
    return Cutout(
        pixels=cut,
        area=small[..., 3] > _VISIBLE,
        luminance=float(luminances(small[..., :3])[solid].mean()),
        middle=float(rows[0] + rows[-1] + 1) / 2 / len(solid),
        shadowed=_has_shadow(small[..., 3]),
        shrunk=shrunk / scale,
    )


def _reduced(pixels: Pixels) -> Pixels:
    height, width = pixels.shape[:2]
    scale = _MASK_SIDE / max(height, width)
    return resize(
        pixels, width=max(round(width * scale), 1), height=max(round(height * scale), 1)
    )


def _has_shadow(alpha: Pixels) -> bool:
    """Tell whether half-transparent parts reach beyond the soft edge of the solid ones."""
    solid = Image.fromarray(((alpha > _SOLID) * 255).astype(np.uint8))
    near = np.asarray(solid.filter(ImageFilter.MaxFilter(7))) > 0
    beyond = (alpha > _VISIBLE) & ~near
    return float(beyond.mean()) > _SHADOW_SHARE


def _box_of(area: Mask, pixels: Pixels) -> Box:
    """Return the marked part in pixels of the picture, the whole picture if nothing is marked."""
    height, width = pixels.shape[:2]
    if not area.any():
        return Box(0, 0, width, height)
    rows, columns = np.flatnonzero(area.any(axis=1)), np.flatnonzero(area.any(axis=0))
    x, y = width / area.shape[1], height / area.shape[0]
    left, top = int(columns[0] * x), int(rows[0] * y)
    right, bottom = int((columns[-1] + 1) * x), int((rows[-1] + 1) * y)
    return Box(left, top, max(right - left, 1), max(bottom - top, 1))
