"""A series as one line of blocks."""

from collections.abc import Sequence

_BLOCKS = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float], *, width: int) -> str:
    """Draw a series in at most `width` characters, each the highest of its values.

    The lowest block is zero, the highest the maximum of the series.
    """
    top = max(values, default=0)
    if not values:
        return ""
    cells = min(width, len(values))
    highest = [
        max(values[n * len(values) // cells : (n + 1) * len(values) // cells]) for n in range(cells)
    ]
    if top <= 0:
        return _BLOCKS[0] * cells
    return "".join(_BLOCKS[-(-int(value * 1000) * 7 // int(top * 1000))] for value in highest)
