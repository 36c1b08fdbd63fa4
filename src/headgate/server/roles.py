"""The running parts of a server, each as an async function that works until cancelled."""

import asyncio
import contextlib
import hashlib
import logging
import os
import platform
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

from headgate import __version__, wiring
from headgate.config import LocalStore, Settings
from headgate.core.app import App
from headgate.core.clock import utc_now
from headgate.core.database import Database
from headgate.core.errors import DatabaseUnavailable
from headgate.core.services import Services
from headgate.core.sources.objects import FolderWatch
from headgate.core.sources.schedule import run_schedules
from headgate.core.wake import Wake
from headgate.core.work import store as work_store
from headgate.core.work.context import LocalContext, Surroundings
from headgate.core.work.model import Job
from headgate.core.work.remote import run_operator_remotely
from headgate.core.work.worker import Bound, Place, Worker
from headgate.installed import CORE
from headgate.ports.runtime import Limits, Runtime
from headgate.server.stalls import watch_stalls

_log = logging.getLogger("headgate.server")
_LOG_EVERY = 0.25
_SCAN_LOCAL = 0.4
_SCAN_REMOTE = 15.0


def settings_of(settings: Settings, app: App) -> Mapping[str, Any]:
    """Return an app's own settings as plain data, ready to cross a process boundary."""
    group = getattr(settings, app.name, None)
    return group.model_dump(mode="json") if group is not None else {}


def process_name() -> str:
    """Return what this process is called where several are listed."""
    return f"{platform.node()}:{os.getpid()}"


def code_of(app: App) -> str:
    """Return what stands for an app's program: a hash of all of its Python files."""
    digest = hashlib.sha256(__version__.encode())
    for path in sorted(Path(str(files(app.package))).rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


@asynccontextmanager
async def services(
    settings: Settings,
    *,
    apps: Sequence[App],
    database_url: str,
    url: str,
    secret: bytes,
    role: str,
) -> AsyncIterator[Services]:
    """Connect to what every role needs, and close it afterwards."""
    database = Database(database_url, application=f"headgate {role}")
    await database.open()
    wake = Wake(database, me=process_name())
    carrier = asyncio.create_task(wake.run())
    try:
        yield Services(
            database=database,
            objects=wiring.object_store(settings, url=url, secret=secret),
            wake=wake,
            clock=utc_now,
            resources={app.name: app.resources(settings_of(settings, app)) for app in apps},
        )
    finally:
        carrier.cancel()
        await asyncio.gather(carrier, return_exceptions=True)
        await database.close()


class WorkerRole:
    """A worker with its child processes and its buffered task logs."""

    def __init__(self, settings: Settings, *, shared: Services, apps: Sequence[App]) -> None:
        self._settings = settings
        self._shared = shared
        apps = (*CORE, *apps)
        self._apps = {app.name: app for app in apps}
        codes = {app.name: code_of(app) for app in apps}
        self._lines: list[work_store.LogLine] = []
        self._children: Runtime | None = None
        places: dict[str, Place] = {"in_process": Place(settings.worker.slots)}
        if settings.worker.children:
            self._children = wiring.child_runtime(settings)
            places["child_process"] = Place(settings.worker.children, self._run_in_child)
        self.worker = Worker(
            around=Surroundings(
                database=shared.database,
                objects=shared.objects,
                wake=shared.wake,
                clock=shared.clock,
                add_log=self._lines.append,
            ),
            operators={
                f"{app.name}.{op.name}": Bound(op, shared.resources.get(app.name), codes[app.name])
                for app in apps
                for op in app.operators
            },
            places=places,
            name=process_name(),
            lease_seconds=settings.worker.lease_seconds,
        )

    async def run(self) -> None:
        """Work until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self.worker.run())
                group.create_task(self._write_logs())
                group.create_task(watch_stalls())
        finally:
            with contextlib.suppress(DatabaseUnavailable):
                await self._flush_logs()
            if self._children is not None:
                await self._children.close()

    async def _run_in_child(self, job: Job, context: LocalContext) -> None:
        if self._children is None:
            raise RuntimeError("a child job was claimed by a worker without children")
        app_name, _, name = job.operator.partition(".")
        app = self._apps[app_name]
        await run_operator_remotely(
            self._children,
            operator=next(op for op in app.operators if op.name == name),
            app_module=app.package,
            settings=settings_of(self._settings, app),
            context=context,
            limits=Limits(
                memory_mb=job.limits.get("memory_mb"),
                cpu_seconds=job.limits.get("cpu_seconds"),
                wall_seconds=job.timeout_ms / 1000,
            ),
        )

    async def _write_logs(self) -> None:
        while True:
            await asyncio.sleep(_LOG_EVERY)
            try:
                await self._flush_logs()
            except DatabaseUnavailable as error:
                _log.warning("task logs wait: %s", error.message)

    async def _flush_logs(self) -> None:
        if not self._lines:
            return
        lines = self._lines[:]
        async with self._shared.database.connection() as conn:
            await work_store.add_logs(conn, lines=lines)
        del self._lines[: len(lines)]


async def run_sources(settings: Settings, shared: Services) -> None:
    """Fire schedules and watch the store's folder until cancelled."""
    every = _SCAN_LOCAL if isinstance(settings.object_store, LocalStore) else _SCAN_REMOTE
    async with asyncio.TaskGroup() as group:
        group.create_task(run_schedules(shared))
        group.create_task(FolderWatch(shared, every=every).run())
