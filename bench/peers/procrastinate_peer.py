"""Procrastinate on the same kind of bundled Postgres, its worker in this process."""

import asyncio
import json
import logging
import shutil
import sys
import tempfile
import time
from pathlib import Path

import procrastinate

from headgate.ports.postgres.embedded import EmbeddedPostgres

CONCURRENCY = 50
logging.getLogger("procrastinate").setLevel(logging.ERROR)


async def measure(url: str, what: str, count: int) -> dict[str, float]:
    app = procrastinate.App(
        connector=procrastinate.PsycopgConnector(conninfo=url, min_size=2, max_size=10)
    )
    took: list[float] = []
    done = 0

    @app.task(name="noop")
    async def noop() -> None:
        nonlocal done
        done += 1

    @app.task(name="stamp")
    async def stamp(started: int) -> None:
        took.append((time.perf_counter_ns() - started) / 1e6)

    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        worker = asyncio.create_task(
            app.run_worker_async(
                concurrency=CONCURRENCY, install_signal_handlers=False, listen_notify=True,
                delete_jobs="never",
            )
        )  # fmt: skip
        await asyncio.sleep(1)
        if what == "tasks":
            started = time.perf_counter()
            for _ in range(0, count, 1000):
                await noop.batch_defer_async(*({} for _ in range(1000)))
            while done < count:
                await asyncio.sleep(0.005)
            answer = {"rate": count / (time.perf_counter() - started)}
        else:
            for number in range(count):
                await stamp.defer_async(started=time.perf_counter_ns())
                while len(took) <= number:
                    await asyncio.sleep(0.0005)
                await asyncio.sleep(0.01)
            kept = sorted(took[count // 10 :])
            answer = {"p50": kept[len(kept) // 2], "p99": kept[int(len(kept) * 0.99)]}
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
        return answer


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="procrastinate-bench-"))
    server = EmbeddedPostgres(folder / "postgres", log=folder / "postgres.log")
    try:
        print(json.dumps(asyncio.run(measure(server.start(), sys.argv[1], int(sys.argv[2])))))
    finally:
        server.stop()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
