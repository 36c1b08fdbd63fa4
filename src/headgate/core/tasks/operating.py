"""Carrying out what was asked of many tasks or dead letters, by turns, in any server there is."""

import asyncio
import logging

from headgate.core.errors import DatabaseUnavailable
from headgate.core.services import Services
from headgate.core.tasks.bulk.acting import act_on_slice
from headgate.core.tasks.redriving import move_batch
from headgate.core.wake import wait

_log = logging.getLogger("headgate.tasks")
_POLL = 2.0  # seconds; a wake-up may be lost, or a server may have died in the middle of a redrive
_CALM = 0.1  # seconds between two looks that find nothing, for whatever fails wakes this as well


async def run_operations(services: Services) -> None:
    """Carry out redrives and acts until cancelled, by turns.

    Any number of processes may: a slice is one's alone.
    """
    with services.wake.waiting("changed") as woken:
        while True:
            try:
                pause = min(await move_batch(services), await act_on_slice(services))
            except DatabaseUnavailable as error:
                _log.warning("redrives and acts on tasks wait: %s", error.message)
                pause = _POLL
            if pause > 0:
                await asyncio.sleep(min(pause, _CALM))
                await wait(woken, max(0.0, min(pause, _POLL) - _CALM))
