"""A process with a runtime, for a test that kills it: tells pids, then waits for its death."""

import asyncio
import os
import sys

from headgate.ports.runtime import Limits, Work
from headgate.ports.runtime.child_process import ChildProcessRuntime


async def main(report: int, entry: str) -> None:
    async def doors(door: str, payload: bytes) -> bytes:
        os.write(report, payload + b"\n")
        if door == "started":
            os.write(report, b"ready\n")
        return b""

    runtime = ChildProcessRuntime(env=os.environ)
    await runtime.run(Work(entry, b"", Limits()), doors)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
