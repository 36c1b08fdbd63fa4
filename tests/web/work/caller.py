"""Calls of workers without a socket: to any number of servers, by callers that hang up."""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from asgi import scope_of
from fastapi import FastAPI

from headgate.config import Settings
from headgate.core.clock import utc_now
from headgate.core.database import Database
from headgate.core.dispatch.loop import Dispatcher
from headgate.core.events.model import NewEvent
from headgate.core.events.store import emit
from headgate.core.services import Services
from headgate.core.wake import Wake
from headgate.web.app import create_app

SECRET = b"s" * 32


@dataclass
class Caller:
    """One program that calls a server, and may hang up."""

    app: FastAPI
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)
    opened: dict[str, Any] = field(default_factory=dict)

    async def send(self, path: str, body: Any) -> tuple[int, Any]:
        """Return the status and what was answered."""
        said = [json.dumps(body).encode()]
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            if said:
                return {"type": "http.request", "body": said.pop(), "more_body": False}
            await self.hung_up.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        token = self.opened.get("session_token", "").encode()
        scope = {**scope_of(f"/api/v1/work{path}"), "method": "POST"}
        scope["headers"] = [*scope["headers"], (b"authorization", b"Bearer " + token)]
        await self.app(scope, receive, send)
        return sent[0]["status"], json.loads(sent[1]["body"])

    async def begin(self, *operators: str) -> None:
        asked = {"worker": "w", "operators": operators or ["errand.run", "errand.rare"]}
        status, self.opened = await self.send("/sessions", asked)
        assert status == 201

    async def claim(self, *, wait_ms: int = 20_000) -> tuple[int, Any]:
        asked = {"session": self.opened["session"], "capacity": 5, "wait_ms": wait_ms}
        return await self.send("/claim", asked)


def app_over(
    database: Database,
    *,
    secret: bytes = SECRET,
    wake: Wake | None = None,
    later: timedelta = timedelta(),
) -> FastAPI:
    """Return a server whose clock is ahead by `later`."""
    services = Services(
        database=database,
        objects=None,  # type: ignore[arg-type]  # workers' calls touch no object
        wake=wake or Wake(database, me="test"),
        clock=lambda: utc_now() + later,
    )
    settings = Settings(home=Path("nowhere"))
    return create_app(services, apps=(), settings=settings, url="http://localhost", secret=secret)


async def order(database: Database, dataset: str, *, range_: tuple[int, int] | None = None) -> int:
    """Make one task; return its job's id."""
    async with database.connection() as conn:
        cursor = await conn.execute("select id from core.dataset where name = %s", [dataset])
        row = await cursor.fetchone()
        assert row is not None
        await emit(
            conn, org_id=1, events=[NewEvent(row["id"], key=None if range_ else "k", range=range_)]
        )
    await Dispatcher(database, Wake(database, me="router")).route()
    ((job, _),) = await places(database)
    return int(job)


async def places(database: Database) -> list[tuple[int, str]]:
    """Return where tasks are, and by which job."""
    async with database.connection() as conn:
        cursor = await conn.execute(
            "select job_id, 'pending ' || attempt || ' ' || losses as place from core.task_pending"
            " union all select job_id, 'leased' from core.task_lease"
        )
        return [(row["job_id"], row["place"]) for row in await cursor.fetchall()]
