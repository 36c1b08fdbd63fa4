"""A worker with the core's operators in a process of its own: `python -m sinking_process URL`.

Prints `ready` and works until it is killed.
"""

import asyncio
import sys

from sink_crew import worker_of

from headgate.core.database import Database
from headgate.core.wake import Wake


async def main(url: str) -> None:
    database = Database(url, size=4)
    await database.open()
    wake = Wake(database, me="sinking")
    worker = worker_of(database, wake, lease_seconds=0.8)
    loops = [asyncio.create_task(worker.run()), asyncio.create_task(wake.run())]
    print("ready", flush=True)
    await asyncio.gather(*loops)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
