"""Real parts for every test: one bundled Postgres a run, a fresh migrated database a test."""

import asyncio
import contextlib
import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from headgate.core.database import Connection, Database
from headgate.core.migrate import Migration, migrate
from headgate.ports.postgres.embedded import EmbeddedPostgres

_numbers = itertools.count()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """In CI a test that lacks a part fails: a skip there would hide that nobody runs it."""
    report = yield
    if os.environ.get("CI") and report.skipped and "install" in str(report.longrepr):
        report.outcome = "failed"
    return report


def all_migrations() -> list[Migration]:
    from headgate.installed import migrations

    return migrations()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of this run's server; its `template_headgate` database is migrated."""
    # Not in pytest's folder: each new run of pytest shuts that one to the server's own user.
    folder = Path(tempfile.mkdtemp(prefix="headgate-test-"))
    server = EmbeddedPostgres(folder / "data", log=folder / "postgres.log")
    url = server.start()
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("create database template_headgate")
    asyncio.run(migrate(_named(url, "template_headgate"), all_migrations()))
    with psycopg.connect(url, autocommit=True) as conn:
        # A template with a session in it, autovacuum's for one, cannot be copied.
        conn.execute("alter database template_headgate with allow_connections false")
    yield url
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture
def database_url(postgres_url: str) -> Iterator[str]:
    """The URL of a fresh migrated database of this test's own."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(postgres_url, autocommit=True) as conn:
        conn.execute(f"create database {name} template template_headgate")
    yield _named(postgres_url, name)
    with psycopg.connect(postgres_url, autocommit=True) as conn:
        conn.execute(f"drop database {name} with (force)")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for data that Postgres serves; like `postgres_url`'s not in pytest's own."""
    path = Path(tempfile.mkdtemp(prefix="headgate-test-"))
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder with real images, or a skip that says what is missing."""
    folder = Path(
        os.environ.get("HEADGATE_TEST_DATA") or Path(__file__).parents[2] / "shared" / "data"
    )
    if not folder.is_dir():
        pytest.skip(
            f"no real material at {folder}: set HEADGATE_TEST_DATA to the folder that has it"
        )
    return folder


def _named(url: str, name: str) -> str:
    return url.replace("/postgres?", f"/{name}?")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A pool over this test's own database."""
    opened = Database(database_url, size=8)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
async def connect(database_url: str) -> AsyncIterator[Callable[[], Awaitable[Connection]]]:
    """A function that opens one more autocommit connection, closed with the test."""
    async with contextlib.AsyncExitStack() as stack:

        async def opened() -> Connection:
            return await stack.enter_async_context(
                await psycopg.AsyncConnection.connect(
                    database_url, autocommit=True, row_factory=dict_row
                )
            )

        yield opened


@pytest.fixture
async def conn(connect: Callable[[], Awaitable[Connection]]) -> Connection:
    """One autocommit connection to this test's own database."""
    return await connect()
