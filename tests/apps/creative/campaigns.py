"""Headgate's real parts in one process, for tests that run whole campaigns."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from headgate.apps.creative import rules
from headgate.config import Settings
from headgate.core.dispatch.loop import Dispatcher
from headgate.core.operations import store as operations
from headgate.core.services import Services
from headgate.core.sources.objects import announce
from headgate.installed import APPS
from headgate.server.deploy import deploy_apps
from headgate.server.roles import WorkerRole, run_sources, services

BRIEFS = "input/campaign-briefs/"
PATIENCE = 60


def a_brief(**changes: Any) -> dict[str, Any]:
    """A brief with one product to picture; `changes` replace its fields."""
    return {
        "campaign_id": "spring",
        "campaign_message": "Fresh today",
        "products": [{"name": "Apple Juice", "description": "Cold-pressed, in a bottle"}],
        **changes,
    }


@dataclass
class Rig:
    """A running Headgate and what tests ask of it."""

    shared: Services
    folder: Path

    async def drop(self, brief: Any, *, name: str = "brief.json") -> str:
        """Put a brief as the API does; return its run."""
        data = brief if isinstance(brief, bytes) else json.dumps(brief).encode()
        info = await self.shared.objects.put(BRIEFS + name, data)
        (event,) = await announce(self.shared, org_id=1, info=info)
        return rules.run_of(event)

    async def ended(self, run: str) -> dict[str, Any]:
        """Wait for a run's operation to end."""
        return await self.until(lambda: self._ended(run))

    async def until(self, look: Callable[[], Any]) -> Any:
        """Wait until `look` (async) returns something true."""
        async with asyncio.timeout(PATIENCE):
            while not (found := await look()):
                await asyncio.sleep(0.05)
            return found

    async def operation(self, run: str) -> dict[str, Any] | None:
        async with self.shared.database.connection() as conn:
            return await operations.find(conn, org_id=1, id=UUID(run))

    async def rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        async with self.shared.database.connection() as conn:
            cursor = await conn.execute(query.encode(), values)
            return await cursor.fetchall()

    async def manifest(self, run: str) -> dict[str, Any]:
        (row,) = await self.rows("select output from creative.campaign where run_id = %s", run)
        text = await self.shared.objects.get(f"{row['output']}/manifest.json")
        return json.loads(text)

    async def _ended(self, run: str) -> dict[str, Any] | None:
        operation = await self.operation(run)
        return operation if operation and operation["state"] != "running" else None


@asynccontextmanager
async def headgate(folder: Path, database_url: str, **settings: Any) -> AsyncIterator[Rig]:
    """Run dispatcher, worker (with a child process) and sources over a test's own database."""
    chosen = Settings(home=folder, **({"worker": {"children": 1}} | settings))
    async with services(
        chosen,
        apps=APPS,
        database_url=database_url,
        url="http://localhost:1",
        secret=b"s" * 32,
        role="test",
    ) as shared:
        dispatcher = Dispatcher(shared.database, shared.wake)
        await dispatcher.upkeep()
        await deploy_apps(shared.database, APPS)
        worker = WorkerRole(chosen, shared=shared, apps=APPS)
        duties = [
            asyncio.create_task(duty)
            for duty in (dispatcher.run(), worker.run(), run_sources(chosen, shared))
        ]
        try:
            yield Rig(shared, folder)
        finally:
            for duty in duties:
                duty.cancel()
            await asyncio.gather(*duties, return_exceptions=True)
