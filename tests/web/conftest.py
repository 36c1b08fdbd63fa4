"""One running server for all tests of the web: real database, dispatcher, worker and sockets."""

import asyncio
import threading
from collections.abc import Iterator
from typing import Self

import psycopg
import pytest
from http_client import Api
from tiny_app import app

from headgate.config import Settings, WorkerSettings
from headgate.server.up import running


class _Server:
    """Runs what `headgate up` runs, with the tiny app, in a thread with a loop of its own."""

    def __init__(self, settings: Settings) -> None:
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._settings = settings
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._error: BaseException | None = None
        self.url = ""

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(60)
        if self._error:
            raise self._error
        return self

    def __exit__(self, *_: object) -> None:
        assert self._loop is not None
        assert self._stop is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(30)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self._error = error
            self._ready.set()
            raise

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        async with running(self._settings, step=lambda _: None, apps=(app,)) as parts:
            self.url = parts.url
            self._ready.set()
            await self._stop.wait()


@pytest.fixture(scope="session")
def server_url(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the server that this run's tests share."""
    with psycopg.connect(postgres_url, autocommit=True) as conn:
        conn.execute("create database web template template_headgate")
    settings = Settings(
        home=tmp_path_factory.mktemp("home"),
        port=0,
        database_url=postgres_url.replace("/postgres?", "/web?"),
        worker=WorkerSettings(children=0, drain_seconds=1),
    )
    with _Server(settings) as server:
        yield server.url


@pytest.fixture
def api(server_url: str) -> Iterator[Api]:
    """A connection to the server, for paths below the API's prefix unless they begin with //."""
    with Api(server_url) as connected:
        yield connected


@pytest.fixture(scope="session")
def database(server_url: str, postgres_url: str) -> str:
    """The URL of the server's own database."""
    return postgres_url.replace("/postgres?", "/web?")
