"""Events routed a second: the product's own router, from the log into coalesced pending tasks."""

import argparse
import asyncio
import sys
import time
from dataclasses import dataclass

from headgate.core.events.model import NewEvent
from naive_router import one_at_a_time, set_limit
from result import report, spread, tell
from rig import Core, core
from server import fresh_server

SUMMARY = "events routed/s into coalesced tasks, beside a row-at-a-time router and the raw limit"
_EMIT = 5000
_NAIVE = 20_000
_SIZE = 100  # of a partition: events that merge into one task
_SUBSCRIBERS = 20
_TARGET = 100_000


@dataclass(frozen=True, slots=True)
class Case:
    """A way to coalesce: the jobs that read one dataset, and how they cut it.

    Events come in the order of the numbers they cover, as blocks and rows do, or from `sources`
    that take turns, each at a partition of its own, as customers and devices do.
    """

    title: str
    dataset: str
    strategy: str
    jobs: int = 1
    sources: int = 1

    def dag(self) -> str:
        cut = f", partition_size: {_SIZE}" if self.strategy == "PerPartition" else ""
        jobs = "\n".join(
            f"  job_{number}: {{operator: bench.noop, inputs: [{self.dataset}],"
            f" execution_strategy: {self.strategy}, update_strategy: append{cut}}}"
            for number in range(self.jobs)
        )
        name = self.dataset.replace(".", "_")
        return f"dag: {name}\ndatasets:\n  {self.dataset}: {{partitioning: range}}\njobs:\n{jobs}\n"

    def place(self, number: int) -> tuple[int, int]:
        """Return the range of the event of that number: one number."""
        turn, source = divmod(number, self.sources)
        place = turn // _SIZE * _SIZE * self.sources + source * _SIZE + turn % _SIZE
        return place, place + 1


HEADLINE = Case("PerPartition", "bench.parts", "PerPartition")
CASES = (
    HEADLINE,
    Case("Bulk", "bench.bulk", "Bulk"),
    Case("PerPartition, 1000 sources in turn", "bench.turns", "PerPartition", sources=1000),
    Case("Bulk, 20 subscribers", "bench.fan", "Bulk", jobs=_SUBSCRIBERS),
    Case("PerUpdate (nothing merges)", "bench.each", "PerUpdate"),
)


async def events_a_second(parts: Core, case: Case, count: int) -> float:
    """Emit `count` events of a number each, then route them all."""
    await parts.route_all()
    target = parts.datasets[case.dataset]
    for first in range(0, count, _EMIT):
        numbers = range(first, min(first + _EMIT, count))
        await parts.emit([NewEvent(target, range=case.place(n)) for n in numbers])
    started = time.perf_counter()
    routed = await parts.route_all()
    took = time.perf_counter() - started
    if routed != count:
        raise RuntimeError(f"{routed} of {count} events were routed")
    return count / took


async def one_round(url: str, count: int) -> dict[str, float]:
    found: dict[str, float] = {}
    async with core(url, *(case.dag() for case in CASES)) as parts:
        for case in CASES:
            found[case.title] = await events_a_second(parts, case, count)
    found["row at a time"] = await one_at_a_time(url, _NAIVE, size=_SIZE)
    found["raw limit"] = await set_limit(url, count, size=_SIZE)
    return found


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="route", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--events", type=int, default=200_000, help="of each case (default 200000)")
    options = parser.parse_args(arguments)
    rounds = []
    for number in range(1, options.rounds + 1):
        with fresh_server() as server:
            rounds.append(asyncio.run(one_round(server.url, options.events)))
        for title, rate in rounds[-1].items():
            tell(f"round {number}: {title} {rate:,.0f}/s")
    by_title = {title: [found[title] for found in rounds] for title in rounds[0]}
    report(
        "route",
        by_title[HEADLINE.title],
        "events/s",
        against={name: by_title[name] for name in ("row at a time", "raw limit")},
        cases={case.title: round(spread(by_title[case.title]).median) for case in CASES},
        target=_TARGET,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
