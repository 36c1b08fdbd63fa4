"""What all calls of workers share."""

import asyncio
import itertools
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

from headgate.core.database import Database
from headgate.core.services import Services
from headgate.core.wake import Wake
from headgate.core.work import store
from headgate.core.work.contract.tokens import Tokens
from headgate.core.work.model import Job

_FRESH = 1.0  # seconds; a wake-up may be lost
_CLAIMS_AT_ONCE = (
    4  # waiting workers all wake together; the pool's other connections are for results
)


class DeployedJobs:
    """The deployed jobs by id, read again when something was deployed."""

    def __init__(self, database: Database, wake: Wake) -> None:
        self._database = database
        self._listening = ExitStack()  # for as long as this object is there
        self._deployed = self._listening.enter_context(wake.waiting("deployed"))
        self._jobs: Mapping[int, Job] = {}
        self._until = 0.0

    async def of(self, org_id: int) -> dict[int, Job]:
        """Return the jobs of an org."""
        now = asyncio.get_running_loop().time()
        if self._deployed.is_set() or now >= self._until:
            self._deployed.clear()
            async with self._database.connection() as conn:
                self._jobs = {job.id: job for job in await store.jobs(conn)}
            self._until = now + _FRESH
        return {id_: job for id_, job in self._jobs.items() if job.org_id == org_id}


@dataclass(frozen=True, slots=True)
class Desk:
    """Where workers turn to. Calls that wait end when `stopping` is set."""

    services: Services
    tokens: Tokens
    jobs: DeployedJobs
    lease_seconds: float
    stopping: asyncio.Event
    turns: Iterator[int] = field(default_factory=itertools.count)
    kept: dict[int, float] = field(default_factory=dict)
    """When this process renewed each session last, by the loop's clock; only to spare writes."""
    claiming: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_CLAIMS_AT_ONCE))


def open_desk(
    services: Services, *, secret: bytes, lease_seconds: float, stopping: asyncio.Event
) -> Desk:
    """Return a desk whose tokens are signed with `secret`."""
    return Desk(
        services=services,
        tokens=Tokens(secret),
        jobs=DeployedJobs(services.database, services.wake),
        lease_seconds=lease_seconds,
        stopping=stopping,
    )
