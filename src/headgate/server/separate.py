"""A worker or a dispatcher as a process of its own, against the database of a running server."""

import asyncio
import logging
import signal
from collections.abc import Callable, Coroutine
from typing import Any

from headgate.config import Settings
from headgate.core.dispatch.loop import Dispatcher
from headgate.core.errors import DatabaseUnavailable
from headgate.core.migrate import migrate
from headgate.core.retention.restored import mend_restored
from headgate.core.services import Services
from headgate.installed import APPS, migrations
from headgate.server.home import Home
from headgate.server.observing import observe
from headgate.server.roles import WorkerRole, process_name, services

_log = logging.getLogger("headgate.server")


def run_worker(settings: Settings, *, step: Callable[[str], None]) -> None:
    """Run tasks until SIGINT or SIGTERM, then finish what runs and leave."""

    async def duty(shared: Services, stop: asyncio.Event) -> None:
        role = WorkerRole(settings, shared=shared, apps=APPS)
        work = asyncio.create_task(role.run())
        step(f"working with {settings.worker.slots} slots and {settings.worker.children} children")
        await _first(work, stop)
        step("finishing what runs")
        await role.worker.drain(seconds=settings.worker.drain_seconds)
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)

    asyncio.run(_with_services(settings, "worker", duty))


def run_dispatcher(settings: Settings, *, step: Callable[[str], None]) -> None:
    """Dispatch until SIGINT or SIGTERM."""

    async def duty(shared: Services, stop: asyncio.Event) -> None:
        dispatcher = Dispatcher(shared.database, shared.wake, name=process_name())
        work = asyncio.create_task(dispatcher.run())
        step("dispatching")
        await _first(work, stop)
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)

    asyncio.run(_with_services(settings, "dispatcher", duty))


async def _first(work: "asyncio.Task[None]", stop: asyncio.Event) -> None:
    """Wait for a signal, or raise what ended the work."""
    waiting = asyncio.create_task(stop.wait())
    await asyncio.wait({work, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if work.done():
        work.result()


async def _with_services(
    settings: Settings,
    role: str,
    duty: Callable[[Services, asyncio.Event], Coroutine[Any, Any, None]],
) -> None:
    observe(settings, role=role)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    home = Home(settings.home)
    known = home.read_server()
    if settings.database_url is not None:
        database_url = settings.database_url.get_secret_value()
    elif known is not None:
        database_url = known["database_url"]
    else:
        raise DatabaseUnavailable(
            f"There is no database to work with: no server runs on {home.path}.",
            hint="Start one with `headgate up`, or set HEADGATE_DATABASE_URL.",
        )
    await migrate(database_url, migrations())
    url = known["url"] if known else f"http://{settings.host}:{settings.port}"
    async with services(
        settings, apps=APPS, database_url=database_url, url=url, secret=home.secret(), role=role
    ) as shared:
        await mend_restored(shared.database)
        await duty(shared, stop)
