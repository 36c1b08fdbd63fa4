"""A flow to keep small, and a second server to restore from."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest
from days_of_load import Load, opened_load

from headgate.ports.postgres.embedded import EmbeddedPostgres


@pytest.fixture
async def load(database_url: str, tmp_path: Path) -> AsyncIterator[Load]:
    """A flow on a database of this test's own, with a clock that it sets."""
    async with opened_load(database_url, tmp_path) as opened:
        yield opened


@pytest.fixture(scope="session")
def other_server() -> Iterator[str]:
    """The URL of a server of its own that allows slots and prepared transactions."""
    folder = Path(tempfile.mkdtemp(prefix="headgate-test-"))
    server = EmbeddedPostgres(folder / "data", log=folder / "postgres.log")
    url = server.start()
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("alter system set wal_level = logical")
        conn.execute("alter system set max_prepared_transactions = 4")
        conn.execute("alter system set fsync = off")
    server.stop()
    yield server.start()
    server.stop()
    shutil.rmtree(folder)
