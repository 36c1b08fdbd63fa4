"""What a picture shows: a cut-out, a product on a plain backdrop, or a scene."""

from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageFilter

from headgate.apps.creative.compose.color import Pixels, luminances
from headgate.apps.creative.compose.geometry import Box
from headgate.apps.creative.compose.picture.decode import Picture
from headgate.apps.creative.compose.picture.resample import resize
from headgate.apps.creative.compose.picture.saliency import Mask, salient_area
from headgate.apps.creative.compose.picture.studio import Backdrop, find_backdrop

_OPAQUE = 250
_INVISIBLE = 1
_SOLID = 200
# Fainter than this is soft shadow: painted, but not part of the product.
_SHADOW = 40
_MASK_SIDE = 160
_CUTOUT_SIDE = 1400  # no format shows a cut-out larger
_SHADOW_SHARE = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Cutout:
    """A product without background; alpha is premultiplied (h, w, 4).

    `product` is its box within `pixels`, around which there may be soft shadow, and `middle` the
    height of its solid part's center as a fraction of that box. `luminance` is the mean of the
    solid part. `shadowed` tells whether the picture brings a soft shadow, `shrunk` how many pixels
    of the file one pixel stands for.
    """

    pixels: Pixels = field(repr=False)
    area: Mask = field(repr=False)
    product: Box
    middle: float
    luminance: float
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
    seen = _box_of(pixels[..., 3] > _INVISIBLE, pixels)
    cut = np.ascontiguousarray(pixels[seen.y : seen.bottom, seen.x : seen.right])
    cut = np.array(Image.fromarray(cut).convert("RGBa"))
    height, width = cut.shape[:2]
    scale = min(1.0, _CUTOUT_SIDE / max(height, width))
    cut = resize(cut, width=max(round(width * scale), 1), height=max(round(height * scale), 1))
    small = _reduced(cut)
    alpha = small[..., 3]
    area = _first_seen(alpha > _SHADOW, alpha > _INVISIBLE)
    solid = _first_seen(alpha > _SOLID, area)
    rows, product_rows = (np.flatnonzero(mask.any(axis=1)) for mask in (solid, area))
    middle = (rows[0] + rows[-1] + 1) / 2 - product_rows[0]
    return Cutout(
        pixels=cut,
        area=area,
        product=_box_of(area, cut),
        middle=float(middle / (product_rows[-1] + 1 - product_rows[0])),
        luminance=float(luminances(small[..., :3])[solid].mean()),
        shadowed=_has_shadow(alpha),
        shrunk=shrunk / scale,
    )


def _first_seen(*masks: Mask) -> Mask:
    return next(mask for mask in masks if mask.any() or mask is masks[-1])


def _reduced(pixels: Pixels) -> Pixels:
    height, width = pixels.shape[:2]
    scale = _MASK_SIDE / max(height, width)
    return resize(pixels, width=max(round(width * scale), 1), height=max(round(height * scale), 1))


def _has_shadow(alpha: Pixels) -> bool:
    """Tell whether half-transparent parts reach beyond the soft edge of the solid ones."""
    solid = Image.fromarray(((alpha > _SOLID) * 255).astype(np.uint8))
    near = np.asarray(solid.filter(ImageFilter.MaxFilter(7))) > 0
    beyond = (alpha > _INVISIBLE) & ~near
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
