"""Tells a product on a plain backdrop from its backdrop, and continues the backdrop anywhere.

The backdrop is a quadratic in x and y for each colour, fitted to a ring along the edge: it follows
the falling-off light of a studio. Outside of the picture it keeps the colour of the nearest edge.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headgate.apps.creative.compose.color import Pixels
from headgate.apps.creative.compose.picture.saliency import Mask
from headgate.apps.creative.compose.resample import resize

_SIDE = 256
_RING = 6
_EVEN = 9.0  # levels that 98 % of the ring may be off the fit
_PRODUCT = 14.0  # levels off the backdrop where the product begins


@dataclass(frozen=True, slots=True, eq=False)
class Backdrop:
    """Backdrop colours of a picture: coefficients (6, 3) over coordinates of 0 to 1."""

    coefficients: NDArray[np.float32]

    def at(self, x: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return colours (len(y), len(x), 3) at fractions of the picture's width and height."""
        columns, rows = np.meshgrid(x.clip(0, 1), y.clip(0, 1))
        return (_terms(columns, rows) @ self.coefficients).clip(0, 255)


def find_backdrop(pixels: Pixels) -> tuple[Backdrop, Mask] | None:
    """Return the plain backdrop of a picture (h, w, 3) and a reduced mask of what is not backdrop.

    None if the edges are not plain. The mask may be empty.
    """
    small = resize(pixels, width=_SIDE, height=_SIDE).astype(np.float32)
    steps = (np.arange(_SIDE, dtype=np.float32) + 0.5) / _SIDE
    columns, rows = np.meshgrid(steps, steps)
    ring = np.ones((_SIDE, _SIDE), np.bool_)
    ring[_RING:-_RING, _RING:-_RING] = False
    terms = _terms(columns[ring], rows[ring])
    coefficients, *_ = np.linalg.lstsq(terms, small[ring], rcond=None)
    off = np.abs(small[ring] - terms @ coefficients).max(axis=1)
    if np.percentile(off, 98) > _EVEN:
        return None
    backdrop = Backdrop(coefficients.astype(np.float32))
    difference = np.abs(small - backdrop.at(steps, steps)).max(axis=2)
    return backdrop, _without_specks(difference > _PRODUCT)


def _terms(x: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.stack([np.ones_like(x), x, y, x * y, x * x, y * y], axis=-1).astype(np.float32)


def _without_specks(mask: Mask) -> Mask:
    """Drop cells with fewer than four marked neighbours: noise, not product."""
    padded = np.pad(mask.astype(np.uint8), 1)
    rows = padded[:-2] + padded[1:-1] + padded[2:]
    around = rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]
    return mask & (around > 4)  # noqa: PLR2004 - the cell itself is one of them
