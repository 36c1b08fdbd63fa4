"""Chooses the layout: the one that shows the whole product and keeps the text off it."""

from headgate.apps.creative.compose.layouts import Painted
from headgate.apps.creative.compose.layouts.arrange import arrange, too_long
from headgate.apps.creative.compose.layouts.contain import contain_scene
from headgate.apps.creative.compose.layouts.crop import paint_crop, place_crop
from headgate.apps.creative.compose.layouts.extend import extend_cutout, extend_studio
from headgate.apps.creative.compose.picture.subject import Cutout, Scene, Studio, Subject
from headgate.apps.creative.compose.presets import Preset
from headgate.apps.creative.compose.style import Style
from headgate.apps.creative.compose.text.typeset import Typesetter

WHOLE = 0.97  # of what stands out, measured on a coarse mask
_HIDDEN = 0.12

Focus = tuple[float, float]


def lay_out(
    subject: Subject,
    preset: Preset,
    typesetter: Typesetter,
    *,
    style: Style,
    focus: Focus | None,
) -> Painted:
    """Paint a picture for a format, all but its text.

    A cut-out or a product on a plain backdrop is shown whole, its backdrop extended. A scene is
    cropped if what stands out fits and leaves room for the text, or if `focus` says where to crop;
    else it is contained. `InvalidInput` if the text cannot be legible in this format.
    """
    size = preset.width, preset.height
    match subject:
        case Cutout():
            return extend_cutout(subject, arrange(preset, typesetter), size=size, style=style)
        case Studio():
            return extend_studio(subject, arrange(preset, typesetter), size=size)
        case Scene():
            placement, slot = place_crop(subject, preset, typesetter, focus=focus)
            if focus is not None and slot is None and not typesetter.empty:
                raise too_long(preset)
            hidden = placement.share_in(slot.box) if slot else 0.0
            readable = slot is not None or typesetter.empty
            whole = placement.share_in(preset.canvas) >= WHOLE
            if focus is not None or (whole and readable and hidden <= _HIDDEN):
                return paint_crop(subject, preset, placement=placement, slot=slot)
            return contain_scene(subject, arrange(preset, typesetter), size=size, style=style)
