"""Where a picture came to lie on a canvas, and how much of its product can be seen there."""

from dataclasses import dataclass

import numpy as np

from headgate.apps.creative.compose.geometry import Box
from headgate.apps.creative.compose.picture.saliency import Mask


@dataclass(frozen=True, slots=True, eq=False)
class Placement:
    """The mask of the product, stretched over `box`, which may reach beyond the canvas."""

    area: Mask
    box: Box

    def share_in(self, region: Box) -> float:
        """Return how much of the product, 0 to 1, lies in a region of the canvas."""
        total = int(self.area.sum())
        if total == 0:
            return 1.0
        rows, columns = self.area.shape
        x = self.box.x + (np.arange(columns) + 0.5) * (self.box.width / columns)
        y = self.box.y + (np.arange(rows) + 0.5) * (self.box.height / rows)
        across = (x >= region.x) & (x < region.right)
        down = (y >= region.y) & (y < region.bottom)
        return int(self.area[np.ix_(down, across)].sum()) / total
