"""What a worker asks for with its next claim, from what the claims before it found."""

from collections import Counter
from collections.abc import Mapping, Sequence

from headgate.core.work.heads import Heads
from headgate.core.work.model import Job, Lease
from headgate.core.work.rules import Demand, allocate
from headgate.core.work.shares import Shares

Quotas = Sequence[tuple[int, int]]
"""Job ids, and how many tasks of each."""


class Claims:
    """Plans claims for the jobs of one worker."""

    def __init__(self) -> None:
        self._heads = Heads()
        self._shares = Shares()
        self._busy: frozenset[int] = frozenset()
        self._turn = 0
        self.hungry = True
        """Whether more work was there than slots: one that gets free is to be filled at once."""

    def plan(self, jobs: Mapping[int, Job], *, free: Mapping[str, int]) -> Quotas:
        """Return the quotas of the next claim; `free` are the free slots by runtime."""
        quotas = allocate(
            [Demand(j.id, j.priority, j.runtime, j.org_id, j.org_weight) for j in jobs.values()],
            free=free,
            busy=self._busy,
            turn=self._turn,
            served=self._shares.served,
        )
        self._turn += 1
        self.hungry = self.hungry or bool(jobs and not quotas)
        return quotas

    def after(self, now: float) -> Mapping[int, int]:
        """Return, by job, the task id after which to look; `now` is of a clock that goes on."""
        return self._heads.after(now)

    def found(self, leases: Sequence[Lease], *, quotas: Quotas, jobs: Mapping[int, Job]) -> bool:
        """Take note of what a claim found; return whether another one may find more at once."""
        self._heads.claimed(leases, quotas=quotas, jobs=jobs)
        count = Counter(lease.job_id for lease in leases)
        looked = {job for job, _ in quotas}
        filled = {job for job, quota in quotas if count[job] == quota}
        self._busy = frozenset(filled | (self._busy - looked)) & jobs.keys()
        self._shares.claimed(
            (jobs[lease.job_id] for lease in leases), hungry=[jobs[job] for job in self._busy]
        )
        self.hungry = bool(self._busy)
        return bool(filled) or not self._busy <= looked

    def patience(self, now: float, *, most: float) -> float:
        """Return how long to wait after a claim that found nothing, at most `most` seconds."""
        return self._heads.patience(now, most=most)
