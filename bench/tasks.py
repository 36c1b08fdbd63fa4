"""Durable no-op tasks a second, end to end: emit, route, claim, run, complete."""

import argparse
import asyncio
import sys
import time

from peer_runs import run_peers
from raw_limit import raw_tasks_a_second
from result import report, tell
from rig import rig
from server import Server, fresh_server

SUMMARY = "durable no-op tasks/s, end to end, beside four peers and the raw limit of Postgres"
_BATCH = 1000


async def tasks_a_second(server: Server, count: int) -> tuple[float, float]:
    """Return tasks/s, and the CPU seconds of this process for 10,000 tasks."""
    async with rig(server) as parts:
        started, cpu = time.perf_counter(), time.process_time()
        for first in range(0, count, _BATCH):
            await parts.emit("bench.work", first, _BATCH)
        await parts.finish(count)
        took = time.perf_counter() - started
        return count / took, (time.process_time() - cpu) * 10_000 / count


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="tasks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tasks", type=int, default=60_000)
    parser.add_argument("--peer-tasks", type=int, default=5_000)
    parser.add_argument("--no-peers", action="store_true")
    options = parser.parse_args(arguments)
    rates, against = [], dict[str, list[float]]()
    for number in range(1, options.rounds + 1):
        with fresh_server() as server:
            rate, cpu = asyncio.run(tasks_a_second(server, options.tasks))
            rates.append(rate)
            tell(f"round {number}: headgate {rate:,.0f}/s ({cpu:.2f} CPU s a 10,000)")
            raw = asyncio.run(raw_tasks_a_second(server.url, options.tasks))
        against.setdefault("raw limit", []).append(raw)
        tell(f"round {number}: raw limit {raw:,.0f}/s")
        for name, found in run_peers("tasks", options.peer_tasks, skip=options.no_peers):
            against.setdefault(name, []).append(found["rate"])
            tell(f"round {number}: {name} {found['rate']:,.0f}/s")
    report("tasks", rates, "tasks/s", against=against)


if __name__ == "__main__":
    main(sys.argv[1:])
