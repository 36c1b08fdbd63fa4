"""Whether years of use slow it down: the same work on an empty database and on a grown one."""

import argparse
import asyncio
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from history import add_history, add_pending, many_jobs
from latency import idle_ms
from load_curve import maximum, under_load
from result import percentile, report, spread, tell
from rig import core, rig
from server import Server, fresh_server

SUMMARY = "throughput and latency with 1 k jobs, 100 k waiting tasks and up to 10 M rows of history"
_JOBS = 1000
_PAUSED = 100
_PENDING = 100_000
_HISTORY = (10_000, 1_000_000, 10_000_000)
_EVENTS = 150
_LOAD = 0.2  # of the maximum on the empty database
_SECONDS = 3


@dataclass(frozen=True, slots=True)
class Stage:
    """What a database of this size does: tasks/s, and milliseconds from emit to start."""

    title: str
    rates: list[float]
    idle: tuple[float, float]
    loaded: tuple[float, float]

    def __str__(self) -> str:
        return (
            f"{self.title}: {spread(self.rates)} tasks/s; idle p50 {self.idle[0]:.2f} p99"
            f" {self.idle[1]:.2f} ms; under load p50 {self.loaded[0]:.2f} p99"
            f" {self.loaded[1]:.2f} ms"
        )


async def measure(server: Server, title: str, *, rounds: int, load: float | None) -> Stage:
    """Measure one size; `load` is in events/s, by default a share of this size's maximum."""
    async with rig(server) as parts:
        idle = await idle_ms(parts, _EVENTS)
        rates = [await maximum(parts) for _ in range(rounds)]
        loaded = [
            await under_load(parts, rate=load or median(rates) * _LOAD, seconds=_SECONDS)
            for _ in range(rounds)
        ]
        return Stage(
            title,
            rates,
            (percentile(idle, 0.5), percentile(idle, 0.99)),
            (median(x.p50 for x in loaded), median(x.p99 for x in loaded)),
        )


def grown(server: Server, sizes: list[int], *, jobs: int, rounds: int) -> Iterator[Stage]:
    """Yield one stage after the other, each on top of those before it."""
    empty = asyncio.run(measure(server, "empty", rounds=rounds, load=None))
    yield empty
    load = median(empty.rates) * _LOAD
    asyncio.run(_deploy(server, jobs))
    yield asyncio.run(measure(server, f"{jobs:,} jobs", rounds=rounds, load=load))
    asyncio.run(add_pending(server.url, count=_PENDING))
    yield asyncio.run(measure(server, f"{_PENDING:,} waiting", rounds=rounds, load=load))
    have = 0
    for month, rows in enumerate(sizes, start=1):
        took = asyncio.run(add_history(server.url, have=have, want=rows, month=month))
        tell(f"made {rows:,} rows of history and as many events in {took:.0f} s")
        yield asyncio.run(measure(server, f"{rows:,} of history", rounds=rounds, load=load))
        have = rows


async def _deploy(server: Server, jobs: int) -> None:
    async with core(server.url, *many_jobs(jobs, paused=_PAUSED)):
        pass


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="growth", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=_JOBS)
    parser.add_argument("--history", type=int, nargs="*", default=list(_HISTORY))
    options = parser.parse_args(arguments)
    stages: list[Stage] = []
    with fresh_server() as server:
        for stage in grown(server, options.history, jobs=options.jobs, rounds=options.rounds):
            stages.append(stage)
            tell(str(stage))
    empty, last = stages[0], stages[-1]
    report(
        "growth",
        last.rates,
        "tasks/s",
        against={"empty": empty.rates},
        paired=False,
        stages={
            stage.title: {
                "throughput": round(median(stage.rates) / median(empty.rates), 3),
                "idle_p50": round(stage.idle[0] / empty.idle[0], 3),
                "idle_p99": round(stage.idle[1] / empty.idle[1], 3),
                "loaded_p50": round(stage.loaded[0] / empty.loaded[0], 3),
                "loaded_p99": round(stage.loaded[1] / empty.loaded[1], 3),
            }
            for stage in stages[1:]
        },
    )


if __name__ == "__main__":
    main(sys.argv[1:])
