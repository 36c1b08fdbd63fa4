"""Parts of datasets, and how they map along the reading of a job."""

from collections.abc import Sequence
from dataclasses import dataclass

from headgate.core.app import Range
from headgate.core.explain.figures import ranges_text

EVERYTHING = "{(,)}"  # as Postgres writes a multirange without bounds


@dataclass(frozen=True, slots=True)
class Place:
    """Some of a dataset: half-open `ranges`, a text `key`, or, with neither, all of it.

    `below`: the key stands for all keys that begin with its segments.
    """

    ranges: tuple[Range, ...] | None = None
    key: str | None = None
    below: bool = False

    @property
    def multirange(self) -> str:
        """The ranges as Postgres reads them; everything for a key or for all of a dataset."""
        if self.ranges is None:
            return EVERYTHING
        return "{" + ",".join(f"[{low},{high})" for low, high in self.ranges) + "}"


@dataclass(frozen=True, slots=True)
class Reading:
    """How a job reads: output n is made from the input from n - `hi` to n - `lo`.

    `segments`: the first N segments of an input's key are the output's. `whole`: any part of the
    input concerns all of the output, as it is between keys and ranges.
    """

    lo: int = 0
    hi: int = 0
    segments: int | None = None
    whole: bool = False


def read_from(place: Place, reading: Reading) -> Place:
    """Return what part of its input a job reads for this part of its output."""
    if reading.whole or (place.ranges is None and place.key is None):
        return Place()
    if place.ranges is not None:
        moved = [(low - reading.hi, high - reading.lo) for low, high in place.ranges]
        return Place(ranges=_joined(moved))
    return Place(key=place.key, below=place.below or reading.segments is not None)


def made_from(place: Place, reading: Reading) -> Place:
    """Return what part of its output a job makes from this part of its input."""
    if reading.whole or (place.ranges is None and place.key is None):
        return Place()
    if place.ranges is not None:
        moved = [(low + reading.lo, high + reading.hi) for low, high in place.ranges]
        return Place(ranges=_joined(moved))
    if reading.segments is None or place.key is None:
        return place
    segments = place.key.split("/")
    below = place.below and len(segments) < reading.segments
    return Place(key="/".join(segments[: reading.segments]), below=below)


def both(one: Place, other: Place) -> Place:
    """Return a part that holds both; of two keys that is everything."""
    if one == other:
        return one
    if one.ranges is not None and other.ranges is not None:
        return Place(ranges=_joined([*one.ranges, *other.ranges]))
    return Place()


def place_text(place: Place) -> str:
    """Write a place for people."""
    if place.ranges is not None:
        return ranges_text(place.ranges)
    if place.key is None:
        return "all of it"
    return f"keys below {place.key}" if place.below else f"key {place.key}"


def _joined(ranges: Sequence[Range]) -> tuple[Range, ...]:
    joined: list[Range] = []
    for low, high in sorted(ranges):
        if joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        elif low < high:
            joined.append((low, high))
    return tuple(joined)
