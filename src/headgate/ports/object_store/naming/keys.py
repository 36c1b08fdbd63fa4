"""Which keys are valid."""

import re

from headgate.ports.object_store import BadKey

HIDDEN = ".headgate"
"""The first segment no key may have: the store keeps its own things there."""

_MAX_BYTES = 900
_MAX_SEGMENT_BYTES = 255
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")


def check_key(key: str) -> None:
    """Raise `BadKey`, naming the broken rule, unless `key` is valid.

    Two rules stand beside the contract's own, so that each key fits each adapter: no segment is
    longer than the 255 bytes a file system can name, and the first one is not `.headgate`.
    """
    if fault := _fault(key):
        raise BadKey(f"{_shown(key)} is no valid key: {fault}")


def is_key(text: str) -> bool:
    """Tell whether `check_key` would pass."""
    return _fault(text) is None


def _fault(key: str) -> str | None:
    try:
        size = len(key.encode())
    except UnicodeEncodeError:
        return "it is not valid Unicode"
    if size > _MAX_BYTES:
        return f"it has {size} bytes, more than {_MAX_BYTES}"
    if _CONTROL.search(key):
        return "it holds a control character"
    segments = key.split("/")
    for segment in segments:
        if segment in {"", ".", ".."}:
            return f"it has the segment {segment!r} (keys look like 'folder/name.json')"
        if len(segment.encode()) > _MAX_SEGMENT_BYTES:
            return f"one of its segments is longer than {_MAX_SEGMENT_BYTES} bytes"
    # Lower case: some file systems take .HEADGATE for the same folder.
    if segments[0].lower() == HIDDEN:
        return f"{HIDDEN} belongs to the store itself"
    return None


def _shown(key: str, limit: int = 120) -> str:
    return repr(key) if len(key) <= limit else f"{key[:limit]!r}..."
