"""How long something took, as people read it."""

_MINUTE = 60
_HOUR = 3600


def seconds_text(seconds: float | None) -> str | None:
    """Write `250 ms`, `3.2 s`, `4.5 min`, `2.1 h`; None for None."""
    if seconds is None:
        return None
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < _MINUTE:
        return f"{seconds:.3g} s"
    if seconds < _HOUR:
        return f"{seconds / _MINUTE:.3g} min"
    return f"{seconds / _HOUR:.3g} h"
