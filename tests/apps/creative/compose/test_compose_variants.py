"""One picture and one message become five finished ads; what the report claims is measured here."""

import hashlib
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from drawn_products import MARKERS, cutout, harsh_scene, saved, scene, studio
from seen_pixels import contrast_of_text, opened, overlap, where

from headgate.apps.creative.compose import PRESETS, Style, Variant, compose
from headgate.core.errors import InvalidInput

SQUARE, STORY, FACEBOOK, TWITTER, LINKEDIN = PRESETS
MESSAGE = "Freshly pressed. Nothing else."
CUTOUT = saved(cutout())
STUDIO = saved(studio())
SMALL_SCENE = saved(scene((0.40, 0.42, 0.60, 0.62)))
BROAD_SCENE = saved(scene((0.04, 0.30, 0.96, 0.70)))
HARSH_SCENE = saved(harsh_scene())


def made(source: bytes, message: str = MESSAGE, style: Style | None = None) -> list[Variant]:
    return compose(source, headline=message, style=style or Style(), font_directories=())


def test_the_formats_are_the_five_of_the_specification() -> None:
    assert [(preset.name, preset.width, preset.height) for preset in PRESETS] == [
        ("instagram-square", 1080, 1080),
        ("instagram-story", 1080, 1920),
        ("facebook-feed", 1200, 630),
        ("twitter-card", 1200, 675),
        ("linkedin-post", 1200, 627),
    ]


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_each_format_says_where_its_numbers_are_from(preset) -> None:
    assert "https://" in preset.source
    assert preset.checked >= date(2026, 11, 1)
    assert preset.canvas.contains(preset.safe_box())


def test_a_story_keeps_text_off_what_stories_and_reels_cover() -> None:
    safe = STORY.safe_box()

    assert safe.y >= 0.14 * 1920
    assert safe.bottom <= 0.65 * 1920


@pytest.mark.parametrize("source", [CUTOUT, STUDIO, SMALL_SCENE, BROAD_SCENE, HARSH_SCENE])
def test_each_variant_is_a_jpeg_of_exactly_its_format(source: bytes) -> None:
    for variant in made(source):
        image = opened(variant.jpeg)

        assert variant.jpeg.startswith(b"\xff\xd8\xff")
        assert image.size == (variant.preset.width, variant.preset.height)


@pytest.mark.parametrize("source", [CUTOUT, STUDIO, SMALL_SCENE, BROAD_SCENE, HARSH_SCENE])
@pytest.mark.parametrize("message", [MESSAGE, "Cold, sweet and round the corner. " * 5])
def test_text_lies_in_the_safe_zone_of_each_format(source: bytes, message: str) -> None:
    for variant in made(source, message):
        left, top, right, bottom = variant.report.text_box or (0, 0, 0, 0)
        zone = variant.preset.safe_zone

        assert variant.report.safe_zone
        assert left >= zone.left * variant.preset.width
        assert right <= (1 - zone.right) * variant.preset.width
        assert top >= zone.top * variant.preset.height
        assert bottom <= (1 - zone.bottom) * variant.preset.height
        assert right - left > 50
        assert bottom - top > 20


@pytest.mark.parametrize("text", ["#ffffff", "#101418", "#777777"])
@pytest.mark.parametrize("source", [CUTOUT, STUDIO, SMALL_SCENE, BROAD_SCENE, HARSH_SCENE])
def test_text_has_contrast_on_the_finished_jpeg(source: bytes, text: str) -> None:
    style = Style(primary="#b45309", background="#fff4e0", text=text)
    ink = int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)

    for variant in compose(source, headline=MESSAGE, style=style, presets=[SQUARE, FACEBOOK]):
        box = variant.report.text_box
        assert box is not None
        assert variant.report.contrast is not None
        assert variant.report.contrast >= 4.5
        assert contrast_of_text(opened(variant.jpeg), box, ink) >= 4.5


def test_a_cut_out_is_shown_whole_and_beside_its_text() -> None:
    for variant in made(CUTOUT, style=Style(primary="#555555")):
        report, image = variant.report, opened(variant.jpeg)
        ends = [where(image, color) for color in MARKERS]

        assert report.layout == "extend"
        assert report.product_kept == 1.0
        assert report.text_over_product == 0.0
        assert all(ends)
        assert report.text_box is not None
        assert not any(overlap(report.text_box, end) for end in ends if end)


def test_a_studio_picture_is_shown_whole_and_its_wall_goes_on() -> None:
    for variant in made(STUDIO):
        image = opened(variant.jpeg)
        width, height = image.size
        corners = [(4, 4), (width - 5, 4), (4, height - 5), (width - 5, height - 5)]

        assert variant.report.layout == "extend"
        assert variant.report.product_kept == 1.0
        assert variant.report.text_over_product == 0.0
        assert all(where(image, color) for color in MARKERS)
        for corner in corners:
            red, green, blue = image.getpixel(corner)
            assert 200 <= red <= 240
            assert red >= green >= blue >= 195


@pytest.mark.parametrize(
    "size", [(900, 60), (60, 900), (20, 20), (1000, 1000)], ids=["flat", "tall", "tiny", "full"]
)
def test_a_cut_out_of_any_shape_is_shown_whole(size: tuple[int, int]) -> None:
    for variant in made(saved(cutout(*size))):
        assert variant.report.product_kept == 1.0
        assert variant.report.text_over_product == 0.0


