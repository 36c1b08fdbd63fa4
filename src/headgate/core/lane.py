"""A connection of its own for the hot statements of one loop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from headgate.core.database import Connection, Database, unavailable


class Lane:
    """One connection outside of the pool, opened at first use and again after a failure.

    Postgres plans a statement on each connection anew, and the large ones take longer to plan than
    to execute: a loop that borrows from the pool pays that on every connection in turn, and again
    whenever a table was analyzed. A lane also never waits for those who use up the pool.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._using = asyncio.Lock()
        self._conn: Connection | None = None

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """Lend the autocommit connection, to one at a time."""
        async with self._using:
            try:
                if self._conn is None:
                    self._conn = await self._database.connect()
                yield self._conn
            except BaseException as error:
                # Who was stopped in mid-statement may leave a transaction open, or answers unread:
                # nobody is to have this connection after that.
                await self._drop()
                if isinstance(error, Exception) and (known := unavailable(error)):
                    raise known from error
                raise

    async def close(self) -> None:
        """Close the connection; another use opens a new one."""
        async with self._using:
            await self._drop()

    async def _drop(self) -> None:
        conn, self._conn = self._conn, None
        if conn is not None:
            await conn.close()
