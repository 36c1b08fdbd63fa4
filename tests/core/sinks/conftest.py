"""Connections for the tests of sinks."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import psycopg
import pytest
from psycopg.rows import dict_row

from headgate.core.database import Connection, Database

Connect = Callable[[], Awaitable[Connection]]


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A pool over this test's own database."""
    opened = Database(database_url, size=8)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
async def connect(database_url: str) -> AsyncIterator[Connect]:
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
async def conn(connect: Connect) -> Connection:
    """One autocommit connection to this test's own database."""
    return await connect()
