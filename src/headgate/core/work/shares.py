"""How much of this worker each org has had: the state of weighted fair sharing."""

from collections.abc import Collection, Iterable, Mapping
from typing import Protocol


class Claimed(Protocol):
    @property
    def org_id(self) -> int: ...
    @property
    def org_weight(self) -> int: ...


class Shares:
    """Virtual time by org: tasks claimed, divided by weight. The least served comes first."""

    def __init__(self) -> None:
        self._served: dict[int, float] = {}
        self._floor = 0.0

    @property
    def served(self) -> Mapping[int, float]:
        return self._served

    def claimed(self, jobs: Iterable[Claimed], *, hungry: Collection[Claimed]) -> None:
        """Charge the org of each claimed task's job; `hungry` are the jobs with more to claim."""
        for job in jobs:
            before = self._served.get(job.org_id, self._floor)
            self._served[job.org_id] = before + 1 / job.org_weight
        waiting = {job.org_id for job in hungry}
        if waiting:
            self._floor = min(self._served.get(org, self._floor) for org in waiting)
        for org in self._served.keys() - waiting:
            # Who had nothing to do has saved nothing up.
            self._served[org] = max(self._served[org], self._floor)
        for org in waiting:
            self._served.setdefault(org, self._floor)
