"""A server whose tasks nobody runs but workers over HTTP, and such a worker for tests."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from caller import Caller, app_over
from errand_app import app
from errands import Errands
from http_client import Api

from headgate.config import Settings, WorkerSettings
from headgate.core.database import Database
from headgate.server.deploy import deploy_apps
from headgate.server.up import running

LEASE_SECONDS = 2


@contextmanager
def _serving(settings: Settings) -> Iterator[str]:
    """Run what `headgate up` runs, with the errand app, in a thread; yield its address."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = running(settings, step=lambda _: None, apps=(app,))
    try:
        parts = asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result(60)
        yield parts.url
        asyncio.run_coroutine_threadsafe(server.__aexit__(None, None, None), loop).result(30)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


@pytest.fixture(scope="session")
def work_url(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the server that these tests share."""
    with psycopg.connect(postgres_url, autocommit=True) as conn:
        conn.execute("create database work template template_headgate")
    settings = Settings(
        home=tmp_path_factory.mktemp("work"),
        port=0,
        database_url=postgres_url.replace("/postgres?", "/work?"),
        worker=WorkerSettings(children=0, drain_seconds=1, lease_seconds=LEASE_SECONDS),
    )
    with _serving(settings) as url:
        yield url


@pytest.fixture
def work_api(work_url: str) -> Iterator[Api]:
    """A connection to that server."""
    with Api(work_url) as connected:
        yield connected


def _clear(url: str) -> None:
    """Do away with what tests before left: tasks, and events that would make some."""
    with psycopg.connect(url, autocommit=True) as conn:
        while conn.execute("select from core.unrouted(1)").fetchone():
            time.sleep(0.01)
        conn.execute("delete from core.task_lease")
        conn.execute("delete from core.task_pending")


@pytest.fixture
def errands(work_api: Api, postgres_url: str) -> Iterator[Errands]:
    """A worker with a session of its own, and nothing to do yet."""
    _clear(postgres_url.replace("/postgres?", "/work?"))
    worker = Errands(work_api)
    yield worker
    worker.end()


@pytest.fixture
async def desk_database(database_url: str) -> AsyncIterator[Database]:
    """A database of the test's own with the errands deployed, and nobody but the test on it."""
    opened = Database(database_url, size=5)
    await opened.open()
    await deploy_apps(opened, (app,))
    yield opened
    await opened.close()


@pytest.fixture
async def caller(desk_database: Database) -> Caller:
    """A worker with a session at a server over that database."""
    made = Caller(app_over(desk_database))
    await made.begin()
    return made
