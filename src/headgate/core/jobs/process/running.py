"""Telling a job to run over a part of its partitions again."""

import asyncio
from collections.abc import Mapping
from typing import Any

from headgate.core.app import Range
from headgate.core.errors import InvalidInput
from headgate.core.events.model import NewEvent
from headgate.core.events.rules import problems_of
from headgate.core.events.store import emit
from headgate.core.explain.waiting.store import holds
from headgate.core.jobs import store as jobs
from headgate.core.jobs.process import store
from headgate.core.jobs.process.model import Given, Processed
from headgate.core.jobs.process.rules import given_for, is_backfilled, process_text, tasks_of
from headgate.core.jobs.reading import find_job
from headgate.core.services import Services

_ROUTED_WITHIN = 2.0  # seconds in which an event is routed where a Dispatcher is at work


async def process(
    services: Services,
    *,
    org_id: int,
    job: str,
    key: str | None,
    range: Range | None,  # noqa: A002 - the field's name in the contract
    dry_run: bool = False,
    trace: str | None = None,
) -> Processed:
    """Run `job`, and no other, over a text key or a range of its own partitions again.

    It gets an update of one of its inputs, with the payload of the newest one there and without a
    version, so that no memo answers it. What the job makes is news to whoever reads it, as ever.
    With `dry_run` nothing is changed. Raises `NotFound`, `Conflict`, and `InvalidInput` with every
    fault of the part.
    """
    async with services.database.transaction() as conn:
        found = await find_job(conn, org_id=org_id, job=job)
        inputs = await jobs.inputs(conn, job_id=found["id"])
        given = given_for(job, inputs, key=key, range=range)
        if problems := problems_of(
            "", partitioning=given.partitioning, key=given.key, range=given.range, payload=None
        ):
            raise InvalidInput(f"{job} has no such part.", problems=problems)
        like = await store.event_like(
            conn, dataset_id=given.dataset_id, key=given.key, range=given.range
        )
        held = bool(await holds(conn, job_id=found["id"], limit=1))
        event_id = None
        if not dry_run:
            event = NewEvent(
                dataset_id=given.dataset_id,
                key=given.key,
                range=given.range,
                payload=like[1] if like else None,
                trace=trace,
                only_job=found["id"],
            )
            (event_id,) = await emit(conn, org_id=org_id, events=[event])
    return await _told(
        services, found, given, event_id=event_id, payload_of=like[0] if like else None, held=held
    )


async def _told(
    services: Services,
    job: Mapping[str, Any],
    given: Given,
    *,
    event_id: int | None,
    payload_of: int | None,
    held: bool,
) -> Processed:
    tasks = tasks_of(given, strategy=job["strategy"], part_size=job["part_size"])
    backfill = None
    if event_id is not None:
        # After the commit: a router that wakes earlier would find nothing.
        backfill = await _routed(
            services, job_id=job["id"], event_id=event_id, awaited=is_backfilled(tasks)
        )
    return Processed(
        job=job["job"],
        dry_run=event_id is None,
        event_id=event_id,
        dataset=given.dataset,
        key=given.key,
        range=given.covers,
        payload_of=payload_of,
        tasks=tasks,
        by_backfill=is_backfilled(tasks),
        backfill=backfill,
        text=process_text(
            job["job"],
            given,
            tasks=tasks,
            dry_run=event_id is None,
            paused=job["paused"],
            held=held,
        ),
    )


async def _routed(services: Services, *, job_id: int, event_id: int, awaited: bool) -> int | None:
    """Wake the router; if a backfill is awaited, return its id once it is there, None if late."""
    with services.wake.waiting("routed") as routed:
        services.wake.signal("emitted")
        if not awaited:
            return None
        loop = asyncio.get_running_loop()
        end = loop.time() + _ROUTED_WITHIN
        while loop.time() < end:
            async with services.database.connection() as conn:
                found = await store.backfill_of(conn, job_id=job_id, event_id=event_id)
            if found is not None:
                return found
            routed.clear()
            try:
                await asyncio.wait_for(routed.wait(), timeout=0.2)
            except TimeoutError:
                continue
    return None
