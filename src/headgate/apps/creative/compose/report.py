"""What is handed back with each variant: the file and the facts about it, measured."""

from dataclasses import dataclass, field

from headgate.apps.creative.compose.layouts import Layout
from headgate.apps.creative.compose.presets import Preset


@dataclass(frozen=True, slots=True)
class VariantReport:
    """Facts about one variant, all but `layout` measured on it.

    `product_kept` is the share of the product's area that lies on the canvas, `text_over_product`
    the share that the text box covers; both from a reduced mask of the product. `contrast` is the
    WCAG ratio that 95 % of the pixels behind the text reach, None without text; `text_box` is the
    ink of the text in pixels (left, top, right, bottom), and `safe_zone` whether it lies in the format's safe zone (true
    without text). `missing_glyphs` are characters of the message that no font could draw; they
    are not in the picture.
    """

    layout: Layout
    product_kept: float
    text_over_product: float
    contrast: float | None
    safe_zone: bool
    text_box: tuple[int, int, int, int] | None
    text_size_px: float
    lines: int
    missing_glyphs: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Variant:
    """One finished ad."""

    preset: Preset
    jpeg: bytes = field(repr=False)
    report: VariantReport
