"""One running server for all tests of the web: real database, dispatcher, worker and sockets."""

from collections.abc import Iterator

import psycopg
import pytest
from http_client import Api
from tiny_app import app

from headgate.config import Settings, WorkerSettings
from served import Served


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
    with Served(settings, apps=(app,)) as server:
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
