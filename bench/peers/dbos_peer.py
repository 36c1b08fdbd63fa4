"""DBOS, worker and sender in this process: queued workflows, the unit that it keeps durably.

Tuned: asked for work every 20 ms rather than every second, enqueued a thousand in a transaction,
a pool of 20 connections, async workflows (they spare a thread each), logging off.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy
from dbos import DBOS, DBOSClient, DBOSConfig
from on_postgres import Marks, latency, rate, run

_QUEUE = "bench"
_POLL = 0.02
_AT_ONCE = 100
_BATCH = 1000

marks = Marks()


@DBOS.workflow()
async def noop() -> None:
    marks.noop()


@DBOS.workflow()
async def stamp(sent: int) -> None:
    marks.stamp(sent)


def _enqueue(client: DBOSClient, engine: sqlalchemy.Engine, count: int) -> None:
    for first in range(0, count, _BATCH):
        with engine.begin() as conn:
            for _ in range(min(_BATCH, count - first)):
                client.enqueue_in_transaction(
                    conn, {"queue_name": _QUEUE, "workflow_name": noop.__qualname__}
                )


async def measure(url: str, what: str, count: int) -> dict[str, float]:
    config: DBOSConfig = {
        "name": "bench",
        "system_database_url": url,
        "sys_db_pool_size": 20,
        "log_level": "CRITICAL",
        "run_admin_server": False,
    }
    DBOS(config=config)
    DBOS.launch()
    await DBOS.register_queue_async(_QUEUE, worker_concurrency=_AT_ONCE, polling_interval_sec=_POLL)
    client = DBOSClient(system_database_url=url)
    engine = sqlalchemy.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    own = ThreadPoolExecutor(1)

    async def send(number: int) -> None:
        await asyncio.get_running_loop().run_in_executor(own, _enqueue, client, engine, number)

    async def send_stamp(sent: int) -> None:
        await DBOS.enqueue_workflow_async(_QUEUE, stamp, sent)

    if what == "tasks":
        found = await rate(marks, send, count)
    else:
        found = await latency(marks, send_stamp, count)
    client.destroy()
    DBOS.destroy()
    return found


if __name__ == "__main__":
    run(measure)
