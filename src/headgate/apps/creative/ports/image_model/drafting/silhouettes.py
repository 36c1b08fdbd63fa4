"""Seven products as SVG, each standing with its base at y = 744 around x = 512 of a 1024 box.

The scene defines the gradients that are named here: `curve` shades what is round, `metal` what
shines, `sheen` what is lit from the upper left.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from headgate.apps.creative.ports.image_model.drafting.colors import Color, Inks
from headgate.apps.creative.ports.image_model.drafting.words import Silhouette


@dataclass(frozen=True, slots=True)
class Area:
    """Where the product's name goes, in the units of the box, and the ink it is written with."""

    x: float
    y: float
    width: float
    height: float
    ink: Color


@dataclass(frozen=True, slots=True)
class Drawing:
    """`half` is half the width of what touches the ground."""

    svg: str
    label: Area
    half: float


def draw(silhouette: Silhouette, inks: Inks) -> Drawing:
    size, drawing = _SIZES[silhouette], _DRAWINGS[silhouette](inks)
    label = replace(
        drawing.label,
        x=512 + (drawing.label.x - 512) * size,
        y=744 + (drawing.label.y - 744) * size,
        width=drawing.label.width * size,
        height=drawing.label.height * size,
    )
    moved = f"translate({512 * (1 - size):.2f},{744 * (1 - size):.2f}) scale({size})"
    return Drawing(f'<g transform="{moved}">{drawing.svg}</g>', label, half=drawing.half * size)


def _path(d: str, fill: object, more: str = "") -> str:
    return f'<path d="{d}" fill="{fill}" {more}/>'


def _line(d: str, ink: object, width: float, more: str = "") -> str:
    return (
        f'<path d="{d}" fill="none" stroke="{ink}" stroke-width="{width}" '
        f'stroke-linecap="round" stroke-linejoin="round" {more}/>'
    )


def _ellipse(x: float, y: float, rx: float, ry: float, fill: object, *, more: str = "") -> str:
    return f'<ellipse cx="{x}" cy="{y}" rx="{rx}" ry="{ry}" fill="{fill}" {more}/>'


def _darker(ink: Color, by: float = 0.09) -> Color:
    return ink.at(ink.lightness - by)


def _bottle(inks: Inks) -> Drawing:
    body = (
        "M408,722 V452 C408,384 474,376 476,318 V296 H548 V318 C550,376 616,384 616,452 V722 "
        "C616,756 408,756 408,722 Z"
    )
    label = "M408,500 Q512,520 616,500 V664 Q512,686 408,664 Z"
    cap = "M468,222 Q468,214 478,213 Q512,209 546,213 Q556,214 556,222 V292 Q512,304 468,292 Z"
    ribs = " ".join(f"M{x},224 V288" for x in range(480, 548, 11))
    svg = (
        _path(body, inks.body)
        + _path("M476,296 H548 V312 Q512,322 476,312 Z", _darker(inks.body))
        + _path(label, inks.paper)
        + _path("M408,500 Q512,520 616,500 V514 Q512,534 408,514 Z", inks.accent)
        + _path("M408,650 Q512,672 616,650 V664 Q512,686 408,664 Z", inks.accent)
        + _path(body, "url(#curve)")
        + _path(cap, inks.accent)
        + _line(ribs, _darker(inks.accent), 2.5, 'opacity="0.55"')
        + _path(cap, "url(#curve)")
    )
    return Drawing(svg, Area(430, 538, 164, 106, inks.text), half=104)


def _can(inks: Inks) -> Drawing:
    body = (
        "M424,388 C416,402 408,408 408,426 V698 C408,712 418,722 426,732 Q512,756 598,732 "
        "C606,722 616,712 616,698 V426 C616,408 608,402 600,388 Z"
    )
    wave = (
        "M408,606 C470,560 540,656 616,596 V698 C616,712 606,722 598,732 Q512,756 426,732 "
        "C418,722 408,712 408,698 Z"
    )
    svg = (
        _path(body, inks.body)
        + _path("M408,582 C470,536 540,632 616,572 V600 C540,660 470,564 408,610 Z", inks.paper)
        + _path(wave, inks.accent)
        + _path(body, "url(#curve)")
        + _ellipse(512, 388, 88, 17, "url(#metal)")
        + _ellipse(512, 387, 77, 13, "#8f969b", more='opacity="0.55"')
        + _ellipse(512, 391, 72, 10, "url(#metal)")
        + _path("M498,384 Q512,378 526,384 L522,394 Q512,399 502,394 Z", "#f4f6f7")
        + _ellipse(512, 389, 6, 3, "#7d8489")
        + _path("M424,728 Q512,754 600,728 L596,736 Q512,760 428,736 Z", "url(#metal)")
    )
    light = inks.body.lightness > _PALE
    return Drawing(svg, Area(432, 436, 160, 106, inks.text if light else inks.paper), half=92)


