"""Pictures that tests draw themselves."""

import io

from PIL import Image, ImageDraw


def png(size: tuple[int, int] = (600, 600), mode: str = "RGBA") -> bytes:
    """A cut-out: a red disc on nothing."""
    image = Image.new("RGBA", size, (0, 0, 0, 0))
    width, height = size
    ImageDraw.Draw(image).ellipse(
        (width // 4, height // 4, 3 * width // 4, 3 * height // 4), fill=(200, 40, 40, 255)
    )
    return saved(image.convert(mode), "PNG")


def cmyk_jpeg() -> bytes:
    return saved(Image.new("CMYK", (500, 500), (10, 200, 30, 0)), "JPEG")


def animated_gif() -> bytes:
    frames = [Image.new("RGB", (300, 300), color) for color in ("red", "green", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()


def forty_thousand_pixels() -> bytes:
    """A PNG that unpacks to 40,000 pixels a side from a few kilobytes."""
    return saved(Image.new("1", (40_000, 40_000)), "PNG")


def saved(image: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()
