"""A worker: claims tasks for the operators it knows, runs them, and completes them."""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from headgate.core.app import Operator
from headgate.core.database import Connection
from headgate.core.errors import DatabaseUnavailable, HeadgateError, LimitExceeded
from headgate.core.events import store as event_store
from headgate.core.lane import Lane
from headgate.core.observe.tracing import attempt_span
from headgate.core.wake import wait
from headgate.core.work import store
from headgate.core.work.attempts import Attempt, Attempts
from headgate.core.work.claims import Claims
from headgate.core.work.completion import Completer, Ending
from headgate.core.work.context import LeaseLost, LocalContext, Surroundings
from headgate.core.work.covered import Traced, covered_by
from headgate.core.work.memo import Memo, memos_of, skipped
from headgate.core.work.model import PER_UPDATE, Job, Lease, Outcome, Result
from headgate.core.work.rules import delay_of, describe

_log = logging.getLogger("headgate.work")
_POLL = 1.0  # a wake-up may be lost
_CLAIM = 500  # more in one claim only makes the others wait
_LOOK = 64  # of more jobs than these those that have work are asked for first
_EVENTS = 10_000  # a task that covers more sees the first ones and asks for the rest by range

RunOperator = Callable[[Job, LocalContext], Awaitable[None]]
"""Runs the operator of a job somewhere: here, or in another process."""


@dataclass(frozen=True, slots=True)
class Bound:
    """An operator with what its app built for it in this process."""

    operator: Operator
    resources: Any
    code: str = ""
    """What stands for the app's program, so that a job with `memo` notices a new one."""


@dataclass(frozen=True, slots=True)
class Place:
    """A runtime of this worker: how many tasks it runs at once, and how (None: right here)."""

    slots: int
    run: RunOperator | None = None


class OperatorCancelled(HeadgateError):
    """The operator awaited something that was cancelled; nobody asked this attempt to stop."""

    code = "cancelled_inside"
    retry = True


