"""The steps of the loops, one at a time: emit, route, claim, end, reap."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from headgate.core.database import Connection
from headgate.core.dispatch import store as dispatch
from headgate.core.events.model import NewEvent
from headgate.core.events.store import emit
from headgate.core.work import store as work
from headgate.core.work.model import Lease, Outcome, Result
from proof.deployment import Deployment

ERROR = {"code": "broken", "message": "it broke", "retry": True, "detail": "a long trace"}


@dataclass(frozen=True, slots=True)
class Hands:
    """Speaks to the core through its statements' functions, on one connection."""

    conn: Connection
    made: Deployment

    async def emit(self, dataset: str, *what: tuple[int, int] | str) -> list[int]:
        """Emit one event for each range or key."""
        id_ = self.made.datasets[dataset]
        return await emit(
            self.conn,
            org_id=1,
            events=[
                NewEvent(dataset_id=id_, key=w)
                if isinstance(w, str)
                else NewEvent(dataset_id=id_, range=w)
                for w in what
            ],
        )

    async def route(self, *, limit: int = 5000) -> int:
        """Route until nothing is left; return how many events there were."""
        routed, empty = 0, 0
        while empty < 2:  # the first empty batch may only close a window
            async with self.conn.transaction():
                await dispatch.lock_router(self.conn)
                events = (await dispatch.route(self.conn, limit=limit)).events
            routed += events
            empty = 0 if events else empty + 1
        return routed

    async def session(self) -> int:
        """Register a worker."""
        return await work.open_session(self.conn, worker="hand", capacity=9, lease=600)

    async def die(self, session: int) -> None:
        """Let a worker's session run out."""
        await work.renew_session(self.conn, session=session, lease=-1)

    async def claim(self, session: int, job: str, quota: int = 1) -> list[Lease]:
        ids = [self.made.jobs[job]]
        async with self.conn.transaction():
            await work.lock_capped_jobs(self.conn, jobs=ids)
            return await work.claim(self.conn, quotas=[(ids[0], quota)], session=session)

    async def end(
        self, leases: Lease | Sequence[Lease], outcome: Outcome, *, delay_ms: int = 0
    ) -> list[Outcome]:
        """Complete leases alike; return the outcomes of those that were accepted."""
        leases = [leases] if isinstance(leases, Lease) else leases
        error = None if outcome is Outcome.OK else ERROR
        results = [Result(x.task_id, x.token, outcome, error, delay_ms) for x in leases]
        return list((await work.complete(self.conn, results=results)).values())

    async def promote(self) -> int:
        return await dispatch.promote(self.conn, limit=10_000)

    async def reap(self) -> list[Outcome]:
        """Complete as lost what no live worker holds; return what that became."""
        async with self.conn.transaction():
            expired = await dispatch.expired_leases(self.conn, grace=0, limit=500)
            lost = [Result(r["task_id"], r["token"], Outcome.LOST, ERROR) for r in expired]
            return list((await work.complete(self.conn, results=lost)).values())

    async def rows(self, table: str, job: str) -> list[dict[str, Any]]:
        """Return the rows of one of the core's tables for a job, in a stable order."""
        cursor = await self.conn.execute(
            f"select * from core.{table} t where job_id = %s order by t::text".encode(),
            [self.made.jobs[job]],
        )
        return await cursor.fetchall()

    async def events(self, dataset: str) -> list[dict[str, Any]]:
        cursor = await self.conn.execute(
            "select * from core.event where dataset_id = %s order by id",
            [self.made.datasets[dataset]],
        )
        return await cursor.fetchall()

    async def picture(self) -> dict[str, list[dict[str, Any]]]:
        """Return every row that a completion could change, to show that nothing did."""
        tables = ["event", "task_pending", "task_lease", "task_history", "dead_letter", "change"]
        return {
            table: await (
                await self.conn.execute(f"select * from core.{table} t order by t::text".encode())
            ).fetchall()
            for table in tables
        }
