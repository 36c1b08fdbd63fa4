"""A backfill as people see it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Backfill:
    """What `event_id` left for a job: `remaining` of `total` units are not tasks yet."""

    id: int
    job: str
    event_id: int
    total: int
    remaining: int
    paused: bool
    created_at: datetime
    cancelled_at: datetime | None
