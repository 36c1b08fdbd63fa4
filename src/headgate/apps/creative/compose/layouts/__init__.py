"""The three ways to bring a picture to a format; each keeps the text off the product if it can."""

from dataclasses import dataclass
from typing import Literal

from PIL import Image

from headgate.apps.creative.compose.layouts.arrange import Slot
from headgate.apps.creative.compose.layouts.placement import Placement

Layout = Literal["extend", "attention-crop", "contain-blur"]


@dataclass(frozen=True, slots=True, eq=False)
class Painted:
    """A canvas without its text.

    `floor` is the least strength of the veil under the text, `enlarged` how many canvas pixels one
    pixel of the file covers in each direction.
    """

    layout: Layout
    canvas: Image.Image
    slot: Slot | None
    placement: Placement
    enlarged: float
    floor: float = 0.0
