"""Decodes product pictures: upright 8-bit sRGB, whatever the file holds.

Only the loaders of the formats below ever see the bytes, and the size is read and limited before
any pixel is decoded, so a decompression bomb costs nothing.
"""

from dataclasses import dataclass, field, replace
from typing import Literal

import pyvips

from headgate.apps.creative.compose.color import Pixels
from headgate.core.errors import InvalidInput

Format = Literal["png", "jpeg", "webp", "gif"]

MAX_PIXELS = 64_000_000
MAX_SIDE = 16_384
MIN_SIDE = 64
# Twice what the largest format shows of a picture; larger ones are reduced while decoding.
_WORKING_SIDE = 2400
_MAX_ALPHA_UNSEEN = 8
_COLOR_BANDS = 3
_EXPORT_AGAIN = "Export the picture again, or upload the whole file."
_ON_ITS_SIDE = range(5, 9)  # EXIF orientations that swap width and height
_SRGB_NAMES = (b"sRGB", "sRGB".encode("utf-16-be"))

# One picture is one task: parallelism comes from the number of workers, and two pictures are
# hardly ever the same, so libvips' own threads and its cache of operations only cost.
pyvips.concurrency_set(1)
pyvips.cache_set_max(0)


class BadImage(InvalidInput):
    """The bytes are no picture that an ad can be made of."""

    code = "bad_image"


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What a picture file holds.

    Width and height are as it is shown, after its EXIF rotation; `color_space` is libvips' name:
    srgb, b-w, cmyk, rgb16, grey16. `bits` are per band.
    """

    width: int
    height: int
    format: Format
    has_alpha: bool
    frames: int
    color_space: str
    bits: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """Decoded pixels, (h, w, 3) or with straight alpha (h, w, 4), at most 2400 px a side."""

    facts: ImageFacts
    pixels: Pixels = field(repr=False)


def inspect_image(data: bytes) -> ImageFacts:
    """Check that a picture can be used, to its last pixel; `BadImage` says why not."""
    return decode(data).facts


def decode(data: bytes) -> Picture:
    """Decode a picture; `BadImage` if that cannot be done."""
    kind = _kind(data)
    try:
        image = _open(kind, data)
        facts = _facts(kind, image)
        image, warnings = _srgb(image)
        pixels: Pixels = _upright(_reduced(image)).numpy()
    except pyvips.Error as error:
        reason = str(error.detail).strip().partition("\n")[0]
        raise BadImage(
            f"The {kind.upper()} file is damaged or cut short ({reason}).",
            hint=_EXPORT_AGAIN,
        ) from error
    if pixels.shape[2] > _COLOR_BANDS and pixels[..., 3].max() <= _MAX_ALPHA_UNSEEN:
        raise BadImage(
            "The picture is fully transparent.", hint="Supply a picture that shows the product."
        )
    return Picture(replace(facts, warnings=(*facts.warnings, *warnings)), pixels)


def _kind(data: bytes) -> Format:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    what = "empty" if not data else "not a picture in a format that is supported"
    raise BadImage(
        f"The file is {what}.", hint="Supply the product picture as PNG, JPEG, WebP or GIF."
    )


def _open(kind: Format, data: bytes) -> pyvips.Image:
    """Read the header and refuse sizes out of range; the pixels come when they are asked for."""
    load = getattr(pyvips.Image, f"{kind}load_buffer")
    image = load(data, access="sequential", fail_on="error")
    width, height = image.width, image.height
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise BadImage(
            f"The picture has {width} x {height} pixels, more than can be processed.",
            hint=f"Scale it down to at most {MAX_SIDE} pixels a side and "
            f"{MAX_PIXELS // 1_000_000} megapixels; 2400 pixels a side are enough.",
        )
    if min(width, height) < MIN_SIDE:
        raise BadImage(
            f"The picture has only {width} x {height} pixels.",
            hint=f"Supply one of at least {MIN_SIDE} pixels a side; 1080 and more look sharp.",
        )
    return image


def _facts(kind: Format, image: pyvips.Image) -> ImageFacts:
    fields = set(image.get_fields())
    width, height = image.width, image.height
    if _orientation(image) in _ON_ITS_SIDE:
        width, height = height, width
    frames = int(image.get("n-pages")) if "n-pages" in fields else 1
    warnings = (f"The picture has {frames} frames; only the first is used.",) if frames > 1 else ()
    return ImageFacts(
        width=width,
        height=height,
        format=kind,
        has_alpha=bool(image.hasalpha()),
        frames=frames,
        color_space=str(image.interpretation),
        bits=16 if image.format == "ushort" else 8,
        warnings=warnings,
    )


def _srgb(image: pyvips.Image) -> tuple[pyvips.Image, tuple[str, ...]]:
    """Return the image as 8-bit sRGB with three or four bands, and what that may have changed."""
    warnings: tuple[str, ...] = ()
    if image.interpretation == "cmyk":
        warnings = ("The picture is CMYK; its colors were converted to sRGB and may differ.",)
    if "icc-profile-data" in image.get_fields():
        profile = image.get("icc-profile-data")
        if not any(name in profile for name in _SRGB_NAMES):
            # libvips takes the usual profile of the color space for one that is broken.
            image = image.icc_transform("srgb", embedded=True)
    if image.interpretation != "srgb" or image.format != "uchar":
        image = image.colourspace("srgb").cast("uchar")
    return image, warnings


def _reduced(image: pyvips.Image) -> pyvips.Image:
    if max(image.width, image.height) <= _WORKING_SIDE:
        return image
    return image.thumbnail_image(_WORKING_SIDE, height=_WORKING_SIDE, size="down", no_rotate=True)


def _upright(image: pyvips.Image) -> pyvips.Image:
    # Turning needs the rows in another order than the file has them.
    return image if _orientation(image) == 1 else image.copy_memory().autorot()


def _orientation(image: pyvips.Image) -> int:
    """Return the EXIF orientation, 1 to 8; 1 if there is none."""
    return int(image.get("orientation")) if "orientation" in image.get_fields() else 1
