"""Which bytes a `Range` header asks for, and whether a client has the object already."""

import re
from typing import Literal

_ONE = re.compile(r"\s*bytes\s*=\s*(\d{0,18})-(\d{0,18})\s*", re.IGNORECASE)

Span = tuple[int, int]  # half-open


def quoted(etag: str) -> str:
    """Return a store's etag as HTTP writes it."""
    return f'"{unquoted(etag)}"'


def unquoted(tag: str) -> str:
    """Return the etag of an HTTP entity tag, weak or not."""
    return tag.strip().removeprefix("W/").strip('"')


def matches(header: str | None, etag: str) -> bool:
    """Tell whether an `If-None-Match` or `If-Match` header names this etag."""
    if header is None:
        return False
    return header.strip() == "*" or unquoted(etag) in {unquoted(t) for t in header.split(",")}


def requested_span(
    header: str | None, *, size: int, if_range: str | None, etag: str
) -> Span | Literal["whole", "unsatisfiable"]:
    """Return the bytes to send. Several ranges at once, or ones of another version, mean the whole.

    `if_range` is the header of that name: a range is of use only to who has the rest of this very
    version.
    """
    found = _ONE.fullmatch(header) if header else None
    if found is None or (if_range is not None and unquoted(if_range) != unquoted(etag)):
        return "whole"
    first, last = found[1], found[2]
    if not first and not last:
        return "whole"
    if not first:  # the last so many bytes
        count = min(int(last), size)
        return (size - count, size) if count else "unsatisfiable"
    start, end = int(first), int(last) + 1 if last else size
    if last and int(last) < start:
        return "whole"
    return (start, min(end, size)) if start < size else "unsatisfiable"
