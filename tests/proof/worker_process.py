"""A worker in a process of its own, to be killed, stopped and woken: `python -m proof.worker_process`.

Prints `ready`, works until SIGTERM, drains, and prints its counts as JSON. With no slots it only
dispatches. It exits with `AWAY` when it finds no database to start with: start it again, then.
"""

import argparse
import asyncio
import json
import os
import signal
import sys
from datetime import datetime, timedelta
from typing import Any

from headgate.core.app import TaskContext
from headgate.core.clock import utc_now
from headgate.core.database import Database
from headgate.core.dispatch.leader import TERM
from headgate.core.dispatch.loop import Dispatcher
from headgate.core.errors import DatabaseUnavailable
from headgate.core.wake import Wake
from proof import storm_flow
from proof.workers import noting, worker_of

AWAY = os.EX_TEMPFAIL


async def main(options: argparse.Namespace) -> None:
    database = Database(options.url, size=4, application=options.name)
    await database.open()
    wake = Wake(database, me=options.name)
    note = noting(options.name)

    async def run(ctx: TaskContext[Any]) -> None:
        await asyncio.sleep(options.seconds)
        await note(ctx)

    def skewed() -> datetime:
        return utc_now() + timedelta(hours=options.skew)

    worker = worker_of(
        database,
        wake,
        {"run": run, **storm_flow.operators(options.name, seconds=options.seconds)},
        slots=options.slots,
        lease_seconds=options.lease,
        name=options.name,
        clock=skewed,
    )
    loops = [asyncio.create_task(worker.run()), asyncio.create_task(wake.run())]
    if options.dispatch:
        dispatcher = Dispatcher(database, wake, name=options.name, term=options.term)
        loops.append(asyncio.create_task(dispatcher.run()))
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    for loop in loops:  # one that ends by itself has failed
        loop.add_done_callback(lambda _: stop.set())
    print("ready", flush=True)
    await stop.wait()
    for loop in loops:
        if loop.done():
            loop.result()
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
    parser.add_argument("--term", type=float, default=TERM, help="of a leading dispatcher")
    parser.add_argument("--skew", type=float, default=0.0, help="hours by which its clock is off")
    try:
        asyncio.run(main(parser.parse_args()))
    except DatabaseUnavailable as error:
        print(error.message, file=sys.stderr)
        sys.exit(AWAY)