def _mug(inks: Inks) -> Drawing:
    body = "M372,470 V690 C372,762 620,762 620,690 V470 Z"
    handle = "M616,520 C704,500 716,672 612,668"
    svg = (
        _line(handle, _darker(inks.body), 38)
        + _line(handle, inks.body, 27)
        + _path(body, inks.body)
        + _path("M372,664 Q496,706 620,664 V690 C620,762 372,762 372,690 Z", inks.accent)
        + _path(body, "url(#curve)")
        + _ellipse(496, 470, 124, 27, inks.body.at(inks.body.lightness + 0.08))
        + _ellipse(496, 472, 112, 22, _darker(inks.body, 0.17))
        + _ellipse(496, 478, 104, 16, "#5b3a29")
        + _ellipse(478, 476, 46, 5, "#8a5c43", more='opacity="0.8"')
        + _line("M462,420 C436,384 488,362 460,318", "#ffffff", 9, 'opacity="0.30"')
        + _line("M510,412 C480,366 538,338 506,284", "#ffffff", 9, 'opacity="0.34"')
        + _line("M554,424 C532,392 578,372 552,334", "#ffffff", 9, 'opacity="0.26"')
    )
    light = inks.body.lightness > _PALE
    return Drawing(svg, Area(402, 528, 188, 114, inks.text if light else inks.paper), half=112)


def _jar(inks: Inks) -> Drawing:
    body = "M372,560 Q372,546 386,546 H638 Q652,546 652,560 V700 C652,764 372,764 372,700 Z"
    lid = "M362,452 Q362,440 376,438 Q512,424 648,438 Q662,440 662,452 V540 Q512,572 362,540 Z"
    grooves = " ".join(
        f"M{x},462 V{544 + round(14 * (1 - ((x - 512) / 150) ** 2))}" for x in _STEPS
    )
    svg = (
        _path(body, inks.body)
        + _path("M372,586 Q512,616 652,586 V694 Q512,726 372,694 Z", inks.paper)
        + _path(body, "url(#curve)")
        + _path(lid, inks.accent)
        + _line(grooves, _darker(inks.accent), 3, 'opacity="0.5"')
        + _path(lid, "url(#curve)")
        + _ellipse(512, 448, 150, 21, inks.accent.at(inks.accent.lightness + 0.07))
        + _ellipse(512, 447, 132, 16, inks.accent.at(inks.accent.lightness + 0.03))
    )
    return Drawing(svg, Area(404, 620, 216, 76, inks.text), half=132)


def _box(inks: Inks) -> Drawing:
    front, side = "M372,366 H596 V744 H372 Z", "M596,366 L668,330 V708 L596,744 Z"
    svg = (
        _path(front, inks.body)
        + _path("M372,366 H596 V430 H372 Z", inks.accent)
        + _path("M392,452 H576 V622 H392 Z", inks.paper)
        + _line("M396,656 H520", inks.paper, 8, 'opacity="0.8"')
        + _line("M396,682 H484", inks.paper, 8, 'opacity="0.5"')
        + _line("M546,656 V694 M558,656 V694 M570,656 V694", inks.paper, 5, 'opacity="0.8"')
        + _path(front, "url(#sheen)")
        + _path(side, _darker(inks.body, 0.13))
        + _path("M596,366 L668,330 V394 L596,430 Z", _darker(inks.accent, 0.13))
        + _path("M372,366 L444,330 H668 L596,366 Z", inks.accent.at(inks.accent.lightness + 0.06))
        + _line("M408,348 H632", _darker(inks.accent, 0.05), 2.5)
        + _line("M596,368 V742", "#ffffff", 2, 'opacity="0.35"')
    )
    return Drawing(svg, Area(402, 464, 164, 146, inks.text), half=136)


def _shoe(inks: Inks) -> Drawing:
    """Draw a sneaker on its carton, which carries the name."""
    carton, lid = inks.paper.at(0.93), inks.accent
    svg = (
        _path("M318,648 H706 V732 Q706,740 698,740 H326 Q318,740 318,732 Z", carton)
        + _path("M318,648 H706 V660 H318 Z", "#000000", 'opacity="0.12"')
        + _path("M308,618 H716 V646 Q716,650 712,650 H312 Q308,650 308,646 Z", lid)
        + _path("M318,648 H706 V740 H318 Z", "url(#soft)")
        + _path("M308,618 H716 V650 H308 Z", "url(#soft)")
        + _ellipse(516, 620, 216, 9, "url(#shade)")
        + f'<g transform="translate(292,620)">{_sneaker(inks)}</g>'
    )
    return Drawing(svg, Area(346, 664, 332, 64, inks.text), half=194)


