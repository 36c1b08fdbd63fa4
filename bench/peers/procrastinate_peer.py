"""Procrastinate, worker and sender in this process.

Tuned: deferred a thousand in a statement, 50 at once, woken by NOTIFY, finished jobs are kept (as
everybody here keeps them; deleting costs it more).
"""

import asyncio
import logging

import procrastinate
from on_postgres import Marks, latency, rate, run

_CONCURRENCY = 50
_BATCH = 1000
logging.getLogger("procrastinate").setLevel(logging.ERROR)


async def measure(url: str, what: str, count: int) -> dict[str, float]:
    app = procrastinate.App(
        connector=procrastinate.PsycopgConnector(conninfo=url, min_size=2, max_size=10)
    )
    marks = Marks()

    @app.task(name="noop")
    async def noop() -> None:
        marks.noop()

    @app.task(name="stamp")
    async def stamp(sent: int) -> None:
        marks.stamp(sent)

    async def send(number: int) -> None:
        for first in range(0, number, _BATCH):
            await noop.batch_defer_async(*({} for _ in range(min(_BATCH, number - first))))

    async def send_stamp(sent: int) -> None:
        await stamp.defer_async(sent=sent)

    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        worker = asyncio.create_task(
            app.run_worker_async(
                concurrency=_CONCURRENCY, install_signal_handlers=False, listen_notify=True,
                delete_jobs="never",
            )
        )  # fmt: skip
        await asyncio.sleep(1)
        if what == "tasks":
            found = await rate(marks, send, count)
        else:
            found = await latency(marks, send_stamp, count)
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
        return found


if __name__ == "__main__":
    run(measure)
