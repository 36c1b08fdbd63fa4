"""The draft artist: what a newcomer sees first."""

from datetime import date

import numpy as np
import pytest
import pyvips

from headgate.apps.creative.catalogue import shipped_catalogue
from headgate.apps.creative.ports.image_model import GeneratedImage, ImageRequest
from headgate.apps.creative.ports.image_model.draft import DraftImageModel

TODAY = date(2026, 11, 20)
RATIOS = shipped_catalogue().model("headgate.draft-v1").ratios


async def draft(name: str, **more) -> GeneratedImage:
    request = ImageRequest(prompt="a product", product_name=name, **({"seed": 3} | more))
    return await DraftImageModel(catalogue=shipped_catalogue()).generate(request, on=TODAY)


def pixels(image: GeneratedImage):
    return pyvips.Image.new_from_buffer(image.png, "").numpy().astype(int)


@pytest.mark.parametrize(
    ("name", "silhouette"),
    [
        ("Sparkling Spring Water", "bottle"),
        ("Coffee Mug", "mug"),
        ("Artisan Cold Brew Coffee", "mug"),
        ("Citrus Cola", "can"),
        ("Trail Running Shoes", "shoe"),
        ("Blue Plimsolls", "shoe"),
        ("Grey Hoodie", "shirt"),
        ("Hand Creams", "jar"),
        ("Body Lotion", "bottle"),
        ("Headless Omnichannel Book", "box"),
        ("Quantum Widget", "box"),
        ("", "box"),
    ],
)
async def test_the_silhouette_is_what_the_name_says(name, silhouette):
    assert (await draft(name)).details["silhouette"] == silhouette


async def test_the_description_helps_when_the_name_does_not():
    made = await draft("Aurora", description="A trail shoe. Comes with a bottle.")
    assert made.details["silhouette"] == "shoe"


@pytest.mark.parametrize("ratio", RATIOS)
async def test_the_border_has_one_color_so_that_any_layout_can_extend_it(ratio):
    seen = pixels(await draft("Enamel Mug", aspect_ratio=ratio))
    border = np.concatenate([seen[0], seen[-1], seen[:, 0], seen[:, -1]])
    assert (border == border[0]).all()


@pytest.mark.parametrize("name", ["Water", "Cola", "Mug", "Cream", "Set", "Shoe", "Shirt"])
async def test_all_that_stands_out_lies_in_the_middle_where_every_crop_keeps_it(name):
    seen = pixels(await draft(name))
    rows, columns = np.nonzero(np.abs(seen - seen[0, 0]).max(axis=2) > 40)
    assert columns.min() > 0.2 * 1024
    assert columns.max() < 0.8 * 1024
    assert rows.min() > 0.1 * 1024
    assert rows.max() < 0.9 * 1024


async def test_the_product_wears_the_brands_color():
    seen = pixels(await draft("Enamel Mug", palette=("#0b5fff",)))
    near = np.abs(seen - np.array([0x0B, 0x5F, 0xFF])).max(axis=2) < 24
    assert near.mean() > 0.02


@pytest.mark.parametrize("color", ["#ffffff", "#000000", "#808080", "#ff0000", "#fff200"])
async def test_any_brand_color_leaves_the_product_visible(color):
    seen = pixels(await draft("Spring Water", palette=(color,)))
    assert (np.abs(seen - seen[0, 0]).max(axis=2) > 40).mean() > 0.06


async def test_a_palette_that_is_no_color_is_passed_over():
    assert (await draft("Mug", palette=("teal", "#12"))).png == (await draft("Mug")).png


async def test_the_name_is_written_on_the_products_label():
    async def ink(name):
        brand = ("#2f5d50", "#e9c46a")
        label = pixels(await draft(name, description="A bottle.", palette=brand))[530:640, 440:584]
        return (label.max(axis=2) < 110).mean()

    assert await ink("") == 0
    assert 0.02 < await ink("Olive Oil") < 0.4


@pytest.mark.parametrize(
    "name",
    [
        'Fish & "Chips" <b>Box</b>',
        "قميص قطني",
        "עגבניות",
        "\U000e0001\ufdd0",
        "\u200b\u2060",
        "\u0301",
        "x" * 700,
        "word " * 200,
        "\U0001f36f Honey",
        "tab\tand\nline",
    ],
)
async def test_no_name_breaks_the_drawing(name):
    assert (await draft(name)).width == 1024


async def test_the_podium_says_draft():
    seen = pixels(await draft("Enamel Mug"))
    podium = seen[800:836, 300:440].mean(axis=(0, 1))
    mark = seen[806:830, 474:552]
    assert 0.05 < (np.abs(mark - podium).max(axis=2) > 60).mean() < 0.6
