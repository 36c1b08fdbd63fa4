"""Colors by lightness, chroma and hue, so that a tint of any brand color looks like its brand.

The space is OKLCH (B. Ottosson, "A perceptual color space for image processing", 2020).
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_GREY = 0.02

# For products without a brand: a main color and one that goes with it.
_PAIRS = (
    ("#1f6f78", "#f2b84b"),
    ("#c8553d", "#f6d7b0"),
    ("#2f5d50", "#e9c46a"),
    ("#3d5a98", "#f4a6a0"),
    ("#7a4e8a", "#f0c987"),
    ("#d9822b", "#2b5d73"),
    ("#a63d57", "#f3c6b5"),
    ("#4a6d3a", "#e8a87c"),
)


@dataclass(frozen=True, slots=True)
class Color:
    """`lightness` 0 to 1, `chroma` from 0, `hue` in degrees."""

    lightness: float
    chroma: float
    hue: float

    def at(self, lightness: float, *, chroma: float | None = None) -> "Color":
        """Return the same hue at another lightness, with at most this chroma."""
        kept = self.chroma if chroma is None else min(self.chroma, chroma)
        return replace(self, lightness=min(max(lightness, 0.0), 1.0), chroma=kept)

    def __str__(self) -> str:
        return "#{:02x}{:02x}{:02x}".format(*self.rgb)

    @property
    def rgb(self) -> tuple[int, int, int]:
        """8-bit sRGB, of the nearest chroma that a screen can show."""
        chroma, parts = self.chroma, self._linear(self.chroma)
        while chroma > 0 and not all(0 <= part <= 1 for part in parts):
            chroma = max(0.0, chroma - 0.005)
            parts = self._linear(chroma)
        red, green, blue = (round(_gamma(min(max(part, 0.0), 1.0)) * 255) for part in parts)
        return red, green, blue

    def _linear(self, chroma: float) -> tuple[float, float, float]:
        a = chroma * math.cos(math.radians(self.hue))
        b = chroma * math.sin(math.radians(self.hue))
        long = (self.lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
        medium = (self.lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
        short = (self.lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
        return (
            4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
            -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
            -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
        )


@dataclass(frozen=True, slots=True)
class Inks:
    """Every color of a scene; `body` and `accent` are the product's."""

    backdrop: Color
    glow: Color
    shape: Color
    podium: Color
    podium_top: Color
    body: Color
    accent: Color
    paper: Color
    text: Color
    mark: Color


def color(text: str) -> Color:
    """Read `#rrggbb`."""
    red, green, blue = (_linear(int(text[i : i + 2], 16) / 255) for i in (1, 3, 5))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return Color(
        lightness=0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        chroma=math.hypot(a, b),
        hue=math.degrees(math.atan2(b, a)) % 360,
    )


def inks_for(palette: Sequence[str], *, dice: bytes) -> Inks:
    """Choose a scene's colors. What is not `#rrggbb` is left out; `dice` settles what is free."""
    brand = [color(text) for text in palette if _HEX.fullmatch(text)]
    if not brand:
        brand = [color(text) for text in _PAIRS[dice[0] % len(_PAIRS)]]
    main = brand[0]
    accent = brand[1] if len(brand) > 1 else _companion(main)
    # Very dark and very light brand colors would lose the product's own light and shade.
    body = main.at(min(max(main.lightness, 0.36), 0.84))
    dark = body.lightness > _LIGHT or (dice[1] % 3 == 0 and body.lightness > _MIDDLE)
    room = accent if accent.chroma >= _GREY else main
    return _scene(body=body, accent=accent, room=room if dice[2] % 2 else main, dark=dark)


_LIGHT = 0.74
_FAIRLY_LIGHT = 0.64
_MIDDLE = 0.55


def _companion(main: Color) -> Color:
    """Return a color to go with a brand that names only one."""
    if main.chroma < _GREY:
        return Color(lightness=0.78, chroma=0.11, hue=75)
    if main.lightness < _FAIRLY_LIGHT:
        return Color(lightness=0.84, chroma=0.11, hue=(main.hue + 150) % 360)
    return Color(lightness=0.42, chroma=0.07, hue=main.hue)


def _scene(*, body: Color, accent: Color, room: Color, dark: bool) -> Inks:
    base = 0.34 if dark else 0.915
    step = 0.05 if dark else -0.04
    return Inks(
        backdrop=room.at(base, chroma=0.04),
        glow=room.at(base + 0.05, chroma=0.022),
        shape=room.at(base + step, chroma=0.055),
        podium=room.at(base + 3 * step, chroma=0.08),
        podium_top=room.at(base + (5 * step if dark else 0.055), chroma=0.05),
        body=body,
        accent=accent,
        paper=body.at(0.972, chroma=0.012),
        text=body.at(0.30, chroma=0.07),
        mark=room.at(0.95 if dark else 0.38, chroma=0.06),
    )


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004


def _gamma(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055  # noqa: PLR2004
