"""The nouns of how jobs stand."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

JobState = Literal["paused", "held", "running", "waiting", "failing", "idle", "removed"]
"""The first that holds. `held`: by backpressure. `failing`: nothing to do but open dead letters."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A job as it stands. Tasks and dead letters are counted up to a limit that the caller set.

    `oldest_at` is when the oldest of these tasks, waiting or running, was made.
    """

    job_id: int
    job: str
    dag: str
    removed: bool
    paused: bool
    held_since: datetime | None
    running: int
    waiting: int
    dead: int
    oldest_at: datetime | None

    @property
    def state(self) -> JobState:
        if self.removed:
            return "removed"
        if self.paused:
            return "paused"
        if self.held_since is not None:
            return "held"
        if self.running:
            return "running"
        if self.waiting:
            return "waiting"
        return "failing" if self.dead else "idle"
