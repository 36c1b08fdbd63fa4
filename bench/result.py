"""How a benchmark says what it found: lines for people on stderr, one JSON object on stdout."""

import json
import os
import platform
import shlex
import statistics
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Spread:
    """What several rounds found."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        low, median, high = map(_rounded, (self.low, self.median, self.high))
        return f"{median:,} ({low:,} to {high:,})"


def spread(values: Sequence[float]) -> Spread:
    return Spread(statistics.median(values), min(values), max(values))


def percentile(ordered: Sequence[float], share: float) -> float:
    """Return the value that `share` of the sorted values do not exceed."""
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def tell(line: str) -> None:
    """Say how it goes."""
    print(line, file=sys.stderr, flush=True)


def report(
    name: str,
    values: Sequence[float],
    unit: str,
    *,
    against: Mapping[str, Sequence[float]],
    paired: bool = True,
    **more: Any,
) -> None:
    """Print the result: the value of each round, and of each peer or limit in the same rounds.

    A ratio (value / peer) is the median of the rounds' own ratios, because what else the machine
    did in a round slowed down both; of the medians if the two were not measured in turns (`paired`
    is false), or a peer failed in some round. `load` is the average of the last minute, this run
    included.
    """
    print(
        json.dumps(
            {
                "name": name,
                **_figures(values),
                "unit": unit,
                "against": {
                    peer: {
                        **_figures(theirs),
                        "ratio": _rounded(_ratio(values, theirs, paired=paired)),
                    }
                    for peer, theirs in against.items()
                },
                **more,
                "command": shlex.join(["python", *sys.orig_argv[1:]]),
                "machine": machine(),
                "load": round(os.getloadavg()[0], 1),
            }
        )
    )


def _figures(values: Sequence[float]) -> dict[str, Any]:
    found = spread(values)
    return {"value": _rounded(found.median), "spread": [_rounded(found.low), _rounded(found.high)]}


def _ratio(ours: Sequence[float], theirs: Sequence[float], *, paired: bool) -> float:
    if paired and len(ours) == len(theirs):
        return spread([a / b for a, b in zip(ours, theirs, strict=True)]).median
    return spread(ours).median / spread(theirs).median


def machine() -> str:
    """Return the class of this machine, as published figures name it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    model = models[0] if models else platform.processor() or platform.machine()
    return f"{os.cpu_count()} x {model}, {platform.system()}, Python {platform.python_version()}"


def _rounded(value: float) -> float:
    """Return four digits, or all before the point."""
    return float(f"{value:.4g}") if abs(value) < 1000 else round(value)
