"""Waiting for what the database itself knows."""

import asyncio

from headgate.core.database import Connection


async def until_blocked(
    watcher: Connection, conn: Connection, *, by: "asyncio.Task[object] | None" = None
) -> None:
    """Wait until `conn` waits for a lock, or until the task that uses it (`by`) is done."""
    async with asyncio.timeout(10):
        while by is None or not by.done():
            cursor = await watcher.execute(
                "select pg_blocking_pids(%s) <> '{}' as blocked", [conn.info.backend_pid]
            )
            if await cursor.fetchone() == {"blocked": True}:
                return
            await asyncio.sleep(0.002)
