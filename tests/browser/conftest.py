"""The console in a real Chromium, in front of a real server."""

import os
import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
from http_client import Api
from tiny_app import app as tiny

from headgate.apps.creative import app as creative
from headgate.config import Settings, WorkerSettings
from headgate.web.console.bundle import load
from served import Served

playwright = pytest.importorskip(
    "playwright.sync_api", reason="install it: pip install -e '.[e2e]'"
)

# Several browsers share the cores: a page may take its time.
playwright.expect.set_options(timeout=15_000)

# Without these Chromium asks its maker's servers for this and that.
_ALONE = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def server(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with every app, shared by this run's tests."""
    if not load():
        pytest.skip("the console was not built: install it with `make web`")
    with psycopg.connect(postgres_url, autocommit=True) as conn:
        conn.execute("create database browser template template_headgate")
    settings = Settings(
        home=tmp_path_factory.mktemp("home"),
        port=0,
        database_url=postgres_url.replace("/postgres?", "/browser?"),
        worker=WorkerSettings(children=1, drain_seconds=1),
    )
    with Served(settings, apps=(tiny, creative)) as served:
        yield served.url


@pytest.fixture(scope="session")
def server_database(server: str, postgres_url: str) -> str:
    """The URL of the server's own database."""
    return postgres_url.replace("/postgres?", "/browser?")


@pytest.fixture
def api(server: str) -> Iterator[Api]:
    """The server's API, to bring about what a page is to show."""
    with Api(server) as connected:
        yield connected


@pytest.fixture(scope="session")
def browser(server: str) -> Iterator["playwright.Browser"]:
    """One Chromium for the run.

    After the server: while the driver runs, this thread has a loop, and nobody else can start one.
    """
    binary = os.environ.get("HEADGATE_TEST_CHROMIUM") or shutil.which("chromium")
    if binary is None:
        pytest.skip("there is no Chromium: apt-get install chromium")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=binary, args=list(_ALONE))
        yield chromium
        chromium.close()


@pytest.fixture(params=["light"])
def theme(request: pytest.FixtureRequest) -> str:
    """The colours of the page; a test that is for both says `parametrize(..., indirect=True)`."""
    return str(request.param)


@pytest.fixture
def page(browser: "playwright.Browser", server: str, theme: str) -> Iterator["playwright.Page"]:
    """A page of a fresh browser profile; addresses without a host are the server's.

    Fails its test when a script fails, or when anything is asked of another machine.
    """
    context = browser.new_context(
        base_url=server, color_scheme=theme, viewport={"width": 1280, "height": 800}
    )
    context.set_default_timeout(15_000)
    faults: list[str] = []
    context.on(
        "request",
        lambda request: (
            None
            if request.url.startswith(("data:", "blob:"))
            or urlsplit(request.url).netloc == urlsplit(server).netloc
            else faults.append(f"asked for {request.url}")
        ),
    )
    context.on("weberror", lambda error: faults.append(str(error.error)))
    opened = context.new_page()
    yield opened
    context.close()
    assert not faults
