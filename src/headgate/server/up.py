"""Headgate whole, in one process: database, dispatcher, worker, sources, API and pages."""

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from headgate import wiring
from headgate.config import Settings
from headgate.core.app import App
from headgate.core.clock import utc_now
from headgate.core.database import Database
from headgate.core.dispatch.loop import Dispatcher
from headgate.core.errors import Conflict, DatabaseUnavailable
from headgate.core.migrate import migrate
from headgate.core.retention.loop import Retention
from headgate.core.retention.restored import mend_restored
from headgate.core.services import Services
from headgate.core.tasks.operating import run_operations
from headgate.installed import APPS, migrations
from headgate.ports.postgres import PostgresServer, ServerError
from headgate.server.deploy import deploy_apps
from headgate.server.home import Home
from headgate.server.observing import observe
from headgate.server.roles import WorkerRole, process_name, run_sources, services

if TYPE_CHECKING:
    import uvicorn

_log = logging.getLogger("headgate.server")
_CHECK_DATABASE = 2.0

Step = Callable[[str], None]
"""Told what the start is doing, for people who wait."""


@dataclass(frozen=True, slots=True)
class Running:
    """A server that is up: where it is, and what its process shares."""

    url: str
    home: Home
    shared: Services
    dispatcher: Dispatcher
    worker: WorkerRole
    stopped: "asyncio.Future[None]"


@asynccontextmanager
async def running(
    settings: Settings, *, step: Step, apps: Sequence[App] = APPS
) -> AsyncIterator[Running]:
    """Start everything, yield while it runs, stop it in good order.

    Raises `HeadgateError` with a message for people when it cannot start. `Running.stopped` ends
    early, with the error, when a part of the server fails for good.
    """
    home = Home(settings.home)
    with home.locked():
        listener = _listen(settings)
        host, port = listener.getsockname()[:2]
        url = f"http://{'localhost' if host == '127.0.0.1' else host}:{port}"
        server = wiring.postgres(settings)
        try:
            database_url = await asyncio.to_thread(_start_postgres, server, step)
            step("checking the schema")
            await migrate(database_url, migrations())
            async with services(
                settings,
                apps=apps,
                database_url=database_url,
                url=url,
                secret=home.secret(),
                role="up",
            ) as shared:
                await mend_restored(shared.database)
                await shared.objects.check()
                for changed in await deploy_apps(shared.database, apps):
                    step(f"deployed {changed}")
                async with _parts(settings, shared, apps, server, listener, home, url) as parts:
                    yield parts
        finally:
            listener.close()
            await asyncio.to_thread(server.stop)


@asynccontextmanager
async def _parts(  # noqa: PLR0917
    settings: Settings,
    shared: Services,
    apps: Sequence[App],
    server: PostgresServer,
    listener: socket.socket,
    home: Home,
    url: str,
) -> AsyncIterator[Running]:
    dispatcher = Dispatcher(shared.database, shared.wake, name=process_name())
    await dispatcher.upkeep()
    worker = WorkerRole(settings, shared=shared, apps=apps)
    retention = Retention(
        shared,
        keep=settings.retention.keep,
        alarm_after=timedelta(minutes=settings.retention.vacuum_alarm_minutes),
    )
    web = _web(
        settings,
        shared,
        apps,
        dispatcher=dispatcher,
        retention=retention,
        url=url,
        secret=home.secret(),
    )
    failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def ended(task: "asyncio.Task[None]") -> None:
        if not task.cancelled() and not failed.done():
            error = task.exception() or RuntimeError("a part of the server ended")
            failed.set_exception(error)

    duties = [
        asyncio.create_task(dispatcher.run()),
        asyncio.create_task(worker.run()),
        asyncio.create_task(run_sources(settings, shared)),
        asyncio.create_task(_keep_database(shared.database, server)),
        asyncio.create_task(retention.run()),
        asyncio.create_task(run_operations(shared)),
    ]
    serving = asyncio.create_task(web.serve(sockets=[listener]))
    for task in (*duties, serving):
        task.add_done_callback(ended)
    try:
        while not web.started and not serving.done():  # noqa: ASYNC110 - uvicorn has a flag only
            await asyncio.sleep(0.01)
        home.write_server(
            url=url, database_url=shared.database.url, started_at=utc_now().isoformat()
        )
        yield Running(url, home, shared, dispatcher, worker, failed)
    finally:
        web.config.app.state.stopping.set()  # type: ignore[union-attr]
        web.should_exit = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(settings.worker.drain_seconds):
                await worker.worker.drain(seconds=settings.worker.drain_seconds)
        for task in duties:
            task.cancel()
        await asyncio.gather(*duties, serving, return_exceptions=True)
        if failed.done():
            failed.exception()  # seen by whoever awaited it; else it is logged as never retrieved


async def serve_until_stopped(
    settings: Settings, *, step: Step, ready: Callable[[Running], None]
) -> None:
    """Run until SIGINT or SIGTERM; a second signal stops without waiting for running tasks."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with running(settings, step=step) as parts:
        ready(parts)
        waiting = asyncio.create_task(stop.wait())
        await first_of(waiting, parts.stopped)
        waiting.cancel()
        if parts.stopped.done():
            parts.stopped.result()
        step("stopping")


def run(settings: Settings, *, step: Step, ready: Callable[[Running], None]) -> None:
    """Run Headgate in the foreground until it is told to stop."""
    observe(settings, role="up")
    asyncio.run(serve_until_stopped(settings, step=step, ready=ready))


async def first_of(*futures: "asyncio.Future[Any]") -> None:
    """Wait until one of them is done, whatever became of it."""
    await asyncio.wait(futures, return_when=asyncio.FIRST_COMPLETED)


def _listen(settings: Settings) -> socket.socket:
    """Bind first: a port that is taken is said before anything is started."""
    listener = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Inherited by each connection; asyncio sets it only on sockets that it opened itself. Without
    # it a small answer on a kept connection waits 40 ms for the client's acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise Conflict(
            f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}.",
            hint="Another program has the port: give another one with --port (0 picks a free one).",
        ) from error
    return listener


def _start_postgres(server: PostgresServer, step: Step) -> str:
    try:
        return server.start(step)
    except ServerError as error:
        raise DatabaseUnavailable(str(error)) from error


async def _keep_database(database: Database, server: PostgresServer) -> None:
    """Start the bundled server again when it is gone; leave one that others run to them."""
    while True:
        await asyncio.sleep(_CHECK_DATABASE)
        try:
            await database.ping()
        except DatabaseUnavailable:
            try:
                await asyncio.to_thread(server.start, _log.warning)
            except ServerError as error:
                _log.error("the database does not start: %s", error)


def _web(
    settings: Settings,
    shared: Services,
    apps: Sequence[App],
    *,
    dispatcher: Dispatcher,
    retention: Retention,
    url: str,
    secret: bytes,
) -> "uvicorn.Server":
    import uvicorn

    from headgate.web.app import create_app

    class Server(uvicorn.Server):
        @contextlib.contextmanager
        def capture_signals(self):  # type: ignore[no-untyped-def]  # noqa: ANN202 - signals are ours
            yield

    app = create_app(
        shared,
        apps=apps,
        settings=settings,
        dispatcher=dispatcher,
        retention=retention,
        url=url,
        secret=secret,
    )
    return Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=3,
            timeout_keep_alive=30,
            lifespan="off",
            server_header=False,
        )
    )
