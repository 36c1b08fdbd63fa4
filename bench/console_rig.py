"""A whole server and a Chromium in front of it, for benchmarks of the console."""

import asyncio
import json
import shutil
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from headgate.apps.creative import app
from headgate.config import Settings, WorkerSettings
from headgate.server.up import running


@contextmanager
def console() -> Iterator[str]:
    """Run a whole server on a database of its own; yield its address."""
    home = Path(tempfile.mkdtemp(prefix="headgate-bench-"))
    settings = Settings(home=home, port=0, worker=WorkerSettings(children=0, drain_seconds=1))
    ready, ends = threading.Event(), threading.Event()
    found: list[str] = []

    async def serve() -> None:
        async with running(settings, step=lambda _: None, apps=(app,)) as parts:
            found.append(parts.url)
            ready.set()
            await asyncio.to_thread(ends.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    try:
        if not ready.wait(120):
            sys.exit("The server did not start.")
        yield found[0]
    finally:
        ends.set()
        thread.join(30)
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def chromium() -> Iterator[Any]:
    """Run a Chromium without a window; its pages are Playwright's."""
    try:
        from playwright.sync_api import sync_playwright  # an extra: [e2e]
    except ImportError:
        sys.exit("Playwright is missing: pip install -e '.[e2e]'")
    binary = shutil.which("chromium") or sys.exit("There is no Chromium: apt-get install chromium")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=binary, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


def call(url: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """Call the API; return its answer."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{url}/api/v1{path}", data=data, headers={"content-type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        return json.load(answer)
