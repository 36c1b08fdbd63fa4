"""The look of the ads, against small pictures made by an earlier run of the same code.

Run with UPDATE_GOLDEN=1 in the environment after a wanted change of the look, and look at them.
"""

import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from drawn_products import cutout, saved, scene, studio
from PIL import Image

from headgate.apps.creative.compose import PRESETS, Style, compose

GOLDEN = Path(__file__).parent / "golden"
SIDE = 96
MEAN, WORST = 2.5, 26.0  # levels that all pixels, and any 8 x 8 of them, may be off
MESSAGE = "Freshly pressed. Nothing else."
SOURCES = {
    "cutout": saved(cutout()),
    "studio": saved(studio()),
    "scene": saved(scene((0.40, 0.42, 0.60, 0.62))),
    "broad": saved(scene((0.04, 0.30, 0.96, 0.70))),
}
STYLES = {"cutout": Style(primary="#0f766e"), "broad": Style(primary="#b91c1c")}
WITHOUT_OPENCV = f"""
import sys
sys.modules["cv2"] = None
from pathlib import Path
from headgate.apps.creative.compose import Style, compose
folder = Path(sys.argv[1])
for name in ("cutout", "broad"):
    style = Style(primary=dict(cutout="#0f766e", broad="#b91c1c")[name])
    source = (folder / name).read_bytes()
    for made in compose(source, headline={MESSAGE!r}, style=style, font_directories=()):
        (folder / f"{{name}}-{{made.preset.name}}.jpg").write_bytes(made.jpeg)
"""


def thumbnail(jpeg: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(jpeg)).convert("RGB")
    image.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
    return image


def assert_looks_like(name: str, jpeg: bytes) -> None:
    path, made = GOLDEN / f"{name}.png", thumbnail(jpeg)
    expected = np.asarray(Image.open(path), np.float64)
    off = np.abs(np.asarray(made, np.float64) - expected).mean(axis=2)
    rows, columns = off.shape[0] // 8, off.shape[1] // 8
    blocks = off[: rows * 8, : columns * 8].reshape(rows, 8, columns, 8).mean(axis=(1, 3))

    assert off.mean() <= MEAN, f"{name} is {off.mean():.1f} levels off"
    assert blocks.max() <= WORST, f"a part of {name} is {blocks.max():.1f} levels off"


@pytest.mark.parametrize("kind", SOURCES)
def test_ads_look_as_they_did(kind: str) -> None:
    style = STYLES.get(kind, Style())
    for variant in compose(SOURCES[kind], headline=MESSAGE, style=style, font_directories=()):
        name = f"{kind}-{variant.preset.name}"
        if os.environ.get("UPDATE_GOLDEN"):
            thumbnail(variant.jpeg).save(GOLDEN / f"{name}.png", optimize=True)
        assert_looks_like(name, variant.jpeg)


def test_ads_look_the_same_without_opencv(tmp_path: Path) -> None:
    for name in ("cutout", "broad"):
        (tmp_path / name).write_bytes(SOURCES[name])
    subprocess.run(
        [sys.executable, "-W", "error", "-c", WITHOUT_OPENCV, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=True,
    )

    for name in ("cutout", "broad"):
        for preset in PRESETS:
            file = f"{name}-{preset.name}"
            assert_looks_like(file, (tmp_path / f"{file}.jpg").read_bytes())


def test_golden_pictures_are_small() -> None:
    sizes = [path.stat().st_size for path in GOLDEN.glob("*.png")]

    assert len(sizes) == len(SOURCES) * len(PRESETS)
    assert max(sizes) <= 15_000
