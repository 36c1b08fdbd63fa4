"""The nouns of a drawing. Lengths are CSS pixels from the top left corner; y grows downwards."""

from dataclasses import dataclass
from typing import Literal

PartKind = Literal["source", "dataset", "job", "dag"]
"""`dag`: a whole DAG, drawn as one box."""

LinkKind = Literal["input", "shifted", "whole", "output", "failures"]
"""`shifted`: an input that is read at other places than it is made for. `whole`: any part of the
input concerns all of the output. `failures`: told of tasks that were given up.
"""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Part:
    """Something to draw. `id` is the kind and the full name, as `job:chain.decode`."""

    id: str
    kind: PartKind
    label: str
    dag: str


@dataclass(frozen=True, slots=True)
class Link:
    """That `to_id` follows from `from_id`. `text` says how, empty where the kind says it all."""

    from_id: str
    to_id: str
    kind: LinkKind
    text: str = ""


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is to be drawn; both ends of each link are among the parts."""

    parts: tuple[Part, ...]
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """Where a part goes: `x`, `y` is its top left corner, `layer` its column from the left."""

    part: Part
    layer: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Line:
    """Where a link goes: from the right side of a box over bends to the left side of another."""

    link: Link
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A finished drawing; everything lies within `width` and `height`."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    width: float
    height: float
