"""Whole-pixel rectangles: origin at the top left, right and bottom edges exclusive."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Box:
    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height

    @property
    def corners(self) -> tuple[int, int, int, int]:
        """Return left, top, right, bottom as Pillow takes them."""
        return self.x, self.y, self.right, self.bottom

    def contains(self, other: Self) -> bool:
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def clipped(self, width: int, height: int) -> "Box":
        """Return the part of the box on a canvas of this size, at least one pixel of it."""
        x, y = min(max(self.x, 0), width - 1), min(max(self.y, 0), height - 1)
        right, bottom = min(max(self.right, x + 1), width), min(max(self.bottom, y + 1), height)
        return Box(x, y, right - x, bottom - y)

    def grown(self, pixels: int) -> "Box":
        """Return the box with `pixels` more on each side."""
        return Box(
            self.x - pixels, self.y - pixels, self.width + 2 * pixels, self.height + 2 * pixels
        )
