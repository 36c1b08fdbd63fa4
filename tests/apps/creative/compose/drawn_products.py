"""Product pictures that the tests draw, each of one of the kinds that the compositor tells apart."""

import io
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

MARKERS = ((230, 30, 30), (30, 200, 60), (40, 60, 235), (240, 200, 20))
"""Colors at the top, right, bottom and left end of a drawn product."""


def saved(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def cutout(width: int = 600, height: int = 700, *, size: int = 1024) -> Image.Image:
    """A gray vessel with a marker at each of its four ends, on nothing."""
    image = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    left, top = (size - width) // 2, (size - height) // 2
    right, bottom = left + width, top + height
    draw.rounded_rectangle((left, top, right, bottom), width // 6, fill=(120, 120, 128, 255))
    x, y, reach = size // 2, size // 2, min(width, height) // 8
    ends = (
        (x - reach, top, x + reach, top + reach),
        (right - reach, y - reach, right, y + reach),
        (x - reach, bottom - reach, x + reach, bottom),
        (left, y - reach, left + reach, y + reach),
    )
    for box, color in zip(ends, MARKERS, strict=True):
        draw.rectangle(box, fill=(*color, 255))
    return image


def studio(size: int = 1024) -> Image.Image:
    """The same vessel before a plain wall that darkens downwards, off the middle."""
    steps = np.linspace(0, 1, size)[:, None, None]
    wall = np.array((236, 232, 226)) - steps * np.array((26, 24, 20))
    image = Image.fromarray(np.broadcast_to(wall, (size, size, 3)).astype(np.uint8))
    vessel = cutout(300, 460, size=520)
    image.paste(vessel, (size // 8, size // 4), vessel)
    return image


def scene(product: tuple[float, float, float, float], *, size: int = 1024) -> Image.Image:
    """Soft daylight with stripes to all sides, and an orange box at these fractions."""
    x, y = np.meshgrid(np.linspace(0, 1, size), np.linspace(0, 1, size))
    waves = 24 * np.sin(x * 19) + 18 * np.sin(y * 13 + x * 5)
    ground = np.stack([96 + waves, 122 + waves, 128 + 40 * y + waves], axis=2)
    image = Image.fromarray(ground.clip(0, 255).astype(np.uint8))
    left, top, right, bottom = (round(part * size) for part in product)
    ImageDraw.Draw(image).rectangle((left, top, right, bottom), fill=(245, 120, 20))
    return image.filter(ImageFilter.GaussianBlur(1))


def harsh_scene(size: int = 1024) -> Image.Image:
    """Black and white checks all over: nowhere is text legible as it is."""
    cells = np.indices((size, size)).sum(axis=0) // 3 % 2
    rows = np.indices((size, size))[0] // 32 % 2
    return Image.fromarray(((cells ^ rows) * 255).astype(np.uint8)).convert("RGB")
