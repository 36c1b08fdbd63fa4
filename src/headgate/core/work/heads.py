"""Where the queue of each job begins, as far as this worker knows."""

from collections.abc import Mapping, Sequence

from headgate.core.work.model import PER_UPDATE, Job, Lease

_LOOK_AGAIN = 0.2  # seconds by which a task that comes back with an old id may start later


class Heads:
    """The last task claimed of each job, so that a claim does not walk over those before it.

    Claimed rows stay in the index for as long as somebody holds an older snapshot: a backup, a long
    report. A claim that starts at the head of the queue walks over all of them. Tasks are claimed
    in the order of their ids, so nearly nothing is left behind; what is (a task that was retried or
    lost keeps its id) is found by looking at the whole queue now and then. Only for `PerUpdate`
    without turns: tasks of other jobs wait behind the head for their key, or come in another order.
    """

    def __init__(self) -> None:
        self._last: dict[int, int] = {}
        self._whole = True
        self._whole_at = 0.0

    def after(self, now: float) -> Mapping[int, int]:
        """Return, by job, the id after which to claim; empty when it is time for a whole look.

        `now` is in seconds, on any clock that only goes forward.
        """
        self._whole = now >= self._whole_at
        if not self._whole:
            return self._last
        self._whole_at = now + _LOOK_AGAIN
        return {}

    def claimed(
        self, leases: Sequence[Lease], *, quotas: Sequence[tuple[int, int]], jobs: Mapping[int, Job]
    ) -> None:
        """Take note of what a claim with these (job id, quota) found."""
        ids: dict[int, list[int]] = {job: [] for job, _ in quotas}
        for lease in leases:
            ids[lease.job_id].append(lease.task_id)
        for job, quota in quotas:
            if jobs[job].strategy == PER_UPDATE and not jobs[job].fair:
                # A whole look that filled its quota may have left tasks with lower ids than others
                # claimed before; one that did not has emptied the queue.
                known = 0 if self._whole and len(ids[job]) == quota else self._last.get(job, 0)
                self._last[job] = max([known, *ids[job]])

    def patience(self, now: float, *, most: float) -> float:
        """Return how long to wait after a claim that found nothing, at most `most` seconds."""
        return most if self._whole else max(0.0, self._whole_at - now)
