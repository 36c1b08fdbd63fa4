"""A connection to explain from."""

from collections.abc import AsyncIterator

import psycopg
import pytest
from psycopg.rows import dict_row

from headgate.core.database import Connection


@pytest.fixture
async def conn(database_url: str) -> AsyncIterator[Connection]:
    """One autocommit connection to this test's own database."""
    async with await psycopg.AsyncConnection.connect(
        database_url, autocommit=True, row_factory=dict_row
    ) as opened:
        yield opened
