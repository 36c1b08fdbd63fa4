"""The nouns of the gauge app."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum, Flag, auto
from typing import NamedTuple

import msgspec


class Unit(Enum):
    METER = "m"
    FOOT = ("ft", 0.3048)


class Alarm(Flag):
    LOW = auto()
    HIGH = auto()


class Point(NamedTuple):
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Level:
    value: Decimal
    unit: Unit = Unit.METER


@dataclass(frozen=True)
class Reading:
    gauge: str
    at: datetime
    level: Level
    tags: tuple[str, ...] = ()


class Station(msgspec.Struct):
    name: str
    where: Point


@dataclass
class Draft:
    """Not frozen: changes would be lost on the way."""

    text: str
