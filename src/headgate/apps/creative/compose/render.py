"""One picture and one message to all formats, sharing the work that does not depend on the size."""

import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from headgate.apps.creative.compose.layouts import Painted
from headgate.apps.creative.compose.layouts.choose import WHOLE, Focus, lay_out
from headgate.apps.creative.compose.lettering import Lettering, letter
from headgate.apps.creative.compose.picture.decode import decode
from headgate.apps.creative.compose.picture.subject import Studio, find_subject
from headgate.apps.creative.compose.presets import PRESETS, Preset
from headgate.apps.creative.compose.report import Variant, VariantReport
from headgate.apps.creative.compose.style import Style
from headgate.apps.creative.compose.text.fonts import SYSTEM_FONT_DIRECTORIES
from headgate.apps.creative.compose.text.headline import Headline, prepare_headline
from headgate.apps.creative.compose.text.typeset import Typesetter
from headgate.core.errors import InvalidInput

RENDERER_VERSION = "1"
"""Enters the content hash of a variant; changes when the same input comes out different."""

_QUALITY = 85
_SOFT = 1.5  # times enlarged


def compose(
    source: bytes,
    *,
    headline: str,
    style: Style,
    presets: Sequence[Preset] = PRESETS,
    focus: Focus | None = None,
    font_directories: tuple[Path, ...] = SYSTEM_FONT_DIRECTORIES,
) -> list[Variant]:
    """Make one finished ad for each preset, in their order.

    `source` is a PNG, JPEG, WebP or GIF; `BadImage` if it cannot be used. An empty `headline`
    gives pictures without text, one that is too long for a format `InvalidInput`. `focus` is the
    point, in fractions of the picture from its top left, that a crop of a scene must show.
    `font_directories` are searched for what the bundled fonts lack.
    """
    if focus is not None and not all(0 <= part <= 1 for part in focus):
        raise InvalidInput(
            f"The focus {focus} is outside of the picture.",
            hint="Give x and y as fractions from 0 to 1, from the top left.",
        )
    picture = decode(source)
    subject = find_subject(picture)
    message = prepare_headline(headline, font_directories=font_directories)
    typesetter = Typesetter(message)
    noted = [*picture.facts.warnings, *message.warnings]
    if isinstance(subject, Studio) and not subject.area.any():
        noted.append("No product can be told from the backdrop of the picture.")
    variants = []
    for preset in presets:
        painted = lay_out(subject, preset, typesetter, style=style, focus=focus)
        drawn = None
        if painted.slot is not None:
            drawn = letter(painted.canvas, painted.slot, style=style, floor=painted.floor)
        report = _report(painted, drawn, preset, message=message, noted=noted)
        variants.append(Variant(preset, _jpeg(painted.canvas), report))
    return variants


def _report(
    painted: Painted,
    drawn: Lettering | None,
    preset: Preset,
    *,
    message: Headline,
    noted: Sequence[str],
) -> VariantReport:
    kept = painted.placement.share_in(preset.canvas)
    return VariantReport(
        layout=painted.layout,
        product_kept=kept,
        text_over_product=painted.placement.share_in(drawn.box) if drawn else 0.0,
        contrast=drawn.contrast if drawn else None,
        safe_zone=drawn is None or preset.safe_box().contains(drawn.box),
        text_box=drawn.box.corners if drawn else None,
        text_size_px=drawn.size if drawn else 0.0,
        lines=drawn.lines if drawn else 0,
        missing_glyphs=message.missing,
        warnings=(*noted, *_warnings(painted, kept)),
    )


def _warnings(painted: Painted, kept: float) -> list[str]:
    found = []
    if painted.enlarged > _SOFT:
        found.append(
            f"The picture is enlarged {painted.enlarged:.1f} times and may look soft; "
            f"supply it {painted.enlarged:.1f} times as large."
        )
    if kept < WHOLE:
        found.append(f"{1 - kept:.0%} of what stands out lies outside of the crop.")
    return found


def _jpeg(canvas: Image.Image) -> bytes:
    file = io.BytesIO()
    canvas.save(file, "JPEG", quality=_QUALITY, subsampling="4:2:0")
    return file.getvalue()
