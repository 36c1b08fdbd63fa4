"""What a worker runs right now, and the slots that this leaves."""

from asyncio import Task
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from headgate.core.work.model import Job, Lease

Why = Literal["timeout", "cancel", "preempt"]


@dataclass(slots=True)
class Attempt:
    """One lease at work. `ends_at` is on the event loop's clock, which nobody can set back."""

    lease: Lease
    job: Job
    work: Task[None]
    ends_at: float
    why: "Why | Literal['']" = ""
    """Why this worker itself stopped it."""

    def stop(self, why: Why) -> None:
        if not self.why:
            self.why = why
            self.work.cancel()


class Attempts:
    """Attempts by token: a task that was lost may come back while its first attempt still runs."""

    def __init__(self, slots: Mapping[str, int]) -> None:
        self._slots = slots
        self._used: Counter[str] = Counter()
        self._running: dict[int, Attempt] = {}

    def __len__(self) -> int:
        return len(self._running)

    def __iter__(self) -> Iterator[Attempt]:
        return iter(list(self._running.values()))

    def free(self, *, limit: int) -> dict[str, int]:
        """Return the free slots of each runtime, at most `limit`."""
        return {
            runtime: min(count - self._used[runtime], limit)
            for runtime, count in self._slots.items()
        }

    def tokens(self) -> list[int]:
        return list(self._running)

    def find(self, token: int) -> Attempt | None:
        return self._running.get(token)

    def add(self, attempt: Attempt) -> None:
        self._running[attempt.lease.token] = attempt
        self._used[attempt.job.runtime] += 1

    def remove(self, token: int) -> Attempt | None:
        """Give the attempt's slot back; None when it was given back before."""
        attempt = self._running.pop(token, None)
        if attempt is not None:
            self._used[attempt.job.runtime] -= 1
        return attempt
