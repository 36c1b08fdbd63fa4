"""Awa, its Rust core under Python handlers, worker and sender in this process.

Tuned: its default storage on a fresh database, streamed in by COPY, 200 handlers at once, two
claimers with batches of 512, asked for work every 20 ms.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

import awa
from on_postgres import Marks, latency, rate, run

_QUEUE = "bench"
_BATCH = 1000


@dataclass
class Noop:
    number: int


@dataclass
class Stamp:
    sent: int


async def measure(url: str, what: str, count: int) -> dict[str, float]:
    # Its driver wants a host beside the socket folder, and then ignores it.
    client = awa.AsyncClient(url.replace("@/", "@localhost/"), max_connections=10)
    await client.migrate()
    marks = Marks()

    @client.task(Noop, queue=_QUEUE)
    async def noop(_: Any) -> None:
        marks.noop()

    @client.task(Stamp, queue=_QUEUE)
    async def stamp(job: Any) -> None:
        marks.stamp(job.args.sent)

    async def send(number: int) -> None:
        for first in range(0, number, _BATCH):
            last = min(first + _BATCH, number)
            await client.enqueue_many_copy([Noop(n) for n in range(first, last)], queue=_QUEUE)

    async def send_stamp(sent: int) -> None:
        await client.insert(Stamp(sent), queue=_QUEUE)

    await client.start(
        [{"name": _QUEUE, "max_workers": 200, "claimers": 2, "claim_batch_size": 512}],
        poll_interval_ms=20,
    )
    await asyncio.sleep(1)
    if what == "tasks":
        found = await rate(marks, send, count)
    else:
        found = await latency(marks, send_stamp, count)
    await client.shutdown()
    await client.close()
    return found


if __name__ == "__main__":
    run(measure)
