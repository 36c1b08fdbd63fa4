"""A product on a podium before a seamless backdrop, as SVG.

The outermost part of a scene has one single color, so that a layout can extend it in any direction
without a seam; everything else keeps within the middle 560 units of a 1024 box.
"""

from dataclasses import dataclass

from headgate.apps.creative.ports.image_model.drafting.colors import Inks
from headgate.apps.creative.ports.image_model.drafting.silhouettes import Drawing

BOX = 1024
_TOP, _BOTTOM = 744, 838  # of the podium
_MARK = (  # the letters of DRAFT as strokes in a 5 x 7 grid each, so that they need no font
    "M0,0 V7 M0,0 H2 C6,0 6,7 2,7 H0",
    "M0,7 V0 H3 C5.4,0 5.4,3.8 3,3.8 H0 M2.4,3.8 L4.8,7",
    "M0,7 L2.5,0 L5,7 M1,4.6 H4",
    "M0,7 V0 H4.6 M0,3.4 H3.8",
    "M0,0 H5 M2.5,0 V7",
)


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of the plane that an image of `width` x `height` pixels shows: the box, centered."""

    width: int
    height: int

    @property
    def scale(self) -> float:
        """Pixels for each unit of the box."""
        return min(self.width, self.height) / BOX

    def pixel(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the box is in the image."""
        left, top = self._corner
        return (x - left) * self.scale, (y - top) * self.scale

    @property
    def view_box(self) -> str:
        left, top = self._corner
        return f"{left:.3f} {top:.3f} {self.width / self.scale:.3f} {self.height / self.scale:.3f}"

    @property
    def _corner(self) -> tuple[float, float]:
        return (BOX - self.width / self.scale) / 2, (BOX - self.height / self.scale) / 2


def scene(drawing: Drawing, inks: Inks, *, frame: Frame, setting: int) -> str:
    """Compose the SVG. `setting` chooses what stands behind the product."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{frame.width}" height="{frame.height}" '
        f'viewBox="{frame.view_box}">{_gradients(inks)}'
        f'<rect x="-3000" y="-3000" width="7000" height="7000" fill="{inks.backdrop}"/>'
        f'<circle cx="512" cy="500" r="500" fill="url(#glow)"/>'
        f"{_behind(inks, setting)}{_podium(inks)}"
        f'<ellipse cx="520" cy="748" rx="{drawing.half + 44}" ry="20" fill="url(#shade)"/>'
        f'<ellipse cx="514" cy="746" rx="{drawing.half + 8}" ry="11" fill="url(#shade)"/>'
        f"{drawing.svg}{_mark(inks)}</svg>"
    )


def _gradients(inks: Inks) -> str:
    def stops(*values: tuple[float, str, float]) -> str:
        return "".join(
            f'<stop offset="{at}" stop-color="{ink}" stop-opacity="{opacity}"/>'
            for at, ink, opacity in values
        )

    curve = stops(
        (0, "#000", 0.26), (0.16, "#000", 0.06), (0.24, "#fff", 0.10), (0.31, "#fff", 0.42),
        (0.38, "#fff", 0.10), (0.52, "#fff", 0), (0.78, "#000", 0.10), (1, "#000", 0.34),
    )  # fmt: skip
    metal = stops(
        (0, "#8d949a", 1), (0.3, "#f5f7f8", 1), (0.55, "#c3c9cd", 1), (0.8, "#9aa1a6", 1),
        (1, "#767d82", 1),
    )  # fmt: skip
    soft = stops((0, "#000", 0.10), (0.3, "#fff", 0.12), (0.6, "#fff", 0), (1, "#000", 0.16))
    glow = stops((0, str(inks.glow), 1), (0.45, str(inks.glow), 0.55), (1, str(inks.glow), 0))
    shade = stops((0, "#000", 0.34), (0.6, "#000", 0.16), (1, "#000", 0))
    sheen = stops((0, "#fff", 0.24), (0.45, "#fff", 0), (1, "#000", 0.16))
    return (
        "<defs>"
        f'<linearGradient id="curve">{curve}</linearGradient>'
        f'<linearGradient id="metal">{metal}</linearGradient>'
        f'<linearGradient id="soft">{soft}</linearGradient>'
        f'<linearGradient id="sheen" x2="0.6" y2="1">{sheen}</linearGradient>'
        f'<radialGradient id="glow">{glow}</radialGradient>'
        f'<radialGradient id="shade">{shade}</radialGradient>'
        "</defs>"
    )


def _behind(inks: Inks, setting: int) -> str:
    match setting % 3:
        case 0:
            return f'<circle cx="512" cy="474" r="278" fill="{inks.shape}"/>'
        case 1:
            arch = f"M262,{_TOP} V424 C262,92 762,92 762,424 V{_TOP} Z"
            return f'<path d="{arch}" fill="{inks.shape}"/>'
        case _:
            return ""


def _podium(inks: Inks) -> str:
    side = f"M252,{_TOP} V{_BOTTOM} C252,880 772,880 772,{_BOTTOM} V{_TOP} Z"
    return (
        f'<ellipse cx="512" cy="866" rx="300" ry="26" fill="url(#shade)" opacity="0.55"/>'
        f'<path d="{side}" fill="{inks.podium}"/><path d="{side}" fill="url(#soft)"/>'
        f'<ellipse cx="512" cy="{_TOP}" rx="260" ry="37" fill="{inks.podium_top}"/>'
    )


def _mark(inks: Inks) -> str:
    letters = "".join(
        f'<path transform="translate({index * 7.6:.1f},0)" d="{letter}"/>'
        for index, letter in enumerate(_MARK)
    )
    return (
        f'<g fill="none" stroke="{inks.mark}" stroke-linejoin="round" stroke-linecap="round">'
        '<rect x="452" y="799" width="120" height="38" rx="19" stroke-width="2.5"/>'
        '<g transform="translate(475,808.6) scale(2.08,2.72)" stroke-width="1.25">'
        f"{letters}</g></g>"
    )