def _sneaker(inks: Inks) -> str:
    """Draw the shoe alone, 440 wide, its sole on y = 0, pointing right."""
    upper = (
        "M14,-40 C2,-84 4,-128 18,-166 C24,-182 42,-184 50,-172 C62,-150 92,-140 126,-150 "
        "C138,-166 152,-184 172,-190 C188,-194 196,-184 194,-170 C224,-146 268,-116 312,-100 "
        "C366,-90 414,-78 430,-38 Z"
    )
    throat = (
        "M126,-150 C138,-166 152,-184 172,-190 C188,-194 196,-184 194,-170 C224,-146 268,-116 "
        "312,-100 L284,-74 C236,-92 176,-122 150,-146 Z"
    )
    sole = (
        "M6,-46 C70,-36 130,-52 206,-40 C290,-30 372,-42 432,-46 C448,-40 448,-14 428,-5 "
        "C418,0 404,0 392,0 H26 C2,0 -4,-26 6,-46 Z"
    )
    laces = "M182,-148 L160,-124 M212,-130 L190,-106 M242,-114 L222,-90 M274,-100 L254,-78"
    return (
        _path(upper, inks.body)
        + _path(
            "M18,-166 C24,-182 42,-184 50,-172 C62,-150 92,-140 126,-150 L122,-134 "
            "C84,-122 46,-134 30,-160 Z",
            _darker(inks.body, 0.18),
        )
        + _path("M14,-42 C4,-80 4,-112 12,-146 C44,-132 66,-90 62,-42 Z", inks.accent)
        + _path(
            "M332,-96 C380,-86 416,-72 430,-40 H318 C308,-62 314,-84 332,-96 Z",
            _darker(inks.body, 0.07),
        )
        + _path(throat, _darker(inks.body, 0.1))
        + _path(
            "M104,-44 C140,-62 186,-98 214,-106 L258,-82 C220,-66 178,-44 150,-44 Z", inks.accent
        )
        + _path(upper, "url(#sheen)")
        + _line(laces, inks.paper, 10)
        + _path(sole, inks.paper)
        + _line("M10,-14 C140,-10 300,-10 430,-16", inks.accent, 6)
        + _path(sole, "url(#sheen)")
    )


def _shirt(inks: Inks) -> Drawing:
    body = (
        "M430,262 C462,300 562,300 594,262 L656,288 C690,302 708,326 720,360 L752,458 "
        "C742,476 704,492 676,494 L652,436 L656,716 C610,736 414,736 368,716 L372,436 L348,494 "
        "C320,492 282,476 272,458 L304,360 C316,326 334,302 368,288 Z"
    )
    svg = (
        _path(
            "M430,262 C462,250 562,250 594,262 C562,306 462,306 430,262 Z", _darker(inks.body, 0.17)
        )
        + _path(body, inks.body)
        + _path(body, "url(#soft)")
        + _line("M430,262 C462,304 562,304 594,262", inks.accent, 11)
        + _line(
            "M274,456 C292,472 322,484 350,488 M750,456 C732,472 702,484 674,488", inks.accent, 9
        )
        + _line(
            "M372,440 C374,420 378,400 386,382 M652,440 C650,420 646,400 638,382",
            _darker(inks.body, 0.13),
            4,
        )
        + _line(
            "M404,716 C420,660 414,620 426,580 M620,716 C604,670 612,640 600,600",
            _darker(inks.body, 0.08),
            5,
            'opacity="0.6"',
        )
        + _line(
            "M370,704 C414,722 610,722 654,704",
            _darker(inks.body, 0.1),
            3,
            'stroke-dasharray="7 6"',
        )
    )
    light = inks.body.lightness > _PALE
    return Drawing(svg, Area(412, 372, 200, 150, inks.text if light else inks.paper), half=130)


_PALE = 0.66
_STEPS = range(376, 656, 16)
_SIZES: dict[Silhouette, float] = {
    "bottle": 1.1,
    "can": 1.24,
    "mug": 1.2,
    "jar": 1.16,
    "box": 1.16,
    "shoe": 1.06,
    "shirt": 1.04,
}
_DRAWINGS: dict[Silhouette, Callable[[Inks], Drawing]] = {
    "bottle": _bottle,
    "can": _can,
    "mug": _mug,
    "box": _box,
    "shoe": _shoe,
    "shirt": _shirt,
    "jar": _jar,
}
