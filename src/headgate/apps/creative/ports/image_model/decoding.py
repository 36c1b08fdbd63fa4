"""From the base64 text of a model's answer to a picture that is known to be whole."""

import base64
import binascii
from dataclasses import dataclass, field

import pyvips

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_MAX_SIDE = 8192


class UnreadableImage(ValueError):
    """These bytes are not a whole PNG or JPEG of a sane size."""


@dataclass(frozen=True, slots=True)
class Picture:
    png: bytes = field(repr=False)
    width: int
    height: int


def picture_from(text: str) -> Picture:
    """Decode base64 to a PNG, every pixel of which has been read; a JPEG becomes a PNG."""
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise UnreadableImage(f"the image is not base64: {error}") from error
    # The loader is chosen here and not by libvips, which would also open SVG and other formats
    # that can name files of this machine.
    if not data.startswith((_PNG, _JPEG)):
        raise UnreadableImage(f"the image is neither PNG nor JPEG, it starts with {data[:8]!r}")
    try:
        return _decoded(data)
    except pyvips.Error as error:
        why = " ".join(str(error).split())
        raise UnreadableImage(f"the image cannot be decoded: {why}") from error


def _decoded(data: bytes) -> Picture:
    image = pyvips.Image.new_from_buffer(data, "", fail_on="truncated", access="sequential")
    if max(image.width, image.height) > _MAX_SIDE:
        raise UnreadableImage(f"the image is {image.width}x{image.height}, over {_MAX_SIDE} a side")
    if data.startswith(_PNG):
        image.avg()
        return Picture(png=data, width=image.width, height=image.height)
    png: bytes = image.write_to_buffer(".png", compression=6, keep="none")
    return Picture(png=png, width=image.width, height=image.height)
