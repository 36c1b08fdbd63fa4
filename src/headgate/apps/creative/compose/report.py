"""What is handed back with each variant: the file and the facts about it, measured."""

from dataclasses import dataclass, field

from headgate.apps.creative.compose.layouts import Layout
from headgate.apps.creative.compose.presets import Preset


@dataclass(frozen=True, slots=True)
class VariantReport:
    """Facts about one variant, all but `layout` measured on it.

    - `product_kept`: share of the product's area, 0 to 1, that lies on the canvas;
      `text_over_product`: share that the text box covers. Both from a reduced mask of the product.
    - `contrast`: the WCAG ratio that 95 % of the pixels behind the text reach; None without text.
    - `text_box`: the ink of the text in pixels as left, top, right, bottom; `safe_zone` tells
      whether it lies in the safe zone of the format, and is true without text.
    - `missing_glyphs`: characters of the message that no font could draw; they were left out.
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
