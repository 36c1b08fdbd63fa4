"""Pictures from anywhere: what can be used is normalized, what cannot is refused and says why."""

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from drawn_products import cutout, saved, scene, studio
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms
from seen_pixels import opened

from headgate.apps.creative.compose import PRESETS, BadImage, Style, compose, inspect_image
from headgate.core.errors import InvalidInput

SQUARE = PRESETS[0]
SCENE = scene((0.3, 0.4, 0.5, 0.7), size=320)


def shown(source: bytes) -> Image.Image:
    (variant,) = compose(source, headline="", style=Style(), presets=[SQUARE])
    return opened(variant.jpeg)


def difference(first: Image.Image, second: Image.Image) -> float:
    levels = np.asarray(first, np.float64) - np.asarray(second, np.float64)
    return float(np.abs(levels).mean())


def frames(kind: str) -> bytes:
    others = [SCENE.rotate(90), SCENE.rotate(180)]
    return saved(SCENE, kind, save_all=True, append_images=others, duration=100)


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(64))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + tag + data + struct.pack(">I", zlib.crc32(tag + data))
        for tag, data in chunks
    )


def test_facts_of_a_picture_are_told() -> None:
    facts = inspect_image(saved(cutout()))

    assert (facts.width, facts.height, facts.format) == (1024, 1024, "png")
    assert (facts.has_alpha, facts.frames, facts.bits, facts.warnings) == (True, 1, 8, ())
    assert not inspect_image(saved(SCENE, "JPEG")).has_alpha


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture"),
        (b"%PDF-1.7 hello", "not a picture"),
        (b"BM" + bytes(200), "not a picture"),
        (saved(SCENE, "TIFF"), "not a picture"),
        (b"\xff\xd8\xff" + bytes(100), "damaged"),
        (saved(SCENE)[:5000], "damaged"),
        (saved(SCENE)[:60], "damaged"),
        (saved(SCENE, "JPEG")[:3000], "damaged"),
        (saved(SCENE, "WEBP")[:-300], "damaged"),
        (saved(Image.new("RGB", (1, 1))), "only 1 x 1 pixels"),
        (saved(Image.new("RGB", (2000, 20))), "only 2000 x 20 pixels"),
        (saved(Image.new("RGBA", (300, 300))), "fully transparent"),
        (png_header(40_000, 300), "40000 x 300 pixels"),
        (png_header(40_000, 40_000), "40000 x 40000 pixels"),
        (png_header(9000, 9000), "9000 x 9000 pixels"),
    ],
)
def test_a_picture_that_cannot_be_used_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    for refuse in (inspect_image, shown):
        with pytest.raises(BadImage, match=reason) as refused:
            refuse(data)
        assert isinstance(refused.value, InvalidInput)
        assert refused.value.hint


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_of_an_animation_the_first_frame_is_used_with_a_warning(kind: str) -> None:
    facts = inspect_image(frames(kind))
    options = {} if kind == "GIF" else {"quality": 80}

    assert facts.frames == 3
    assert (facts.width, facts.height) == (320, 320)
    assert "3 frames" in facts.warnings[0]
    assert difference(shown(frames(kind)), shown(saved(SCENE, kind, **options))) < 2


def test_warnings_about_the_picture_reach_the_report() -> None:
    (variant,) = compose(frames("GIF"), headline="", style=Style(), presets=[SQUARE])

    assert any("3 frames" in warning for warning in variant.report.warnings)


def test_cmyk_becomes_srgb_with_a_warning() -> None:
    source = saved(SCENE.convert("CMYK"), "JPEG", quality=95)
    facts = inspect_image(source)

    assert facts.color_space == "cmyk"
    assert "CMYK" in facts.warnings[0]
    assert difference(shown(source), shown(saved(SCENE))) < 40


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("turn", range(1, 9))
def test_a_picture_is_shown_upright_as_its_exif_says(turn: int, kind: str) -> None:
    upright = SCENE.crop((0, 0, 320, 240))
    ways = [
        None,
        Image.Transpose.FLIP_LEFT_RIGHT,
        Image.Transpose.ROTATE_180,
        Image.Transpose.FLIP_TOP_BOTTOM,
        Image.Transpose.TRANSPOSE,
        Image.Transpose.ROTATE_90,
        Image.Transpose.TRANSVERSE,
        Image.Transpose.ROTATE_270,
    ]
    way = ways[turn - 1]
    stored = upright if way is None else upright.transpose(way)
    exif = Image.Exif()
    exif[0x0112] = turn
    quality: dict[str, Any] = {} if kind == "PNG" else {"quality": 95}
    source = saved(stored, kind, exif=exif, **quality)

    facts = inspect_image(source)
    assert (facts.width, facts.height) == (320, 240)
    assert difference(shown(source), shown(saved(upright))) < 3


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "1"])
def test_any_png_mode_is_shown_as_its_colors_are(mode: str) -> None:
    converted = SCENE.convert(mode)

    assert difference(shown(saved(converted)), shown(saved(converted.convert("RGB")))) < 1


