"""Which of the events that were read belong to which task."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from headgate.core.app import Event
from headgate.core.events.store import Covered
from headgate.core.work.model import Lease

Traced = tuple[Event, str | None]
"""An event and its trace."""


def covered_by(leases: Sequence[Lease], found: Sequence[Covered]) -> Mapping[int, list[Traced]]:
    """Return, by task, the events among `found` (by id) that each lease covers, by id."""
    of_job: dict[int, list[Traced]] = {}
    for job, event, trace in found:
        of_job.setdefault(job, []).append((event, trace))
    ids = {job: [event.id for event, _ in events] for job, events in of_job.items()}
    return {
        lease.task_id: [
            traced
            for low, high in lease.event_ids
            for traced in of_job[lease.job_id][
                bisect_left(ids[lease.job_id], low) : bisect_left(ids[lease.job_id], high)
            ]
        ]
        for lease in leases
        if lease.job_id in ids
    }
