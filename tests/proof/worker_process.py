"""A worker in a process of its own, to be killed, stopped and woken: `python -m proof.worker_process`.

Prints `ready`, works until SIGTERM, drains, and prints its counts as JSON.
"""

import argparse
import asyncio
import json
import signal
from typing import Any

from headgate.core.app import TaskContext
from headgate.core.database import Database
from headgate.core.dispatch.loop import Dispatcher
from headgate.core.wake import Wake
from proof.workers import noting, worker_of


async def main(options: argparse.Namespace) -> None:
    database = Database(options.url, size=4)
    await database.open()
    wake = Wake(database, me=options.name)
    note = noting(options.name)

    async def run(ctx: TaskContext[Any]) -> None:
        await asyncio.sleep(options.seconds)
        await note(ctx)

    worker = worker_of(
        database,
        wake,
        {"run": run},
        slots=options.slots,
        lease_seconds=options.lease,
        name=options.name,
    )
    loops = [asyncio.create_task(worker.run()), asyncio.create_task(wake.run())]
    if options.dispatch:
        loops.append(asyncio.create_task(Dispatcher(database, wake).run()))
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    print("ready", flush=True)
    await stop.wait()
    await worker.drain(seconds=20)
    for loop in loops:
        loop.cancel()
    await asyncio.gather(*loops, return_exceptions=True)
    await database.close()
    print(json.dumps(worker.counts), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--name", required=True)
    parser.add_argument("--seconds", type=float, default=0.0, help="what each task takes")
    parser.add_argument("--slots", type=int, default=5)
    parser.add_argument("--lease", type=float, default=1.0)
    parser.add_argument("--dispatch", action="store_true", help="be a dispatcher as well")
    asyncio.run(main(parser.parse_args()))
