"""The way to Postgres: one pool, one place that knows the driver, one translation of its errors."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from psycopg import errors as pg
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from headgate.core.errors import DatabaseUnavailable

Connection = psycopg.AsyncConnection[DictRow]

MINIMUM_VERSION = 15
_WAIT = 5.0  # seconds for a connection, before its asker is told to come back
_WAIT_WHILE_AWAY = 1.0
_OPTIONS = "-c TimeZone=UTC -c jit=off"
# Statements are few and hot: prepare them at the second use rather than the sixth.
_PREPARE = 1
_UNAVAILABLE = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    pg.AdminShutdown,
    pg.CrashShutdown,
    pg.CannotConnectNow,
    pg.DiskFull,
    pg.TooManyConnections,
    pg.InsufficientResources,
)


def unavailable(error: Exception) -> DatabaseUnavailable | None:
    """Return the error to show when `error` means that the database cannot serve us now."""
    if isinstance(error, pg.DiskFull):
        return DatabaseUnavailable(
            "The database's disk is full: nothing was written.",
            hint="Free space on the disk that holds the data folder; Headgate goes on by itself.",
        )
    if isinstance(error, PoolTimeout):
        return DatabaseUnavailable(
            "The database gave no connection in time: it is away, or too busy.",
            hint="Check that Postgres runs; Headgate goes on by itself when it does.",
        )
    if isinstance(error, _UNAVAILABLE):
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        return DatabaseUnavailable(
            f"The database cannot be reached: {reason}",
            hint="Check that Postgres runs and that HEADGATE_DATABASE_URL is right.",
        )
    return None


class Database:
    """A pool of autocommit connections whose rows are dicts."""

    def __init__(self, url: str, *, size: int = 10, application: str = "headgate") -> None:
        self.url = url
        self._application = application
        self._opened: set[Connection] = set()
        self._away = False
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            url,
            min_size=2,
            max_size=size,
            open=False,
            configure=self._configure,
            timeout=_WAIT,
            # The pause between attempts doubles until this: by default they grow to minutes, and a
            # database that was away for 40 s was found again after 20 s more. Whoever asks for a
            # connection starts new attempts.
            reconnect_timeout=3,
            reconnect_failed=self._note_outage,
            kwargs={
                "row_factory": dict_row,
                "application_name": application,
                "connect_timeout": 10,
                "options": _OPTIONS,
                "keepalives_idle": 10,
                "keepalives_interval": 5,
                "keepalives_count": 3,
                "tcp_user_timeout": 20000,
            },
        )

    async def _configure(self, conn: Connection) -> None:
        self._away = False
        conn.prepare_threshold = _PREPARE
        await conn.set_autocommit(True)

    def _note_outage(self, _: object) -> None:
        self._away = True

    async def open(self) -> None:
        """Connect, or raise `DatabaseUnavailable`."""
        try:
            async with await psycopg.AsyncConnection.connect(self.url, connect_timeout=10):
                pass
            await self._pool.open(wait=True, timeout=15)
        except Exception as error:
            if known := unavailable(error):
                raise known from error
            raise

    async def close(self) -> None:
        """Close the pool and what `connect` opened."""
        for conn in self._opened:
            await conn.close()
        await self._pool.close(timeout=5)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """Lend an autocommit connection."""
        try:
            async with self._pool.connection(
                timeout=_WAIT_WHILE_AWAY if self._away else None
            ) as conn:
                yield conn
        except Exception as error:
            if known := unavailable(error):
                raise known from error
            raise

    @asynccontextmanager
    async def transaction(self, *, read_only: bool = False) -> AsyncIterator[Connection]:
        """Lend a connection inside a transaction that commits at the end of the block."""
        async with self.connection() as conn, conn.transaction():
            if read_only:
                await conn.execute("set transaction read only")
            yield conn

    async def connect(self) -> Connection:
        """Open an autocommit connection outside of the pool.

        Its caller closes it, or at the latest `close` does.
        """
        try:
            conn = await psycopg.AsyncConnection.connect(
                self.url,
                autocommit=True,
                row_factory=dict_row,
                prepare_threshold=_PREPARE,
                connect_timeout=10,
                application_name=self._application,
                options=_OPTIONS,
                keepalives_idle=2,
                keepalives_interval=2,
                keepalives_count=2,
                tcp_user_timeout=6000,
            )
        except Exception as error:
            if known := unavailable(error):
                raise known from error
            raise
        self._opened = {other for other in self._opened if not other.closed} | {conn}
        return conn

    @asynccontextmanager
    async def own_connection(self) -> AsyncIterator[Connection]:
        """Open a connection for what a session holds, as locks."""
        try:
            async with await self.connect() as conn:
                yield conn
        except Exception as error:
            if known := unavailable(error):
                raise known from error
            raise

    async def ping(self) -> None:
        """Return when the database answers; raise `DatabaseUnavailable` when it does not."""
        async with self.connection() as conn:
            await conn.execute("select 1")

    async def notify(self, channel: str, payloads: Sequence[str]) -> None:
        """Send notifications to whoever listens on `channel`."""
        async with self.connection() as conn:
            await conn.execute(
                "select pg_notify(%s, p) from unnest(%s::text[]) p", [channel, list(payloads)]
            )

    async def listen(self, channel: str, heard: Callable[[str], Any]) -> None:
        """Call `heard` for each notification, until cancelled; reconnects by itself.

        Notifications are wake-ups and may be lost: whoever listens also polls.
        """
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    self.url, autocommit=True, connect_timeout=10
                ) as conn:
                    await conn.execute(
                        psycopg.sql.SQL("listen {}").format(psycopg.sql.Identifier(channel))
                    )
                    async for notice in conn.notifies():
                        heard(notice.payload)
            except psycopg.OperationalError:
                await asyncio.sleep(1)