def test_sixteen_bits_are_reduced_to_eight() -> None:
    gray = np.asarray(SCENE.convert("L"))
    deep = saved(Image.fromarray(gray.astype(np.uint16) * 257))

    assert inspect_image(deep).bits == 16
    assert difference(shown(deep), shown(saved(SCENE.convert("L")))) < 1


def test_a_palette_with_transparency_is_a_cut_out() -> None:
    source = cutout().quantize(64)
    (variant,) = compose(saved(source), headline="", style=Style(), presets=[SQUARE])

    assert inspect_image(saved(source)).has_alpha
    assert variant.report.layout == "extend"
    assert variant.report.product_kept == 1.0


def test_alpha_that_hides_nothing_is_no_cut_out() -> None:
    assert difference(shown(saved(SCENE.convert("RGBA"))), shown(saved(SCENE))) == 0


def test_the_color_under_transparent_pixels_does_not_bleed() -> None:
    garish = np.asarray(cutout()).copy()
    garish[garish[..., 3] == 0, :3] = (0, 255, 0)

    assert difference(shown(saved(Image.fromarray(garish))), shown(saved(cutout()))) == 0


def test_a_profile_of_srgb_changes_nothing_and_a_broken_one_harms_nothing() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    plain = shown(saved(SCENE, "JPEG", quality=95))

    assert difference(shown(saved(SCENE, "JPEG", quality=95, icc_profile=profile)), plain) < 1
    for broken in (b"no profile at all" * 20, profile.replace(b"TRC", b"XXX"), profile[:200]):
        assert difference(shown(saved(SCENE, "JPEG", quality=95, icc_profile=broken)), plain) < 3


def test_a_large_picture_is_reduced_and_looks_the_same() -> None:
    large = SCENE.resize((3000, 3000), Image.Resampling.BICUBIC)
    source = saved(large, "JPEG", quality=95)

    assert (inspect_image(source).width, inspect_image(source).height) == (3000, 3000)
    assert difference(shown(source), shown(saved(SCENE))) < 3


@pytest.mark.parametrize("size", [(2400, 64), (64, 2400), (64, 64), (12_000, 80)])
def test_a_picture_of_any_shape_is_used(size: tuple[int, int]) -> None:
    for picture in (SCENE, studio(), cutout()):
        variants = compose(
            saved(picture.resize(size)), headline="Any shape", style=Style(), font_directories=()
        )
        assert all(variant.report.safe_zone for variant in variants)


SAMPLES = [
    saved(SCENE.resize((80, 80)), "PNG"),
    saved(SCENE.resize((80, 80)), "JPEG"),
    saved(SCENE.resize((80, 80)), "WEBP"),
    saved(SCENE.resize((80, 80)), "GIF"),
    saved(cutout().resize((80, 80)), "WEBP", lossless=True),
]
MAGIC = [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\x24\x00\x00\x00WEBPVP8 ", b"GIF89a"]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(magic=st.sampled_from(MAGIC), tail=st.binary(max_size=300))
def test_random_bytes_are_refused_as_a_bad_image(magic: bytes, tail: bytes) -> None:
    with pytest.raises(BadImage):
        inspect_image(magic + tail)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(data=st.data())
def test_a_damaged_file_is_used_or_refused_as_a_bad_image(data: st.DataObject) -> None:
    damaged = bytearray(data.draw(st.sampled_from(SAMPLES)))
    for at in data.draw(st.lists(st.integers(0, len(damaged) - 1), max_size=6)):
        damaged[at] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(0, len(damaged)))
    try:
        facts = inspect_image(bytes(damaged[:end]))
    except BadImage as refused:
        assert refused.message
    else:
        assert facts.width >= 64


def test_the_jpeg_can_be_read_by_anyone() -> None:
    (variant,) = compose(saved(SCENE), headline="Hi", style=Style(), presets=[SQUARE])
    image = Image.open(io.BytesIO(variant.jpeg))

    assert (image.format, image.mode) == ("JPEG", "RGB")
    assert "progression" not in image.info
