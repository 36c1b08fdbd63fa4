"""The nouns of reading the event log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from headgate.core.app import Kind, Range

NEWEST = 2**63 - 1
"""Above the id of every event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """Which events are meant; None is any.

    `range` is half-open, and meets the event's. `since` is the first moment, `until` the first one
    after.
    """

    dataset: str | None = None
    kind: Kind | None = None
    key_prefix: str | None = None
    range: Range | None = None
    producer_task: int | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def is_picky(self) -> bool:
        """Whether a walk by dataset, or of all invalidations, meets events that are not meant."""
        return self.kind == "update" or any(
            one is not None
            for one in (self.key_prefix, self.range, self.producer_task, self.since, self.until)
        )


@dataclass(frozen=True, slots=True)
class ListedEvent:
    """One line of the log. A payload that is large as text is left out: `payload_omitted`.

    `payload_bytes` is what it takes as it is stored, which may be compressed.
    """

    id: int
    dataset: str
    kind: Kind
    key: str | None
    range: Range | None
    payload: Any
    payload_bytes: int
    payload_omitted: bool
    at: datetime
    version: str | None
    producer_task: int | None
    trace: str | None


@dataclass(frozen=True, slots=True)
class Look:
    """What a bounded look found, newest first; `go_on`: the id below which there may be more."""

    events: Sequence[ListedEvent]
    go_on: int | None
