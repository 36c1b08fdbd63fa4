"""How many finished ad variants one core makes in a second, beside plain Pillow and plain libvips.

Every round gives each contender the same three pictures (a scene, a studio picture and a cut-out,
1024 x 1024 PNG) and counts the CPU time of the process, so that load on the machine matters little.
The last line on stdout is the result as JSON; the medians go to stderr.
"""

import argparse
import io
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from headgate.apps.creative import compose as package
from headgate.apps.creative.compose import PRESETS, Style, compose
from result import report, spread, tell
from variants_peers import with_libvips, with_pillow

SUMMARY = "finished ad variants/s of one core, beside plain Pillow and plain libvips"
MESSAGE = "Freshly pressed every morning, delivered cold to your door"
SIZES = [(preset.width, preset.height) for preset in PRESETS]
SIDE = 1024


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="measured rounds (default 7)")
    rounds = parser.parse_args(arguments).rounds
    sources = [_png(_scene()), _png(_studio()), _png(_vessel())]
    contenders = _contenders()
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(rounds + 1):
        for name, run in contenders.items():
            seconds = _cpu_seconds(run, sources)
            if number > 0:  # the first round loads fonts and libraries
                taken[name].append(seconds)
    made = len(sources) * len(SIZES)
    rates = {name: [made / seconds for seconds in rounds] for name, rounds in taken.items()}
    for name, found in rates.items():
        tell(f"{name:9} {spread(found)} variants/s/core")
    ours = rates.pop("headgate")
    report("variants", ours, "variants/s/core", against=rates)


def _contenders() -> dict[str, Callable[[bytes], list[Any]]]:
    font = Path(package.__file__).parent / "fonts" / "NotoSans-Bold.ttf"
    style = Style(primary="#0f766e")
    return {
        "headgate": lambda source: compose(source, headline=MESSAGE, style=style),
        "pillow": lambda source: with_pillow(source, MESSAGE, SIZES, font=font),
        "libvips": lambda source: with_libvips(source, MESSAGE, SIZES, font=font),
    }


def _cpu_seconds(run: Callable[[bytes], list[Any]], sources: list[bytes]) -> float:
    start = time.process_time()
    for source in sources:
        made = run(source)
        if len(made) != len(SIZES):
            raise RuntimeError(f"{len(made)} variants instead of {len(SIZES)}")
    return time.process_time() - start


def _vessel() -> Image.Image:
    image = Image.new("RGBA", (SIDE, SIDE), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((360, 260, 664, 860), 70, fill=(32, 110, 96, 255))
    draw.rectangle((360, 460, 664, 700), fill=(244, 240, 228, 255))
    draw.rounded_rectangle((440, 170, 584, 280), 24, fill=(230, 190, 60, 255))
    return image.filter(ImageFilter.GaussianBlur(1.2))


def _studio() -> Image.Image:
    image = _grained(np.full((SIDE, SIDE, 3), (238, 234, 228), np.float32))
    vessel = _vessel()
    image.paste(vessel, mask=vessel)
    return image


def _scene() -> Image.Image:
    x, y = np.meshgrid(np.linspace(0, 1, SIDE), np.linspace(0, 1, SIDE))
    waves = 30 * np.sin(x * 17 + y * 4) + 22 * np.sin(y * 11 - x * 3)
    image = _grained(np.stack([104 + waves, 116 + waves + 30 * y, 122 + 50 * y], axis=2))
    vessel = _vessel()
    image.paste(vessel, mask=vessel)
    return image


def _grained(levels: np.ndarray[Any, np.dtype[Any]]) -> Image.Image:
    """Add the grain of a photo: without it PNG would decode far too fast."""
    grain = np.random.default_rng(7).normal(0, 1.5, (SIDE, SIDE, 1))
    return Image.fromarray((levels + grain).clip(0, 255).astype(np.uint8))


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


if __name__ == "__main__":
    main(sys.argv[1:])
