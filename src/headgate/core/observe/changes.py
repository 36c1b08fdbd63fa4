"""The change stream: what happened since a watcher looked last.

A watcher that was away resumes from its position and misses nothing; changes near the position may
come twice. When it was away for too long, or too much happened, it is told to look at everything
again (`Reset`), which is cheaper than telling it one by one.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar

from headgate.core.errors import DatabaseUnavailable
from headgate.core.observe import store
from headgate.core.observe.rules import Position, may_resume, parse_position
from headgate.core.services import Services
from headgate.core.wake import wait

Topic = Literal["operation", "dead_letter", "task", "dag"]
TOPICS: tuple[Topic, ...] = ("operation", "dead_letter", "task", "dag")
KEEP = timedelta(hours=6)
_MOST = 500
_POLL = 1.0  # a wake-up may be lost

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Change:
    """Something changed: look at `subject` (an id) again. `data` says the most useful of it."""

    topic: str
    subject: str
    data: dict[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Batch:
    """Changes in the order of their transactions; `position` is after the last one.

    With `reset` some were left out, and whatever the watcher knows may be stale.
    """

    changes: Sequence[Change]
    position: Position
    reset: bool = False


async def follow(
    services: Services,
    *,
    org_id: int,
    topics: Sequence[str],
    resume_from: str | None,
    stopping: asyncio.Event,
) -> AsyncIterator[Batch]:
    """Yield what happens from now on, or from the position that `resume_from` writes.

    A watcher that starts, or cannot resume, gets an empty batch with its position at once. Ends
    within a second after `stopping` is set.
    """
    with services.wake.waiting("changed") as woken:
        since = _start(services, resume_from)
        if since is None:
            since = await _whole(_now(services))
            yield Batch((), since, reset=resume_from is not None)
        while not stopping.is_set():
            try:
                batch = await _whole(_next(services, org_id=org_id, topics=topics, since=since))
            except DatabaseUnavailable:
                await wait(woken, _POLL)
                continue
            since = batch.position
            if batch.changes or batch.reset:
                yield batch
            await wait(woken, _POLL)


async def _whole(look: Coroutine[Any, Any, T]) -> T:
    """Return what `look` returns; let it come to its end also when the watcher leaves.

    A query that is cut off costs the pool its connection, and watchers leave at any moment.
    """
    task = asyncio.create_task(look)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        raise


def _start(services: Services, resume_from: str | None) -> Position | None:
    position = parse_position(resume_from) if resume_from else None
    if position is None or not may_resume(position, now=services.clock(), keep=KEEP):
        return None
    return position


async def _now(services: Services) -> Position:
    async with services.database.connection() as conn:
        return Position(await store.snapshot(conn), services.clock())


async def _next(
    services: Services, *, org_id: int, topics: Sequence[str], since: Position
) -> Batch:
    async with services.database.connection() as conn:
        rows = await store.changes(
            conn, org_id=org_id, topics=topics, since=since.snapshot, limit=_MOST + 1
        )
    position = Position(rows[0]["snapshot"], services.clock())
    if rows[0]["from_elsewhere"] or len(rows) > _MOST:
        return Batch((), position, reset=True)
    return Batch(
        [
            Change(row["topic"], row["subject"], row["data"], row["at"])
            for row in rows
            if row["topic"] is not None
        ],
        position,
    )
