"""Celery with Redis, its workers in processes of their own.

Tuned: as many prefork processes as the machine class has cores, a hundred tasks fetched ahead, no
results, no gossip, one connection for everything that is sent. Redis keeps nothing on disk.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import redis
from celery import Celery

PORT = int(os.environ.get("BENCH_REDIS_PORT", "0"))
app = Celery("celery_peer", broker=f"redis://127.0.0.1:{PORT}/0")
app.conf.update(
    task_ignore_result=True,
    worker_prefetch_multiplier=100,
    broker_connection_retry_on_startup=True,
)


@app.task
def noop() -> None:
    return


@app.task
def stamp(started: int) -> None:
    took = (time.perf_counter_ns() - started) / 1e6
    redis.Redis(port=PORT, db=1).rpush("took", took)


def tasks(broker: redis.Redis, count: int) -> dict[str, float]:
    started = time.perf_counter()
    with app.producer_pool.acquire(block=True) as producer:
        for _ in range(count):
            noop.apply_async(producer=producer)
    while broker.llen("celery") or broker.hlen("unacked"):
        time.sleep(0.005)
    return {"rate": count / (time.perf_counter() - started)}


def latency(_: redis.Redis, count: int) -> dict[str, float]:
    marks = redis.Redis(port=PORT, db=1)
    for number in range(count):
        stamp.delay(time.perf_counter_ns())
        while marks.llen("took") <= number:
            time.sleep(0.0005)
        time.sleep(0.01)
    took = sorted(float(value) for value in marks.lrange("took", count // 10, -1))
    return {"p50": took[len(took) // 2], "p99": took[int(len(took) * 0.99)]}


def main() -> None:
    what, count = sys.argv[1], int(sys.argv[2])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tempfile.mkdtemp(prefix="celery-bench-")
    environment = os.environ | {
        "BENCH_REDIS_PORT": str(port),
        "PYTHONPATH": str(Path(__file__).parent),
    }
    server = subprocess.Popen(
        [os.environ["BENCH_REDIS_SERVER"], "--port", str(port), "--bind", "127.0.0.1",
         "--dir", folder, "--save", ""],
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    worker = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "celery_peer", "worker", "-c", "2", "-l", "ERROR",
         "--without-gossip", "--without-mingle"],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder,
    )  # fmt: skip
    try:
        measured = subprocess.run(
            [sys.executable, __file__, "measure", what, str(count)], env=environment, check=True,
            capture_output=True, text=True, timeout=500,
        )  # fmt: skip
        print(measured.stdout.strip())
    finally:
        worker.terminate()
        worker.wait(30)
        server.terminate()
        server.wait(30)
        shutil.rmtree(folder)


def measure() -> None:
    what, count = sys.argv[2], int(sys.argv[3])
    broker = redis.Redis(port=PORT)
    while not app.control.ping(timeout=0.5):
        time.sleep(0.1)
    run = {"tasks": tasks, "latency": latency}[what]
    run(broker, 50)  # warm
    redis.Redis(port=PORT, db=1).flushdb()
    print(json.dumps(run(broker, count)))


if __name__ == "__main__":
    measure() if sys.argv[1] == "measure" else main()
