"""A steady load on a running core: events at fixed moments, whatever the core makes of them."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from time import perf_counter, perf_counter_ns

from result import percentile
from rig import Rig

_TICK = 0.005  # seconds; what falls into one is due at its end, and emitted in one transaction
_WARM = 0.25  # the share of the first events that is not counted
_FILL = 40_000
_BATCH = 1000
_numbers = iter(range(0, 2**62, 10_000_000))


@dataclass(frozen=True, slots=True)
class Load:
    """What one level found: milliseconds from when an event was due to its operator's start."""

    offered: float
    p50: float
    p95: float
    p99: float

    def __str__(self) -> str:
        return f"{self.offered:,.0f}/s: p50 {self.p50:.1f}, p95 {self.p95:.1f}, p99 {self.p99:.1f}"


async def maximum(parts: Rig) -> float:
    """Return the tasks/s of a burst."""
    before, started = parts.done, perf_counter()
    for first in range(0, _FILL, _BATCH):
        await parts.emit("bench.work", first, _BATCH)
    await parts.finish(before + _FILL)
    return _FILL / (perf_counter() - started)


async def under_load(parts: Rig, *, rate: float, seconds: float) -> Load:
    """Offer `rate` events/s for `seconds`.

    An event's time counts from the moment it was due, not from when its emit began: a core that
    falls behind cannot hide it by slowing down who measures it. Who emits late emits all that is
    due by then in one transaction, as sources do.
    """
    parts.starts.clear()
    before, due, sent = parts.done, dict[int, int](), 0
    opening, base = perf_counter_ns(), next(_numbers)
    ticks = _ticks(rate, seconds)
    for (moment, upto), (following, _) in pairwise([*ticks, (2**62, 0)]):
        await asyncio.sleep(max(0.0, (opening + moment - perf_counter_ns()) / 1e9))
        due.update((base + number, opening + moment) for number in range(len(due), upto))
        if perf_counter_ns() < opening + following:
            await parts.emit("bench.ping", base + sent, upto - sent)
            sent = upto
    await parts.finish(before + len(due))
    counted = list(due.items())[int(len(due) * _WARM) :]
    took = sorted((parts.starts[number] - moment) / 1e6 for number, moment in counted)
    return Load(rate, percentile(took, 0.5), percentile(took, 0.95), percentile(took, 0.99))


def _ticks(rate: float, seconds: float) -> Iterator[tuple[int, int]]:
    """Yield (nanoseconds from the start, events due by then) of each tick that has some."""
    sent = 0
    for tick in range(1, int(seconds / _TICK) + 1):
        upto = int(tick * _TICK * rate)
        if upto > sent:
            yield int(tick * _TICK * 1e9), upto
        sent = upto
