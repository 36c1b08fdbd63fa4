"""From emit to the operator's first line: idle, one event at a time, and under a rising load."""

import argparse
import asyncio
import sys
from dataclasses import dataclass
from time import perf_counter_ns

from load_curve import Load, maximum, under_load
from peer_runs import run_peers
from result import percentile, report, spread, tell
from rig import Rig, rig
from server import Server, fresh_server

SUMMARY = "emit to start in ms, idle beside four peers, and at 10 to 80 % of the maximum throughput"
SHARES = (0.1, 0.2, 0.4, 0.6, 0.8)
_PAUSE = 0.01
_TARGET = {"p50": 2.5, "p99": 5.0}


@dataclass(frozen=True, slots=True)
class Round:
    idle: list[float]
    most: float
    loads: list[Load]


async def idle_ms(parts: Rig, count: int) -> list[float]:
    """Return the milliseconds of each event, sorted, but for the first tenth."""
    took = []
    for number in range(count):
        before, emitted = parts.done, perf_counter_ns()
        await parts.emit("bench.ping", number)
        await parts.finish(before + 1)
        took.append((parts.starts[number] - emitted) / 1e6)
        await asyncio.sleep(_PAUSE)
    return sorted(took[count // 10 :])


async def one_round(server: Server, *, events: int, seconds: float) -> Round:
    async with rig(server) as parts:
        idle = await idle_ms(parts, events)
        most = await maximum(parts)
        loads = [await under_load(parts, rate=most * s, seconds=seconds) for s in SHARES]
        return Round(idle, most, loads)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="latency", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--events", type=int, default=300, help="sent one at a time (default 300)")
    parser.add_argument("--seconds", type=float, default=4, help="of each load (default 4)")
    parser.add_argument("--no-peers", action="store_true")
    options = parser.parse_args(arguments)
    rounds, peers = list[Round](), dict[str, list[dict[str, float]]]()
    for number in range(1, options.rounds + 1):
        with fresh_server() as server:
            found = asyncio.run(one_round(server, events=options.events, seconds=options.seconds))
        rounds.append(found)
        tell(f"round {number}: idle p50 {_p(found.idle, 0.5):.2f} p99 {_p(found.idle, 0.99):.2f}")
        tell(f"round {number}: maximum {found.most:,.0f}/s")
        for share, load in zip(SHARES, found.loads, strict=True):
            tell(f"round {number}: at {share:.0%}, {load}")
        for name, value in run_peers("latency", options.events, skip=options.no_peers):
            peers.setdefault(name, []).append(value)
            tell(f"round {number}: {name} p50 {value['p50']:.2f} p99 {value['p99']:.2f}")
    report(
        "latency",
        [_p(r.idle, 0.5) for r in rounds],
        "ms",
        against={n: [v["p50"] for v in values] for n, values in peers.items()},
        p99=_middle([_p(r.idle, 0.99) for r in rounds]),
        against_p99={n: _middle([v["p99"] for v in values]) for n, values in peers.items()},
        maximum=round(spread([r.most for r in rounds]).median),
        under_load={
            f"{share:.0%}": {
                name: _middle([getattr(r.loads[level], name) for r in rounds])
                for name in ("p50", "p95", "p99")
            }
            for level, share in enumerate(SHARES)
        },
        target=_TARGET,
    )


def _p(ordered: list[float], share: float) -> float:
    return percentile(ordered, share)


def _middle(values: list[float]) -> float:
    return round(spread(values).median, 2)


if __name__ == "__main__":
    main(sys.argv[1:])
