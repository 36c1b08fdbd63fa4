"""Durable no-op tasks a second, end to end: emit, route, claim, run, complete."""

import argparse
import asyncio
import json
import statistics
import sys
import time

from peer_runs import ratios, run_peers
from rig import rig

SUMMARY = "durable no-op tasks/s, end to end, beside Celery + Redis and Procrastinate"
_BATCH = 1000


async def ours(count: int) -> tuple[float, float]:
    """Return tasks/s, and the CPU seconds of this process for 10,000 tasks."""
    async with rig() as parts:
        started, cpu = time.perf_counter(), time.process_time()
        for _ in range(0, count, _BATCH):
            await parts.emit("bench.work", _BATCH)
        while parts.done < count:
            await asyncio.sleep(0.002)
        took = time.perf_counter() - started
        return count / took, (time.process_time() - cpu) * 10_000 / count


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="tasks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tasks", type=int, default=60_000)
    parser.add_argument("--peer-tasks", type=int, default=5_000)
    parser.add_argument("--no-peers", action="store_true")
    options = parser.parse_args(arguments)
    rates, peers = [], dict[str, list[float]]()
    for number in range(options.rounds):
        rate, cpu = asyncio.run(ours(options.tasks))
        rates.append(rate)
        print(
            f"round {number + 1}: headgate {rate:,.0f}/s ({cpu:.2f} CPU s a 10,000)",
            file=sys.stderr,
        )
        if not options.no_peers:
            for name, value in run_peers("tasks", options.peer_tasks).items():
                peers.setdefault(name, []).append(value["rate"])
                print(f"round {number + 1}: {name} {value['rate']:,.0f}/s", file=sys.stderr)
    value = statistics.median(rates)
    against = {name: statistics.median(values) for name, values in peers.items()}
    print(
        json.dumps(
            {
                "name": "tasks",
                "value": round(value),
                "unit": "tasks/s",
                "spread": [round(min(rates)), round(max(rates))],
                "peers": {name: round(rate) for name, rate in against.items()},
                "ratios": ratios(value, against),
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1:])