class Worker:
    """Runs until `run` is cancelled or `drain` is called; then gives back what it did not start."""

    def __init__(
        self,
        *,
        around: Surroundings,
        operators: Mapping[str, Bound],
        places: Mapping[str, Place],
        name: str,
        lease_seconds: float = 15.0,
    ) -> None:
        self._around = around
        self._lane = Lane(around.database)
        self._operators = operators
        self._places = places
        self._name = name
        self._lease_seconds = lease_seconds
        self._jobs: dict[int, Job] = {}
        self._attempts = Attempts({name: place.slots for name, place in places.items()})
        self._claims = Claims()
        self._session = 0
        self._unsure = False  # a claim's answer was lost: it may have leased tasks for us
        self._freed = asyncio.Event()
        self._draining = False
        self.completer = Completer(around.database, around.wake, ended=self._ended)
        self.counts: Counter[str] = Counter()

    async def run(self) -> None:
        """Work until cancelled."""
        await self._open_session()
        await self._load_jobs()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self.completer.run())
                group.create_task(self._beat())
                group.create_task(self._watch_deadlines())
                group.create_task(self._watch_deployments())
                group.create_task(self._claim_forever())
        finally:
            with contextlib.suppress(DatabaseUnavailable):
                await self._leave()
            await self._lane.close()

    async def drain(self, *, seconds: float) -> None:
        """Claim nothing more, and wait up to `seconds` for what runs."""
        self._draining = True
        running = [attempt.work for attempt in self._attempts]
        if running:
            await asyncio.wait(running, timeout=seconds)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.completer.drained()

    async def _open_session(self) -> None:
        async with self._around.database.connection() as conn:
            self._session = await store.open_session(
                conn,
                worker=self._name,
                capacity=sum(p.slots for p in self._places.values()),
                lease=self._lease_seconds,
            )

    async def _leave(self) -> None:
        """Give back what is still leased. It was not lost: it costs its task nothing."""
        for attempt in self._attempts:
            attempt.work.cancel()
        await asyncio.gather(*(a.work for a in self._attempts), return_exceptions=True)
        async with self._around.database.transaction() as conn:
            await self._give_back(
                conn, await store.leases_of(conn, session=self._session, known=[])
            )
            await store.close_session(conn, session=self._session)

    async def _give_back(self, conn: Connection, leases: Sequence[Lease]) -> None:
        why = {"code": "given_back", "message": "The worker stopped before the task was done."}
        results = [Result(x.task_id, x.token, Outcome.SNOOZED, why) for x in leases]
        if results:
            await store.complete(conn, results=results)

    async def _load_jobs(self) -> None:
        async with self._around.database.connection() as conn:
            jobs = await store.jobs(conn)
        ours = [j for j in jobs if j.operator in self._operators and j.runtime in self._places]
        self._jobs = {job.id: job for job in ours}

    # Claiming ------------------------------------------------------------------------------

    async def _claim_forever(self) -> None:
        with self._around.wake.waiting("routed", "deployed") as woken:
            self._freed = woken
            while not self._draining:
                try:
                    if self._unsure:
                        await self._adopt()
                    more = await self._claim()
                except DatabaseUnavailable as error:
                    _log.warning("cannot claim: %s", error.message)
                    more = False
                if not more:
                    now = asyncio.get_running_loop().time()
                    await wait(woken, self._claims.patience(now, most=_POLL))
                else:
                    await asyncio.sleep(0)

    async def _claim(self) -> bool:
        """Claim and start what there is; return whether there may be more at once."""
        jobs = {job.id: job for job in self._jobs.values() if not job.paused}
        if len(jobs) > _LOOK:
            async with self._lane.connection() as conn:
                jobs = {job: jobs[job] for job in await store.ready_jobs(conn) if job in jobs}
        quotas = self._claims.plan(jobs, free=self._attempts.free(limit=_CLAIM))
        if not quotas:
            return False
        capped = [job for job, _ in quotas if jobs[job].limited]
        self._unsure = True
        async with self._lane.connection() as conn:
            leases = await store.claim_batch(
                conn,
                quotas=quotas,
                session=self._session,
                capped=capped,
                after=self._claims.after(asyncio.get_running_loop().time()),
            )
        more = self._claims.found(leases, quotas=quotas, jobs=jobs)
        await self._start_all(leases, jobs)
        self._unsure = False
        return more

    async def _adopt(self) -> None:
        """Start what an earlier claim leased for us without our hearing of it."""
        async with self._around.database.connection() as conn:
            leases = await store.leases_of(
                conn, session=self._session, known=self._attempts.tokens()
            )
            strange = [lease for lease in leases if lease.job_id not in self._jobs]
            await self._give_back(conn, strange)
        await self._start_all([x for x in leases if x.job_id in self._jobs], self._jobs)
        self._unsure = False

    async def _start_all(self, leases: Sequence[Lease], jobs: Mapping[int, Job]) -> None:
        if any(lease.deployment_id != jobs[lease.job_id].deployment_id for lease in leases):
            # They were claimed under a version that came after our last look.
            await self._load_jobs()
            jobs = {**jobs, **self._jobs}
        events = await self._events_of([x for x in leases if x.heavy], jobs)
        wanting = [lease for lease in leases if jobs[lease.job_id].memo]
        memos: dict[int, Memo] = {}
        if wanting:
            memos = await memos_of(
                self._around.database,
                wanting,
                jobs=jobs,
                events={task: [event for event, _ in found] for task, found in events.items()},
                codes={name: bound.code for name, bound in self._operators.items()},
            )
        for lease in leases:
            job, memo = jobs[lease.job_id], memos.get(lease.task_id)
            if memo is not None and memo.repeats is not None:
                self.completer.add(Ending(skipped(lease, memo), job.org_id))
                continue
            self._start(lease, job, events.get(lease.task_id, ()), memo)

    async def _events_of(
        self, leases: Sequence[Lease], jobs: Mapping[int, Job]
    ) -> Mapping[int, list[Traced]]:
        heavy = [
            lease
            for lease in leases
            if self._operators[jobs[lease.job_id].operator].operator.reads_events
        ]
        if not heavy:
            return {}
        async with self._around.database.connection() as conn:
            found = await event_store.events_in(
                conn,
                spans=[span for lease in heavy for span in lease.spans],
                limit=_EVENTS,
            )
        return covered_by(heavy, found)

    def _start(
        self,
        lease: Lease,
        job: Job,
        events: Sequence[Traced],
        memo: Memo | None,
    ) -> None:
        context = LocalContext(
            lease=lease,
            job=job,
            events=[event for event, _ in events],
            trace=next((trace for _, trace in events if trace), None),
            resources=self._operators[job.operator].resources,
            around=self._around,
        )
        work = asyncio.create_task(self._attempt(lease, job, context, memo))
        ends_at = asyncio.get_running_loop().time() + job.timeout_ms / 1000
        self._attempts.add(Attempt(lease, job, work, ends_at))

    # Running -------------------------------------------------------------------------------

    async def _attempt(
        self, lease: Lease, job: Job, context: LocalContext, memo: Memo | None
    ) -> None:
        place = self._places[job.runtime]
        try:
            with attempt_span(context.task) if context.has_trace else contextlib.nullcontext():
                if place.run is None:
                    await self._operators[job.operator].operator.run(context)
                else:
                    await place.run(job, context)
            ending = Ending(
                Result(lease.task_id, lease.token, Outcome.OK), job.org_id, context.outcome_events()
            )
            if job.memo:  # "" for inputs that are not known: the memo of an earlier run is over
                context.write(
                    store.set_memo,
                    job_id=job.id,
                    ckey=lease.ckey,
                    hash=memo.made_from if memo is not None else "",
                    task_id=lease.task_id,
                )
            if not context.writes:
                self.completer.add(ending)
                return
            accepted = await self.completer.with_writes(ending, context.writes, gated=job.gated)
            self._ended(ending, accepted.get((lease.task_id, lease.token)))
        except asyncio.CancelledError:
            if not self._stopped_here(lease, job):
                raise
        except LeaseLost as error:
            _log.info("%s: task %s: %s", job.name, lease.task_id, error.message)
            self._forget(lease.token)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever an operator raises is its attempt's end
            self._fail(lease, job, error)

    def _stopped_here(self, lease: Lease, job: Job) -> bool:
        """Complete a cancelled attempt; False when it is the worker that stops."""
        attempt = self._attempts.find(lease.token)
        why = attempt.why if attempt is not None else ""
        this = asyncio.current_task()
        if why == "cancel":
            said = {"code": "cancelled", "message": "cancelled"}
            self._complete(lease, job, Outcome.CANCELLED, said)
        elif why == "preempt":
            said = {
                "code": "inputs_changed",
                "message": "What the task read was invalidated while it ran: it starts anew.",
            }
            self._complete(lease, job, Outcome.SNOOZED, said)
        elif why == "timeout":
            seconds = job.timeout_ms / 1000
            error = LimitExceeded(
                f"The attempt ran longer than the job's timeout of {seconds:g} s.",
                hint="Raise `timeout` in the DAG, or make the work smaller.",
            )
            self._fail(lease, job, error)
        elif this is not None and not this.cancelling():
            self._fail(
                lease, job, OperatorCancelled("Something the operator awaited was cancelled.")
            )
        else:
            return False
        return True

    def _fail(self, lease: Lease, job: Job, error: BaseException) -> None:
        described = describe(error)
        outcome = Outcome.RETRY if described["retry"] else Outcome.DEAD
        level = logging.WARNING if outcome is Outcome.RETRY else logging.ERROR
        _log.log(level, "%s: task %s: %s", job.name, lease.task_id, described["message"])
        self._complete(lease, job, outcome, described, delay_ms=delay_of(error))

    def _complete(
        self, lease: Lease, job: Job, outcome: Outcome, error: dict[str, Any], *, delay_ms: int = 0
    ) -> None:
        result = Result(lease.task_id, lease.token, outcome, error, delay_ms)
        self.completer.add(Ending(result, job.org_id))

    def _ended(self, ending: Ending, outcome: Outcome | None) -> None:
        if self._forget(ending.result.token):
            self.counts[outcome.name.lower() if outcome is not None else "stale"] += 1

    def _forget(self, token: int) -> bool:
        attempt = self._attempts.remove(token)
        if attempt is None:
            return False
        # Its end makes room, or frees its key or its job's limit.
        if self._claims.hungry or attempt.job.limited or attempt.job.strategy != PER_UPDATE:
            self._freed.set()
        return True

    # Keeping ---------------------------------------------------------------------------------

    async def _beat(self) -> None:
        """Renew the session, and stop what was cancelled."""
        while True:
            await asyncio.sleep(min(self._lease_seconds / 3, 1.0))
            try:
                async with self._around.database.connection() as conn:
                    held = await store.renew_session(
                        conn, session=self._session, lease=self._lease_seconds
                    )
                    stopped = await store.stopped_leases(conn, session=self._session)
                if not held:
                    await self._start_over()
            except DatabaseUnavailable as error:
                _log.warning("cannot renew the leases: %s", error.message)
                continue
            for token, cancelled in stopped:
                if attempt := self._attempts.find(token):
                    attempt.stop("cancel" if cancelled else "preempt")

    async def _start_over(self) -> None:
        """Our session was forgotten, so others own our tasks: stop them, register again."""
        _log.warning("this worker was taken for dead; its tasks went to others")
        for attempt in self._attempts:
            attempt.work.cancel()
            self._forget(attempt.lease.token)
        await self._open_session()

    async def _watch_deadlines(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(0.1)
            now = loop.time()
            for attempt in self._attempts:
                if now >= attempt.ends_at:
                    attempt.stop("timeout")

    async def _watch_deployments(self) -> None:
        with self._around.wake.waiting("deployed") as woken:
            while True:
                await wait(woken, 5.0)
                with contextlib.suppress(DatabaseUnavailable):
                    await self._load_jobs()
                    self._freed.set()  # a claim that was quicker knew only the old ones
