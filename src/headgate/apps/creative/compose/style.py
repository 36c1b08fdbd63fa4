"""Brand colors, and the colors of an ad that follow from them."""

from dataclasses import dataclass

from headgate.apps.creative.compose.color import (
    BLACK,
    WHITE,
    Rgb,
    contrast,
    luminance,
    mix,
    parse_hex,
)

# Body text needs 4.5:1 (WCAG 2.2, 1.4.3, level AA); the rest is headroom for JPEG.
REQUIRED_CONTRAST = 4.5
AIMED_CONTRAST = 5.0

_LIGHT_PRODUCT = 0.55
_SEEN = 1.75


@dataclass(frozen=True, slots=True)
class Style:
    """The brand, each color as `#rrggbb`; `InvalidInput` names a color that is not.

    Without `background`, cut-outs get a backdrop in a tint or a shade of `primary`, whichever sets
    the product off. Without `text`, the text is light or dark as the picture asks for.
    """

    primary: str = "#1d4ed8"
    background: str | None = None
    text: str | None = None

    def __post_init__(self) -> None:
        parse_hex(self.primary, field="primary")
        for name, value in (("background", self.background), ("text", self.text)):
            if value is not None:
                parse_hex(value, field=name)

    @property
    def brand(self) -> Rgb:
        return parse_hex(self.primary, field="primary")

    def backdrop_for(self, product_luminance: float) -> Rgb:
        """Return the backdrop for a cut-out whose solid part has this mean luminance."""
        if self.background is not None:
            return parse_hex(self.background, field="background")
        if product_luminance > _LIGHT_PRODUCT:
            return mix(self.brand, BLACK, 0.12)
        return mix(self.brand, WHITE, 0.86)

    def ink_on(self, behind: Rgb) -> Rgb:
        """Return the text color: the given one, else the brand's dark shade or white."""
        if self.text is not None:
            return parse_hex(self.text, field="text")
        level = luminance(behind)
        return max((self.dark, WHITE), key=lambda ink: contrast(luminance(ink), level))

    @property
    def dark(self) -> Rgb:
        """Return a shade of the brand dark enough for text and for scrims under white text."""
        return mix(self.brand, BLACK, 0.8)

    def accent_on(self, behind: Rgb) -> Rgb:
        """Return the brand color, lighter or darker if it would not be seen."""
        level = luminance(behind)
        options = (self.brand, mix(self.brand, WHITE, 0.55), mix(self.brand, BLACK, 0.5))
        seen = (c for c in options if contrast(luminance(c), level) >= _SEEN)
        return next(seen, self.ink_on(behind))


def scrim_under(ink: Rgb, style: Style) -> Rgb:
    """Return what to darken or lighten with so that `ink` can be read."""
    for color in (style.dark, WHITE):
        if contrast(luminance(ink), luminance(color)) >= AIMED_CONTRAST:
            return color
    return max((BLACK, WHITE), key=lambda c: contrast(luminance(ink), luminance(c)))
