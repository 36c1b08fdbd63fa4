"""The nouns of the event log."""

from dataclasses import dataclass
from typing import Any

from headgate.core.app import Kind, Range

MAX_PAYLOAD_BYTES = 192 * 1024
MAX_KEY_BYTES = 900
MAX_RANGE = 10**9
KINDS: tuple[Kind, ...] = ("update", "invalidate")


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to be emitted. `idem_key` makes it happen once within its emit's scope.

    `version` is that of the data it tells of. `only_job` is the one job that gets it, if any.
    """

    dataset_id: int
    key: str | None = None
    range: Range | None = None
    payload: Any = None
    kind: Kind = "update"
    idem_key: str | None = None
    trace: str | None = None
    version: str | None = None
    only_job: int | None = None
