"""Colors as 8-bit sRGB triples, and the contrast ratio of WCAG 2.2 (success criterion 1.4.3)."""

import re

import numpy as np
from numpy.typing import NDArray

from headgate.core.errors import InvalidInput

Rgb = tuple[int, int, int]
Pixels = NDArray[np.uint8]

BLACK: Rgb = (0, 0, 0)
WHITE: Rgb = (255, 255, 255)
_LINEAR_BELOW = 0.04045


def _linear() -> NDArray[np.float32]:
    level = np.arange(256) / 255
    # The transfer function of sRGB (IEC 61966-2-1); WCAG's older 0.03928 gives the same levels.
    curve = np.where(level <= _LINEAR_BELOW, level / 12.92, ((level + 0.055) / 1.055) ** 2.4)
    return curve.astype(np.float32)


_LINEAR = _linear()


def parse_hex(value: str, *, field: str) -> Rgb:
    """Read `#rrggbb`; `InvalidInput` names the field."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise InvalidInput(
            f"{field} is {value!r}, not a color.", hint="Write a color as #rrggbb, e.g. #1a2b3c."
        )
    return int(value[1:3], 16), int(value[3:5], 16), int(value[5:7], 16)


def mix(first: Rgb, second: Rgb, share: float) -> Rgb:
    """Return `first` with a `share` (0 to 1) of it replaced by `second`."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def luminances(pixels: Pixels) -> NDArray[np.float32]:
    """Return the relative luminance, 0 to 1, of pixels of shape (..., 3)."""
    red, green, blue = (_LINEAR[pixels[..., band]] for band in range(3))
    found: NDArray[np.float32] = (
        red * np.float32(0.2126) + green * np.float32(0.7152) + blue * np.float32(0.0722)
    )
    return found


def luminance(color: Rgb) -> float:
    return float(luminances(np.array(color, np.uint8)))


def contrast(first: float, second: float) -> float:
    """Return the contrast ratio, 1 to 21, of two relative luminances."""
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)


def worst_contrast(text: Rgb, behind: Pixels) -> float:
    """Return the ratio that 95 % of the pixels behind the text reach or exceed."""
    ratios = (luminances(behind) + 0.05) / (luminance(text) + 0.05)
    return float(np.percentile(np.maximum(ratios, 1 / ratios), 5))