def test_a_scene_is_cropped_while_all_that_stands_out_fits() -> None:
    for lettered, bare in zip(made(SMALL_SCENE), made(SMALL_SCENE, ""), strict=True):
        box = where(opened(bare.jpeg), (245, 120, 20), within=30)

        assert lettered.report.layout == bare.report.layout == "attention-crop"
        assert lettered.report.product_kept >= 0.97
        assert lettered.report.text_over_product <= 0.12
        assert box is not None
        assert (box[2] - box[0]) / (box[3] - box[1]) == pytest.approx(1, abs=0.1)


def test_a_scene_that_does_not_fit_is_contained_whole() -> None:
    story = made(BROAD_SCENE)[1]
    box = where(opened(story.jpeg), (245, 120, 20), within=30)

    assert story.report.layout == "contain-blur"
    assert story.report.product_kept == 1.0
    assert box is not None
    assert (box[2] - box[0]) / (box[3] - box[1]) == pytest.approx(0.92 / 0.40, abs=0.15)


def test_a_focus_overrides_where_a_scene_is_cropped() -> None:
    source = saved(scene((0.02, 0.70, 0.14, 0.82)))
    aside = compose(source, headline="", style=Style(), presets=[STORY], focus=(0.9, 0.1))[0]
    there = compose(source, headline="", style=Style(), presets=[STORY], focus=(0.08, 0.76))[0]

    assert where(opened(aside.jpeg), (245, 120, 20), within=30) is None
    assert aside.report.product_kept < 0.9
    assert any("outside of the crop" in warning for warning in aside.report.warnings)
    assert where(opened(there.jpeg), (245, 120, 20), within=30) is not None
    assert aside.report.layout == there.report.layout == "attention-crop"


def test_a_focus_outside_of_the_picture_is_refused() -> None:
    with pytest.raises(InvalidInput, match="focus"):
        compose(CUTOUT, headline="", style=Style(), focus=(0.5, 1.2))


def test_a_light_product_gets_a_deep_backdrop_and_a_dark_one_a_light_tint() -> None:
    white = cutout()
    white.paste((246, 246, 246, 255), mask=white.getchannel("A"))
    on_deep, on_tint = made(saved(white))[0], made(CUTOUT)[0]

    assert sum(opened(on_deep.jpeg).getpixel((5, 1075))) < 300
    assert sum(opened(on_tint.jpeg).getpixel((5, 1075))) > 550


def test_the_brand_decides_backdrop_and_text() -> None:
    style = Style(primary="#aa0000", background="#102030", text="#00ff88")
    square = made(CUTOUT, style=style)[0]
    image = opened(square.jpeg)
    red, green, blue = image.getpixel((5, 1075))

    assert square.report.text_box is not None
    assert where(image.crop(square.report.text_box), (0, 255, 136), within=50) is not None
    assert red < green < blue < 90


@pytest.mark.parametrize("color", ["red", "#12345", "#gggggg", "123456", "#1234567"])
@pytest.mark.parametrize("field", ["primary", "background", "text"])
def test_what_is_no_color_is_refused_by_name(field: str, color: str) -> None:
    with pytest.raises(InvalidInput, match=field):
        Style(**{field: color})


def test_a_small_picture_is_used_with_a_warning() -> None:
    for variant in made(saved(scene((0.4, 0.4, 0.6, 0.6), size=300))):
        assert any("enlarged" in warning for warning in variant.report.warnings)


def test_a_plain_wall_without_product_is_told() -> None:
    variants = made(saved(studio().crop((600, 0, 1000, 1024))))

    assert all(any("No product" in warning for warning in v.report.warnings) for v in variants)


def test_only_the_asked_formats_are_made_and_in_their_order() -> None:
    variants = compose(CUTOUT, headline="Hi", style=Style(), presets=[LINKEDIN, SQUARE])

    assert [variant.preset for variant in variants] == [LINKEDIN, SQUARE]


@pytest.mark.parametrize("source", [CUTOUT, STUDIO, SMALL_SCENE, BROAD_SCENE])
def test_a_variant_does_not_depend_on_which_others_are_made(source: bytes) -> None:
    together = made(source)[2]
    alone = compose(
        source, headline=MESSAGE, style=Style(), presets=[FACEBOOK], font_directories=()
    )[0]

    assert alone == together


def test_two_processes_make_the_same_bytes(tmp_path: Path) -> None:
    sources = {"cutout": CUTOUT, "scene": SMALL_SCENE, "broad": BROAD_SCENE}
    for name, data in sources.items():
        (tmp_path / name).write_bytes(data)
    script = (
        "import sys, hashlib, pathlib\n"
        "from headgate.apps.creative.compose import compose, Style\n"
        "for name in sys.argv[2:]:\n"
        "    data = (pathlib.Path(sys.argv[1]) / name).read_bytes()\n"
        f"    made = compose(data, headline={MESSAGE!r}, style=Style(), font_directories=())\n"
        "    print(*(hashlib.sha256(v.jpeg).hexdigest() for v in made))\n"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path), *sources],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    here = [[hashlib.sha256(v.jpeg).hexdigest() for v in made(data)] for data in sources.values()]
    assert [line.split() for line in run.stdout.splitlines()] == here


def test_real_cut_outs_are_shown_whole_and_their_text_is_legible(test_data: Path) -> None:
    products = sorted((test_data / "products").glob("*.png"))
    assert products

    for product in products:
        for variant in made(product.read_bytes(), "See the summer differently"):
            report = variant.report
            assert (report.layout, report.product_kept) == ("extend", 1.0), product.name
            assert report.text_over_product == 0.0, product.name
            assert report.contrast is not None
            assert report.contrast >= 4.5, product.name
            assert report.safe_zone, product.name
            assert report.warnings == (), product.name
