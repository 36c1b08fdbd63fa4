"""Tells a product on a plain backdrop from its backdrop, and continues the backdrop anywhere.

The backdrop is a quadratic in x and y for each color, fitted to a ring along the edge: it follows
the falling-off light of a studio. Outside of the picture it keeps the color of the nearest edge.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headgate.apps.creative.compose.color import Pixels
from headgate.apps.creative.compose.picture.resample import resize
from headgate.apps.creative.compose.picture.saliency import Mask

_SIDE = 256
_RING = 6
_EVEN = 9.0  # levels that 98 % of the ring may be off the fit
_NEIGHBORS = 4  # and the cell itself
_PRODUCT = 14.0  # levels off the backdrop where the product begins


@dataclass(frozen=True, slots=True, eq=False)
class Backdrop:
    """Backdrop colors of a picture: coefficients (6, 3) over coordinates of 0 to 1."""

    coefficients: NDArray[np.float32]

    def at(self, x: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return colors (len(y), len(x), 3) at fractions of the picture's width and height."""
        across, down = x.clip(0, 1)[None, :, None], y.clip(0, 1)[:, None, None]
        constant, by_x, by_y, by_xy, by_xx, by_yy = self.coefficients
        colors: NDArray[np.float32] = (
            (constant + by_x * across + by_xx * across**2)
            + (by_y * down + by_yy * down**2)
            + by_xy * (across * down)
        )
        return colors.clip(0, 255)


def find_backdrop(pixels: Pixels) -> tuple[Backdrop, Mask] | None:
    """Return the plain backdrop of a picture (h, w, 3) and a reduced mask of what is not backdrop.

    None if the edges are not plain. The mask may be empty.
    """
    small = resize(pixels, width=_SIDE, height=_SIDE).astype(np.float32)
    steps = ((np.arange(_SIDE) + 0.5) / _SIDE).astype(np.float32)
    columns, rows = np.broadcast_to(steps, small.shape[:2]), steps[:, None] + np.zeros_like(steps)
    ring = np.ones((_SIDE, _SIDE), np.bool_)
    ring[_RING:-_RING, _RING:-_RING] = False
    terms = _terms(columns[ring], rows[ring])
    backdrop = Backdrop(_least_squares(terms, small[ring]))
    off = np.abs(small - backdrop.at(steps, steps)).max(axis=2)
    if np.percentile(off[ring], 98) > _EVEN:
        return None
    return backdrop, _without_specks(off > _PRODUCT)


def _least_squares(terms: NDArray[np.float32], values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Solve the normal equations without the threads of BLAS, which would spin for so little."""
    wide = terms.astype(np.float64)
    squares = np.einsum("ni,nj->ij", wide, wide)
    coefficients = np.linalg.solve(squares, np.einsum("ni,nc->ic", wide, values))
    return coefficients.astype(np.float32)


def _terms(x: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.stack([np.ones_like(x), x, y, x * y, x * x, y * y], axis=-1).astype(np.float32)


def _without_specks(mask: Mask) -> Mask:
    """Drop cells with fewer than four marked neighbors: noise, not product."""
    padded = np.pad(mask.astype(np.uint8), 1)
    rows = padded[:-2] + padded[1:-1] + padded[2:]
    around = rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]
    kept: Mask = mask & (around > _NEIGHBORS)
    return kept
