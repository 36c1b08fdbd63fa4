"""The same job as plain Pillow and plain libvips do it: what one would write in an afternoon.

Each takes a picture and a message and returns five JPEGs: crop to the format, darken the lower
part, fit the text into it, encode at quality 85.
"""

import io
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import pyvips
from PIL import Image, ImageDraw, ImageFont, ImageOps

Size = tuple[int, int]

_QUALITY = 85
_MARGIN = 0.06
_BAND = 0.34  # of the height, for the text
_VEIL = 160
_LARGEST, _SMALLEST = 102, 20


def with_pillow(source: bytes, message: str, sizes: Sequence[Size], *, font: Path) -> list[bytes]:
    """Crop around the center, and try font sizes by halving the interval."""
    picture: Image.Image = Image.open(io.BytesIO(source))
    if picture.mode == "RGBA":
        flat = Image.new("RGB", picture.size, "white")
        flat.paste(picture, mask=picture)
        picture = flat
    return [_one_with_pillow(picture.convert("RGB"), message, size, font) for size in sizes]


def _one_with_pillow(picture: Image.Image, message: str, size: Size, font: Path) -> bytes:
    width, height = size
    canvas = ImageOps.fit(picture, size, Image.Resampling.BICUBIC)
    veil = Image.linear_gradient("L").resize(size).point(lambda level: level * _VEIL // 255)
    canvas.paste((0, 0, 0), (0, 0), veil)
    draw = ImageDraw.Draw(canvas)
    room = round(width * (1 - 2 * _MARGIN)), round(height * _BAND)
    fitted, text = _fitted(draw, message, room, font)
    top = height * (1 - _MARGIN) - room[1]
    draw.multiline_text((width * _MARGIN, top), text, fill="white", font=fitted)
    file = io.BytesIO()
    canvas.save(file, "JPEG", quality=_QUALITY)
    return file.getvalue()


def _fitted(
    draw: ImageDraw.ImageDraw, message: str, room: Size, path: Path
) -> tuple[ImageFont.FreeTypeFont, str]:
    low, high = _SMALLEST, _LARGEST
    best = ImageFont.truetype(path, low), message
    while low <= high:
        middle = (low + high) // 2
        font = ImageFont.truetype(path, middle)
        text = _wrapped(message, font, room[0])
        left, top, right, bottom = draw.multiline_textbbox((0, 0), text, font=font)
        if right - left <= room[0] and bottom - top <= room[1]:
            best = font, text
            low = middle + 1
        else:
            high = middle - 1
    return best


def _wrapped(message: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    lines = [""]
    for word in message.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines).strip()


def with_libvips(source: bytes, message: str, sizes: Sequence[Size], *, font: Path) -> list[bytes]:
    """Let libvips crop by attention and fit the text, all in one pipeline for each format."""
    return [_one_with_libvips(source, message, size, font) for size in sizes]


def _one_with_libvips(source: bytes, message: str, size: Size, font: Path) -> bytes:
    width, height = size
    picture = pyvips.Image.thumbnail_buffer(
        source, width, height=height, crop="attention", size="both"
    )
    if picture.hasalpha():
        picture = picture.flatten(background=[255, 255, 255])
    down = pyvips.Image.xyz(width, height)[1] / height
    veil = (down * _VEIL).cast("uchar")
    black = pyvips.Image.black(width, height, bands=3).copy(interpretation="srgb")
    picture = picture.composite2(black.bandjoin(veil), "over")
    room = round(width * (1 - 2 * _MARGIN)), round(height * _BAND)
    mask = pyvips.Image.text(
        escape(message), width=room[0], height=room[1], font="Noto Sans Bold", fontfile=str(font)
    )
    white = (mask.new_from_image([255, 255, 255])).copy(interpretation="srgb").bandjoin(mask)
    top = round(height * (1 - _MARGIN)) - room[1]
    lettered = picture.composite2(white, "over", x=round(width * _MARGIN), y=top)
    return bytes(lettered.flatten().jpegsave_buffer(Q=_QUALITY))
