"""Finds what stands out in a scene: the part that a crop should keep."""

import numpy as np
from numpy.typing import NDArray

from headgate.apps.creative.compose.color import Pixels
from headgate.apps.creative.compose.picture.resample import resize

Mask = NDArray[np.bool_]
_Map = NDArray[np.float32]

_SIDE = 128
_EDGE = 0.06  # share of a side that counts as its edge
_CENTER_SIGMA, _CENTER_FLOOR = 0.33, 0.35


def salient_area(pixels: Pixels) -> Mask:
    """Mark what differs from the edges of the picture and from its own surroundings.

    `pixels` is (h, w, 3); the mask is a reduced copy, 128 cells on its longer side, and never
    empty.
    """
    height, width = pixels.shape[:2]
    scale = _SIDE / max(height, width)
    size = max(round(width * scale), 4), max(round(height * scale), 4)
    small = resize(pixels, width=size[0], height=size[1])
    opponent = _opponent(small)
    fine, coarse = _opponent(_blurred(small, 3)), _opponent(_blurred(small, 20))
    odd = _normalized(_distance_to_edges(fine))
    local = _normalized(np.sqrt(((opponent - coarse) ** 2).sum(axis=2)))
    score = _normalized(_blurred_map((0.65 * odd + 0.35 * local) * _center_prior(*size), 4))
    mask = score > _otsu(score)
    return mask if mask.any() else np.ones_like(mask)


def _opponent(pixels: Pixels) -> _Map:
    red, green, blue = np.moveaxis(pixels.astype(np.float32), 2, 0)
    return np.stack([(red + green + blue) / 3, red - green, (red + green) / 2 - blue], axis=2)


def _distance_to_edges(colors: _Map) -> _Map:
    """Return each pixel's distance to the mean color of the side it is most like."""
    rows = max(round(colors.shape[0] * _EDGE), 1)
    columns = max(round(colors.shape[1] * _EDGE), 1)
    sides = (colors[:rows], colors[-rows:], colors[:, :columns], colors[:, -columns:])
    means = [side.reshape(-1, 3).mean(axis=0) for side in sides]
    distances = [np.sqrt(((colors - mean) ** 2).sum(axis=2)) for mean in means]
    nearest: _Map = np.minimum.reduce(distances).astype(np.float32)
    return nearest


def _center_prior(width: int, height: int) -> _Map:
    x = (np.arange(width, dtype=np.float32) + 0.5) / width - 0.5
    y = (np.arange(height, dtype=np.float32) + 0.5) / height - 0.5
    distance = x[None, :] ** 2 + y[:, None] ** 2
    near = np.exp(-distance / np.float32(2 * _CENTER_SIGMA**2))
    return (_CENTER_FLOOR + (1 - _CENTER_FLOOR) * near).astype(np.float32)


def _blurred(pixels: Pixels, radius: int) -> Pixels:
    height, width = pixels.shape[:2]
    small = resize(pixels, width=max(width // radius, 2), height=max(height // radius, 2))
    return resize(small, width=width, height=height)


def _blurred_map(values: _Map, radius: int) -> _Map:
    levels = (values * 255).clip(0, 255).astype(np.uint8)
    return _blurred(levels, radius).astype(np.float32) / np.float32(255)


def _normalized(values: _Map) -> _Map:
    top = float(np.percentile(values, 99))
    return np.minimum(values / top, 1).astype(np.float32) if top > 0 else np.zeros_like(values)


def _otsu(values: _Map) -> float:
    """Return the threshold that parts values of 0 to 1 with the most variance between classes."""
    counts, edges = np.histogram(values, bins=64, range=(0, 1))
    centers = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)
    above = below[-1] - below
    sums = np.cumsum(counts * centers)
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    return float(edges[1 + int(np.argmax(np.nan_to_num(between)))])
