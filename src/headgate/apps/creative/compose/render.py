"""One picture and one message to all formats, sharing the work that does not depend on the size."""

import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from headgate.apps.creative.compose.arrange import arrange
from headgate.apps.creative.compose.layouts import Painted
from headgate.apps.creative.compose.layouts.contain import contain_scene
from headgate.apps.creative.compose.layouts.crop import crop_scene, paint_crop
from headgate.apps.creative.compose.layouts.extend import extend_cutout, extend_studio
from headgate.apps.creative.compose.lettering import Lettering, letter
from headgate.apps.creative.compose.picture.decode import decode
from headgate.apps.creative.compose.picture.subject import (
    Cutout,
    Scene,
    Studio,
    Subject,
    find_subject,
)
from headgate.apps.creative.compose.presets import PRESETS, Preset
from headgate.apps.creative.compose.report import Variant, VariantReport
from headgate.apps.creative.compose.style import Style
from headgate.apps.creative.compose.text.fonts import SYSTEM_FONT_DIRECTORIES
from headgate.apps.creative.compose.text.headline import Headline, prepare_headline
from headgate.apps.creative.compose.text.typeset import Typesetter
from headgate.core.errors import InvalidInput

RENDERER_VERSION = "1"
"""Part of the content hash of a variant: changes whenever the same inputs look different."""

_QUALITY = 85
_WHOLE = 0.97
_HIDDEN = 0.12
_SOFT = 1.5

Focus = tuple[float, float]


def compose(
    source: bytes,
    *,
    headline: str,
    style: Style,
    presets: Sequence[Preset] = PRESETS,
    focus: Focus | None = None,
    font_directories: tuple[Path, ...] = SYSTEM_FONT_DIRECTORIES,
) -> list[Variant]:
    """Make one finished ad for each preset, in their order."""
    if focus is not None and not all(0 <= part <= 1 for part in focus):
        raise InvalidInput(
            f"The focus {focus} is outside of the picture.",
            hint="Give x and y as fractions from 0 to 1, from the top left.",
        )
    picture = decode(source)
    subject = find_subject(picture)
    message = prepare_headline(headline, font_directories=font_directories)
    typesetter = Typesetter(message) if message.text else None
    variants = []
    for preset in presets:
        painted = _paint(subject, preset, typesetter, style=style, focus=focus)
        variants.append(_finish(painted, preset, typesetter, style, message, picture.facts.warnings))
    return variants


def _paint(
    subject: Subject,
    preset: Preset,
    typesetter: Typesetter | None,
    *,
    style: Style,
    focus: Focus | None,
) -> Painted:
    size = preset.width, preset.height
    match subject:
        case Cutout():
            return extend_cutout(subject, arrange(preset, typesetter), size=size, style=style)
        case Studio():
            return extend_studio(subject, arrange(preset, typesetter), size=size)
        case Scene():
            placement, slot = crop_scene(subject, preset, typesetter, focus=focus)
            whole = placement.share_in(preset.canvas) >= _WHOLE
            free = slot is not None and placement.share_in(slot.box) <= _HIDDEN
            if focus is not None or (whole and (free or typesetter is None)):
                return paint_crop(subject, preset, placement=placement, slot=slot)
            return contain_scene(subject, arrange(preset, typesetter), size=size, style=style)


def _finish(
    painted: Painted,
    preset: Preset,
    typesetter: Typesetter | None,
    style: Style,
    message: Headline,
    warnings: tuple[str, ...],
) -> Variant:
    drawn: Lettering | None = None
    if typesetter is not None and painted.slot is not None:
        drawn = letter(
            painted.canvas, painted.slot, typesetter=typesetter, style=style, floor=painted.floor
        )
    kept = painted.placement.share_in(preset.canvas)
    report = VariantReport(
        layout=painted.layout,
        product_kept=kept,
        text_over_product=painted.placement.share_in(drawn.box) if drawn else 0.0,
        contrast=drawn.contrast if drawn else None,
        safe_zone=drawn is None or preset.safe_box().contains(drawn.box),
        text_box=drawn.box.corners if drawn else None,
        text_size_px=drawn.size if drawn else 0.0,
        lines=drawn.lines if drawn else 0,
        missing_glyphs=message.missing,
        warnings=(*warnings, *message.warnings, *_warnings(painted, kept)),
    )
    return Variant(preset, _jpeg(painted.canvas), report)


def _warnings(painted: Painted, kept: float) -> list[str]:
    found = []
    if painted.enlarged > _SOFT:
        found.append(
            f"The picture is enlarged {painted.enlarged:.1f} times and may look soft; "
            f"supply it {painted.enlarged:.1f} times as large."
        )
    if kept < _WHOLE:
        found.append(f"{1 - kept:.0%} of what stands out lies outside of the crop.")
    return found


def _jpeg(canvas: Image.Image) -> bytes:
    file = io.BytesIO()
    canvas.save(file, "JPEG", quality=_QUALITY, subsampling="4:2:0")
    return file.getvalue()
