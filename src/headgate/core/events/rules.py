"""What makes an event acceptable."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from headgate.core.app import Range
from headgate.core.errors import Problem
from headgate.core.events.model import MAX_KEY_BYTES, MAX_PAYLOAD_BYTES, MAX_RANGE
from headgate.core.sinks.rules import row_faults

Fault = tuple[str, str, str]
"""Where, a code, why."""

_UNPRINTABLE = re.compile(r"[\x00-\x1f\ud800-\udfff]")
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
_BOUND = 2**61  # leaves room for the offsets that jobs add to a range


def problems_of(
    pointer: str,
    *,
    partitioning: str,
    key: str | None,
    range: Range | None,  # noqa: A002 - the field's name in the contract
    payload: Any,
    columns: Mapping[str, str] | None = None,
) -> list[Problem]:
    """Return every fault of one event for a dataset partitioned by `key` or by `range`.

    `columns` (name to type) are those of a buffered dataset: the payload is one row or a list of
    rows. Of any other dataset they are None, whatever its schema.
    """
    found = [
        *_place_faults(partitioning, key=key, range_=range),
        *_key_faults(key),
        *_range_faults(range),
        *_payload_faults(payload),
        *(() if columns is None or payload is None else row_faults(payload, columns)),
    ]
    return [Problem(f"{pointer}{where}", code, message) for where, code, message in found]


def _place_faults(partitioning: str, *, key: str | None, range_: Range | None) -> Iterator[Fault]:
    if partitioning == "key" and range_ is not None:
        yield "/range", "not_a_range", "the dataset is keyed by text: give `key`, not `range`"
    if partitioning == "range" and key is not None:
        yield "/key", "not_a_key", "the dataset is keyed by ranges: give `range`, not `key`"
    if partitioning == "range" and range_ is None:
        yield "/range", "missing", "an event of this dataset needs a `range`"


def _key_faults(key: str | None) -> Iterator[Fault]:
    if key is None:
        return
    if not key or len(key.encode(errors="surrogatepass")) > MAX_KEY_BYTES:
        yield "/key", "key_size", f"a key has 1 to {MAX_KEY_BYTES} bytes"
    if _UNPRINTABLE.search(key):
        yield "/key", "key_character", "a key holds no control character"


def _range_faults(range_: Range | None) -> Iterator[Fault]:
    if range_ is None:
        return
    low, high = range_
    if not low < high:
        yield "/range", "range_order", "a range is [first, one past the last], first the lower"
    elif low < -_BOUND or high > _BOUND:
        yield "/range", "range_bounds", f"a range lies within ±{_BOUND:,}"
    elif high - low > MAX_RANGE:
        yield "/range", "range_size", f"a range spans at most {MAX_RANGE:,}: emit several"


def _payload_faults(payload: Any) -> Iterator[Fault]:
    if payload is None:
        return
    text = json.dumps(payload, separators=(",", ":"))
    if len(text) > MAX_PAYLOAD_BYTES:
        why = f"a payload has at most {MAX_PAYLOAD_BYTES // 1024} KiB, this one {len(text) // 1024}"
        yield "/payload", "payload_size", f"{why}: put the data into an object and emit its key"
    elif not _is_storable(payload):
        why = "a payload holds no NUL, no half of a surrogate pair, no NaN and no infinity"
        yield "/payload", "payload_character", why


def _is_storable(value: Any) -> bool:
    """Return whether Postgres takes `value`, JSON as Python knows it, as jsonb."""
    match value:
        case str():
            return _UNSTORABLE.search(value) is None
        case float():
            return math.isfinite(value)
        case dict():
            return all(_is_storable(key) and _is_storable(each) for key, each in value.items())
        case list() | tuple():
            return all(map(_is_storable, value))
        case _:
            return True
