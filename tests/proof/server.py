"""A Postgres for a run of the proof outside of pytest: fresh migrated databases, one at a time."""

import contextlib
import itertools
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psycopg
from psycopg.rows import dict_row

from headgate.core.database import Connection
from headgate.core.migrate import migrate
from headgate.installed import migrations
from headgate.ports.postgres.embedded import EmbeddedPostgres
from proof.connecting import Connect

Fresh = Callable[[], contextlib.AbstractAsyncContextManager[Connect]]


@contextlib.asynccontextmanager
async def serving() -> AsyncIterator[Fresh]:
    """Run the bundled Postgres during the block.

    What it yields makes a database: a block in which a function opens connections to it.
    """
    folder = Path(tempfile.mkdtemp(prefix="headgate-proof-"))
    server = EmbeddedPostgres(folder / "data", log=folder / "postgres.log")
    try:
        url = server.start()
        async with await _open(url) as conn:
            await conn.execute("create database template_headgate")
            await migrate(_named(url, "template_headgate"), migrations())
            await conn.execute("alter database template_headgate with allow_connections false")
        numbers = itertools.count()
        yield lambda: _database(url, f"proof_{next(numbers)}")
    finally:
        server.stop()
        shutil.rmtree(folder)


@contextlib.asynccontextmanager
async def _database(url: str, name: str) -> AsyncIterator[Connect]:
    async with await _open(url) as conn:
        await conn.execute(f"create database {name} template template_headgate".encode())
        async with contextlib.AsyncExitStack() as stack:

            async def connect() -> Connection:
                return await stack.enter_async_context(await _open(_named(url, name)))

            yield connect
        await conn.execute(f"drop database {name} with (force)".encode())


async def _open(url: str) -> Connection:
    return await psycopg.AsyncConnection.connect(url, autocommit=True, row_factory=dict_row)


def _named(url: str, name: str) -> str:
    return url.replace("/postgres?", f"/{name}?")
