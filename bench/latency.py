"""From emit to the operator's first line, on an idle system, one event at a time."""

import argparse
import asyncio
import json
import statistics
import sys
import time

from peer_runs import ratios, run_peers
from rig import rig

SUMMARY = "emit to start in ms (p50, p99), idle, beside Celery + Redis and Procrastinate"
_PAUSE = 0.01


async def ours(count: int) -> list[float]:
    """Return the milliseconds of each event, sorted."""
    async with rig() as parts:
        took = []
        for _ in range(count):
            emitted = time.perf_counter_ns()
            await parts.emit("bench.ping", 1)
            took.append((await parts.started.get() - emitted) / 1e6)
            await asyncio.sleep(_PAUSE)
        return sorted(took[count // 10 :])


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="latency", description=__doc__)
    parser.add_argument("--events", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-peers", action="store_true")
    options = parser.parse_args(arguments)
    middles, tails, peers = [], [], dict[str, list[dict[str, float]]]()
    for number in range(options.rounds):
        took = asyncio.run(ours(options.events))
        middles.append(statistics.median(took))
        tails.append(took[int(len(took) * 0.99)])
        print(
            f"round {number + 1}: headgate p50 {middles[-1]:.2f} p99 {tails[-1]:.2f}",
            file=sys.stderr,
        )
        if not options.no_peers:
            for name, value in run_peers("latency", options.events).items():
                peers.setdefault(name, []).append(value)
                print(
                    f"round {number + 1}: {name} p50 {value['p50']:.2f} p99 {value['p99']:.2f}",
                    file=sys.stderr,
                )
    value = statistics.median(middles)
    against = {n: statistics.median(v["p50"] for v in values) for n, values in peers.items()}
    print(
        json.dumps(
            {
                "name": "latency",
                "value": round(value, 2),
                "unit": "ms",
                "p99": round(statistics.median(tails), 2),
                "peers": {name: round(p50, 2) for name, p50 in against.items()},
                "peers_p99": {
                    n: round(statistics.median(v["p99"] for v in values), 2)
                    for n, values in peers.items()
                },
                "ratios": ratios(value, against),
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1:])
