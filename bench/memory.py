"""Whether memory stays flat: a steady load for minutes, and what each process holds meanwhile."""

import argparse
import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from headgate.core.database import Database
from load_curve import under_load
from result import report, spread, tell
from rig import Rig, rig
from server import Server, fresh_server

SUMMARY = "memory of the process and of Postgres's backends at the start, middle and end of a run"
_RATE = 2000.0
_SLICE = 5  # seconds between two looks
_WARM = 15  # seconds: caches fill, every statement is prepared, every loop ran
_MIB = 1024.0


@dataclass(frozen=True, slots=True)
class Look:
    """MiB: what this process has in memory, and the backends besides what they share."""

    process: float
    backends: float

    def __str__(self) -> str:
        return f"process {self.process:.1f} MiB, backends {self.backends:.1f} MiB"


async def steady_run(server: Server, *, seconds: float, rate: float) -> list[Look]:
    """Return a look at the end of each slice, from after the warm-up to the end."""
    async with rig(server) as parts:
        await under_load(parts, rate=rate, seconds=_WARM)
        looks = [await _look(parts)]
        for _ in range(int(seconds / _SLICE)):
            await under_load(parts, rate=rate, seconds=_SLICE)
            looks.append(await _look(parts))
        return looks


async def _look(parts: Rig) -> Look:
    pids = await _backends(parts.core.database)
    return Look(_kib(os.getpid(), "VmRSS") / _MIB, sum(_kib(pid, "RssAnon") for pid in pids) / _MIB)


async def _backends(database: Database) -> list[int]:
    async with database.connection() as conn:
        rows = await conn.execute(
            "select pid from pg_stat_activity where backend_type = 'client backend'"
        )
        return [row["pid"] for row in await rows.fetchall()]


def _kib(pid: int, field: str) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return 0  # it ended since we asked
    return next(int(x.split()[1]) for x in status.splitlines() if x.startswith(f"{field}:"))


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="memory", description=__doc__)
    parser.add_argument("--seconds", type=float, default=150, help="after the warm-up")
    parser.add_argument("--rate", type=float, default=_RATE, help="tasks a second")
    options = parser.parse_args(arguments)
    with fresh_server() as server:
        looks = asyncio.run(steady_run(server, seconds=options.seconds, rate=options.rate))
    third = max(1, len(looks) // 3)
    parts = {"start": looks[:third], "middle": looks[third:-third], "end": looks[-third:]}
    process = {name: spread([x.process for x in part]) for name, part in parts.items()}
    backends = {name: spread([x.backends for x in part]) for name, part in parts.items()}
    for name in parts:
        tell(f"{name}: process {process[name]} MiB, backends {backends[name]} MiB")
    report(
        "memory",
        [x.process for x in parts["end"]],
        "MiB",
        against={"start": [x.process for x in parts["start"]]},
        paired=False,
        process={name: round(x.median, 1) for name, x in process.items()},
        backends={name: round(x.median, 1) for name, x in backends.items()},
        backends_ratio=round(backends["end"].median / backends["start"].median, 3),
        tasks=round(options.rate * (options.seconds + _WARM)),
    )


if __name__ == "__main__":
    main(sys.argv[1:])
