"""What people see when something is away or broken."""

import asyncio
import json
import logging
import socket
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from asgi import get, scope_of
from fastapi import APIRouter, FastAPI
from http_client import Api, unique

from headgate.config import Settings
from headgate.core.app import App
from headgate.core.clock import utc_now
from headgate.core.database import Database
from headgate.core.services import Services
from headgate.core.wake import Wake
from headgate.web.app import create_app


def _broken(_services: Services) -> APIRouter:
    router = APIRouter()

    @router.get("/broken")
    async def broken() -> None:
        raise RuntimeError("a secret detail")

    return router


def _app(database: Database) -> FastAPI:
    services = Services(
        database=database,
        objects=None,  # type: ignore[arg-type]  # nothing here gets as far
        wake=Wake(database, me="test"),
        clock=utc_now,
    )
    bad = App(name="bad", package="bad", operators=(), routes=_broken)
    settings = Settings(home=Path("nowhere"))
    return create_app(services, apps=(bad,), settings=settings, url="http://localhost")


@pytest.fixture
def app() -> FastAPI:
    """The application over a database that cannot be reached, with an app that is broken."""
    return _app(Database("postgresql://127.0.0.1:1/nothing"))  # never opened: refuses at once


@pytest.mark.parametrize("path", ["/api/v1/tasks", "/api/v1/status", "/api/v1/stream", "/metrics"])
async def test_a_database_that_is_away_is_said_with_when_to_ask_again(
    app: FastAPI, path: str
) -> None:
    answer = await get(app, path)

    assert answer.status == 503
    assert answer.json["code"] == "database_unavailable"
    assert answer.json["retry"] is True
    assert answer.headers["retry-after"]


async def test_health_says_that_the_database_is_away(app: FastAPI) -> None:
    health = await get(app, "/healthz")

    assert health.status == 503
    assert health.json["status"] == "unavailable"
    assert health.json["database"] == "away"


async def test_the_console_still_comes(app: FastAPI) -> None:
    """It asks for the health by itself, and says what is wrong."""
    page = await get(app, "/")

    assert page.status == 200
    assert "<title>Headgate</title>" in page.text


async def test_an_error_that_nobody_expected_is_logged_and_not_shown(
    app: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await get(app, "/api/v1/bad/broken")

    assert answer.status == 500
    assert answer.json["code"] == "internal"
    assert "secret" not in answer.text
    assert "a secret detail" in caplog.text


async def test_the_description_does_without_a_database(app: FastAPI) -> None:
    described = await get(app, "/openapi.json")

    assert described.status == 200
    assert "/api/v1/bad/broken" in json.loads(described.body)["paths"]


async def test_a_stream_that_is_cancelled_because_the_server_stops_ends_well(
    database_url: str,
) -> None:
    database = Database(database_url, size=2)
    await database.open()
    sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    serving = asyncio.create_task(
        _app(database)(scope_of("/api/v1/stream"), asyncio.Event().wait, sent.put)
    )
    assert (await sent.get())["status"] == 200
    assert (await sent.get())["body"].startswith(b"id: ")

    serving.cancel()

    await serving
    assert await sent.get() == {"type": "http.response.body", "body": b"", "more_body": False}
    await database.close()


def test_who_hangs_up_in_the_middle_of_an_upload_stores_nothing_and_breaks_nothing(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    key = unique("halfway")
    parts = urlsplit(api.url)
    with socket.create_connection((parts.hostname, parts.port)) as raw:
        raw.sendall(
            f"PUT /api/v1/objects/{key} HTTP/1.1\r\nHost: localhost\r\n"
            "Content-Length: 1000\r\n\r\nhalf".encode()
        )
        time.sleep(0.05)

    with caplog.at_level(logging.WARNING):
        time.sleep(0.1)
        assert api.get(f"/objects/{key}").status == 404
    assert [r for r in caplog.records if r.name.startswith(("headgate", "uvicorn"))] == []


def test_many_slow_watchers_do_not_keep_others_waiting(api: Api) -> None:
    parts = urlsplit(api.url)
    watchers = []
    for _ in range(30):
        raw = socket.create_connection((parts.hostname, parts.port))
        raw.sendall(b"GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
        watchers.append(raw)
    try:
        start = time.monotonic()
        assert api.get("/status").status == 200
        assert time.monotonic() - start < 5
    finally:
        for raw in watchers:
            raw.close()
