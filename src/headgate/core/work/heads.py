"""Where the queue of each job begins, as far as this worker knows."""

from collections.abc import Mapping, Sequence

from headgate.core.work.model import Job, Lease

_PER_UPDATE = 0
_LOOK_AGAIN = 0.2  # seconds by which a task that comes back with an old id may start later


class Heads:
    """The last task claimed of each job, so that a claim does not walk over those before it.

    Claimed rows stay in the index for as long as somebody holds an older snapshot: a backup, a
    long report. A claim that starts at the head of the queue walks over all of them. Tasks are
    claimed in the order of their ids, so nearly nothing is left behind; what is (a task that was
    retried or lost keeps its id) is found by looking at the whole queue now and then. Only for
    `PerUpdate`: tasks of other jobs wait behind the head for their key to be free.
    """

    def __init__(self) -> None:
        self._last: dict[int, int] = {}
        self._whole_at = 0.0

    def after(self, now: float) -> Mapping[int, int]:
        """Return, by job, the id after which to claim; empty when it is time for a whole look.

        `now` is in seconds, on any clock that only goes forward.
        """
        if now >= self._whole_at:
            self._last.clear()
            self._whole_at = now + _LOOK_AGAIN
        return self._last

    def patience(self, now: float, *, most: float) -> float:
        """Return how long to wait after a claim that found nothing, at most `most` seconds."""
        return max(0.0, self._whole_at - now) if self._last else most

    def claimed(self, leases: Sequence[Lease], jobs: Mapping[int, Job]) -> None:
        for lease in leases:
            if jobs[lease.job_id].strategy == _PER_UPDATE:
                self._last[lease.job_id] = max(self._last.get(lease.job_id, 0), lease.task_id)
