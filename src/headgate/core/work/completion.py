"""Completing attempts: many in one transaction, or one with its operator's own rows."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import psycopg

from headgate.core.database import Connection, Database
from headgate.core.errors import DatabaseUnavailable
from headgate.core.events import store as event_store
from headgate.core.events.model import NewEvent
from headgate.core.wake import Wake
from headgate.core.work import store
from headgate.core.work.context import Write
from headgate.core.work.model import Outcome, Result
from headgate.core.work.rules import describe

_log = logging.getLogger("headgate.work")
_BATCH = 1000
_TOLD = {Outcome.DEAD, Outcome.CANCELLED}  # emitted to the failures dataset of their job
_RETRY_PAUSE = 0.5


@dataclass(frozen=True, slots=True)
class Ending:
    """A result, and what takes effect with it if its lease still holds."""

    result: Result
    org_id: int
    emitted: Sequence[NewEvent] = ()


class _Outdated(Exception):
    """Rolls an attempt's effects back."""


class Completer:
    """Group commit: whatever ended while one transaction was under way goes into the next.

    A database that is away is waited for: the results stay here, and their leases, whose heartbeat
    stopped as well, decide by their tokens whether they still count.
    """

    def __init__(
        self, database: Database, wake: Wake, *, ended: Callable[[Ending, Outcome | None], None]
    ) -> None:
        self._database = database
        self._wake = wake
        self._ended = ended
        self._queue: list[Ending] = []
        self._ready = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    def add(self, ending: Ending) -> None:
        self._queue.append(ending)
        self._idle.clear()
        self._ready.set()

    async def drained(self) -> None:
        """Wait until everything added so far is in the database."""
        await self._idle.wait()

    async def run(self) -> None:
        while True:
            await self._ready.wait()
            self._ready.clear()
            while self._queue:
                batch, self._queue = self._queue[:_BATCH], self._queue[_BATCH:]
                try:
                    accepted = await self._flush_what_is_taken(batch)
                except DatabaseUnavailable as error:
                    _log.warning("results wait for the database: %s", error.message)
                    self._queue[:0] = batch
                    await asyncio.sleep(_RETRY_PAUSE)
                    continue
                for ending in batch:
                    result = ending.result
                    self._ended(ending, accepted.get((result.task_id, result.token)))
            self._idle.set()

    async def _flush_what_is_taken(self, batch: list[Ending]) -> dict[tuple[int, int], Outcome]:
        """Flush; what the database refuses fails its own attempt, and no other of the batch."""
        try:
            return await self._flush(batch)
        except psycopg.DatabaseError as refused:
            _log.warning("the database refuses one of %d results: %s", len(batch), refused)
            if len(batch) == 1:
                result = replace(batch[0].result, outcome=Outcome.RETRY, error=describe(refused))
                return await self._flush([Ending(result, batch[0].org_id)])
        accepted: dict[tuple[int, int], Outcome] = {}
        for ending in batch:
            accepted |= await self._flush_what_is_taken([ending])
        return accepted

    async def _flush(self, batch: list[Ending]) -> dict[tuple[int, int], Outcome]:
        results = [ending.result for ending in batch]
        if not any(ending.emitted for ending in batch):
            async with self._database.connection() as conn:
                accepted = await store.complete(conn, results=results)
        else:
            async with self._database.transaction() as conn:
                accepted = await store.complete(conn, results=results)
                for org_id, (events, tasks) in _events_of(batch, accepted).items():
                    await event_store.emit(conn, org_id=org_id, events=events, producer_task=tasks)
        _signal(self._wake, batch, accepted)
        return accepted

    async def with_writes(
        self, ending: Ending, writes: Sequence[Write], *, gated: bool = False
    ) -> dict[tuple[int, int], Outcome]:
        """Complete one attempt and run its writes in the same transaction, if its lease holds.

        With `gated` inputs that changed while the writes read them count as well.

        A database that is away is waited for here as well, until the attempt's own timeout: the
        work is done, and its token tells whether a commit whose answer was lost took place.
        """
        while True:
            try:
                return await (self._write_first if gated else self._write)(ending, writes)
            except DatabaseUnavailable as error:
                _log.warning("a result waits for the database: %s", error.message)
                await asyncio.sleep(_RETRY_PAUSE)

    async def _write(
        self, ending: Ending, writes: Sequence[Write]
    ) -> dict[tuple[int, int], Outcome]:
        async with self._database.transaction() as conn:
            accepted = await store.complete(conn, results=[ending.result])
            if Outcome.OK in accepted.values():  # it may have gone back to pending instead
                await _take_effect(conn, ending, writes)
        _signal(self._wake, [ending], accepted)
        return accepted

    async def _write_first(
        self, ending: Ending, writes: Sequence[Write]
    ) -> dict[tuple[int, int], Outcome]:
        """As `_write`, but look whether the inputs still agree after the writes have read them."""
        result = ending.result
        async with self._database.transaction() as conn:
            if not await store.hold_lease(conn, task_id=result.task_id, token=result.token):
                return {}
            accepted: dict[tuple[int, int], Outcome] = {}
            with contextlib.suppress(_Outdated):
                async with conn.transaction():
                    await _take_effect(conn, ending, writes)
                    accepted = await store.complete(conn, results=[result])
                    if Outcome.OK not in accepted.values():
                        raise _Outdated
            if Outcome.OK not in accepted.values():
                again = replace(result, outcome=Outcome.SNOOZED, error=store.OUTDATED)
                accepted = await store.complete(conn, results=[again])
        _signal(self._wake, [ending], accepted)
        return accepted


async def _take_effect(conn: Connection, ending: Ending, writes: Sequence[Write]) -> None:
    for write in writes:
        await write(conn)
    await event_store.emit(
        conn, org_id=ending.org_id, events=ending.emitted, producer_task=ending.result.task_id
    )


def _events_of(
    batch: Sequence[Ending], accepted: Mapping[tuple[int, int], Outcome]
) -> dict[int, tuple[list[NewEvent], list[int]]]:
    """Return, by org, the events of the attempts that were accepted, each with its task."""
    told: dict[int, tuple[list[NewEvent], list[int]]] = {}
    for ending in batch:
        result = ending.result
        if ending.emitted and accepted.get((result.task_id, result.token)) is Outcome.OK:
            events, tasks = told.setdefault(ending.org_id, ([], []))
            events += ending.emitted
            tasks += [result.task_id] * len(ending.emitted)
    return told


def _signal(wake: Wake, batch: Sequence[Ending], accepted: dict[tuple[int, int], Outcome]) -> None:
    if any(ending.emitted for ending in batch) or _TOLD & set(accepted.values()):
        wake.signal("emitted")
    if any(outcome is not Outcome.OK for outcome in accepted.values()):
        wake.signal("routed")
        wake.signal("changed")
