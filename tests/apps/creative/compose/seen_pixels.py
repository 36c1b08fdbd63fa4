"""What can be measured on a finished JPEG without the code that made it."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Pixels = NDArray[np.float64]
Corners = tuple[int, int, int, int]


def opened(jpeg: bytes) -> Image.Image:
    return Image.open(io.BytesIO(jpeg)).convert("RGB")


def luminance(colors: Pixels) -> Pixels:
    level = colors / 255
    linear = np.where(level <= 0.03928, level / 12.92, ((level + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


def contrast_of_text(image: Image.Image, box: Corners, ink: tuple[int, int, int]) -> float:
    """The ratio of the ink to the least favorable twentieth of what is between the letters."""
    text = np.asarray(image.crop(box), np.float64)
    near_ink = np.abs(text - np.array(ink)).max(axis=2) < 60
    letters = Image.fromarray((near_ink * 255).astype(np.uint8)).filter(ImageFilter.MaxFilter(9))
    between = text[np.asarray(letters) == 0]
    ours, theirs = luminance(np.array(ink, np.float64)), luminance(between)
    ratios = (np.maximum(ours, theirs) + 0.05) / (np.minimum(ours, theirs) + 0.05)
    return float(np.percentile(ratios, 5))


def where(image: Image.Image, color: tuple[int, int, int], *, within: int = 40) -> Corners | None:
    """The box of all pixels near a color, or None if there are none."""
    near = np.abs(np.asarray(image, np.int16) - np.array(color)).max(axis=2) < within
    rows, columns = np.flatnonzero(near.any(axis=1)), np.flatnonzero(near.any(axis=0))
    if len(rows) == 0:
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def overlap(first: Corners, second: Corners) -> bool:
    return (
        first[0] < second[2]
        and second[0] < first[2]
        and first[1] < second[3]
        and second[1] < first[3]
    )
