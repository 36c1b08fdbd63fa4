"""What the peers that live on Postgres share: the server that Headgate bundles, and the drill."""

import asyncio
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from headgate.ports.postgres.embedded import EmbeddedPostgres

Send = Callable[[int], Awaitable[None]]
"""Sends that many no-ops, as the peer does it fastest."""


class Marks:
    """What the peer's handlers leave behind, whatever thread they run in."""

    def __init__(self) -> None:
        self.done = 0
        self.took: list[float] = []

    def noop(self) -> None:
        self.done += 1

    def stamp(self, sent: int) -> None:
        self.took.append((time.perf_counter_ns() - sent) / 1e6)


async def rate(marks: Marks, send: Send, count: int) -> dict[str, float]:
    """Return tasks/s from the first one sent to the last one run."""
    before, started = marks.done, time.perf_counter()
    await send(count)
    while marks.done < before + count:
        await asyncio.sleep(0.005)
    return {"rate": count / (time.perf_counter() - started)}


async def latency(marks: Marks, send_stamp: Send, count: int) -> dict[str, float]:
    """Return p50 and p99 in ms from send to start, one at a time; `send_stamp` gets the moment."""
    for number in range(count):
        await send_stamp(time.perf_counter_ns())
        while len(marks.took) <= number:
            await asyncio.sleep(0.0005)
        await asyncio.sleep(0.01)
    kept = sorted(marks.took[count // 10 :])
    return {"p50": kept[len(kept) // 2], "p99": kept[int(len(kept) * 0.99)]}


def run(measure: Callable[[str, str, int], Awaitable[dict[str, float]]]) -> None:
    """Call `measure(url, what, count)` with the command's arguments and print what it found."""
    folder = Path(tempfile.mkdtemp(prefix="peer-bench-"))
    server = EmbeddedPostgres(folder / "postgres", log=folder / "postgres.log")
    try:
        found = asyncio.run(_awaited(measure(server.start(), sys.argv[1], int(sys.argv[2]))))
        print(json.dumps(found))
    finally:
        server.stop()
        shutil.rmtree(folder)


async def _awaited(found: Awaitable[dict[str, float]]) -> dict[str, float]:
    return await found
