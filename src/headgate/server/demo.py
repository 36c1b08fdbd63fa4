"""The demo: Headgate whole, with a sample campaign run through it."""

import asyncio
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from headgate.apps.creative import rules, sample
from headgate.config import Settings
from headgate.core.access import LOCAL
from headgate.core.operations import store as operations
from headgate.core.sources.objects import announce
from headgate.server.observing import observe
from headgate.server.up import Running, Step, first_of, running

_POLL = 0.1

Progress = Callable[[int, int, str], None]
"""Told how many of how many images are done, and a line about it."""


@dataclass(frozen=True, slots=True)
class Finished:
    """Where the server is, and the operation of the sample campaign as it ended."""

    url: str
    operation: dict[str, Any]


def run(
    settings: Settings,
    *,
    once: bool,
    step: Step,
    progress: Progress,
    finished: Callable[[Finished], None],
) -> bool:
    """Run the demo until Ctrl-C, or with `once` just until the campaign has ended.

    Returns whether the campaign succeeded. Raises `HeadgateError` when the server cannot start.
    """
    observe(settings, role="demo", quiet=True)
    return asyncio.run(_run(settings, once=once, step=step, progress=progress, finished=finished))


async def _run(
    settings: Settings,
    *,
    once: bool,
    step: Step,
    progress: Progress,
    finished: Callable[[Finished], None],
) -> bool:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with running(settings, step=step) as parts:
        step("running the sample campaign")
        campaign = asyncio.create_task(_campaign(parts, progress))
        stopping = asyncio.create_task(stop.wait())
        await first_of(campaign, stopping, parts.stopped)
        if parts.stopped.done():
            parts.stopped.result()
        if not campaign.done():
            campaign.cancel()
            raise KeyboardInterrupt
        operation = campaign.result()
        finished(Finished(parts.url, operation))
        if not once:
            await first_of(stopping, parts.stopped)
            if parts.stopped.done():
                parts.stopped.result()
            step("stopping")
        stopping.cancel()
        return bool(operation["state"] == "succeeded")


async def _campaign(parts: Running, progress: Progress) -> dict[str, Any]:
    """Drop the sample as a user would, and follow it to its end."""
    shared = parts.shared
    await shared.objects.put(sample.ASSET_KEY, await asyncio.to_thread(sample.asset))
    info = await shared.objects.put(sample.BRIEF_KEY, sample.brief())
    (event_id,) = await announce(shared, org_id=LOCAL.org_id, info=info)
    run_id = UUID(rules.run_of(event_id))
    while True:
        async with shared.database.connection() as conn:
            operation = await operations.find(conn, org_id=LOCAL.org_id, id=run_id)
        if operation is not None:
            progress(operation["done"], operation["total"], operation["message"])
            if operation["state"] != "running":
                return operation
        await asyncio.sleep(_POLL)
