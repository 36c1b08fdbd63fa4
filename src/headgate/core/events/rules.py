"""What makes an event acceptable."""

import json
from typing import Any

from headgate.core.app import Range
from headgate.core.errors import Problem
from headgate.core.events.model import MAX_KEY_BYTES, MAX_PAYLOAD_BYTES, MAX_RANGE

_INT8 = 2**63


def problems_of(
    pointer: str,
    *,
    partitioning: str,
    key: str | None,
    range: Range | None,  # noqa: A002 - the field's name in the contract
    payload: Any,
) -> list[Problem]:
    """Return every fault of one event for a dataset partitioned by `key` or by `range`."""
    found: list[Problem] = []

    def fault(where: str, code: str, message: str) -> None:
        found.append(Problem(f"{pointer}{where}", code, message))

    if partitioning == "key" and range is not None:
        fault("/range", "not_a_range", "the dataset is keyed by text: give `key`, not `range`")
    if partitioning == "range" and key is not None:
        fault(
            "/key", "not_a_key", "the dataset is keyed by integer ranges: give `range`, not `key`"
        )
    if partitioning == "range" and range is None:
        fault("/range", "missing", "an event of this dataset needs a `range`")
    if key is not None:
        if not key or len(key.encode(errors="surrogatepass")) > MAX_KEY_BYTES:
            fault("/key", "key_size", f"a key has 1 to {MAX_KEY_BYTES} bytes")
        if any(ord(c) < 32 or 0xD800 <= ord(c) <= 0xDFFF for c in key):  # noqa: PLR2004
            fault("/key", "key_character", "a key holds no control character")
    if range is not None:
        low, high = range
        if not (-_INT8 <= low < high < _INT8):
            fault("/range", "range_order", "a range is [first, one past the last], first the lower")
        elif high - low > MAX_RANGE:
            fault("/range", "range_size", f"a range spans at most {MAX_RANGE:,}: emit several")
    if payload is not None:
        size = len(json.dumps(payload, separators=(",", ":")))
        if size > MAX_PAYLOAD_BYTES:
            fault(
                "/payload",
                "payload_size",
                f"a payload has at most {MAX_PAYLOAD_BYTES // 1024} KiB, this one {size // 1024}:"
                " put the data into an object and emit its key",
            )
        elif "\\u0000" in json.dumps(payload):
            fault("/payload", "payload_character", "a payload holds no NUL character")
    return found
