"""Guess what someone meant to write."""

from collections.abc import Iterable
from difflib import get_close_matches

_LONGEST = 64  # comparing costs the product of the lengths


def did_you_mean(name: str, candidates: Iterable[str]) -> str:
    """Return `did you mean "…"?` for the nearest candidate, or nothing when none is near."""
    if len(name) > _LONGEST:
        return ""
    by_lower = {candidate.lower(): candidate for candidate in sorted(candidates)}
    near = get_close_matches(name.lower(), by_lower, n=1, cutoff=0.7)
    return f'did you mean "{by_lower[near[0]]}"?' if near else ""
