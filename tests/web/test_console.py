"""How the console is served: one page at many addresses, files that never change, no way around."""

import gzip
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from http_client import Api, Reply

from headgate.web.console import serve_console
from headgate.web.console.bundle import load
from headgate.web.edge.errors import handle_errors
from headgate.web.edge.guard import Guard

PAGE = """<!doctype html><title>Console</title>
<script type="application/json" id="headgate">{}</script>
<script type="module" src="/assets/index-abc.js"></script>
"""
SCRIPT = "export const text = 'hello';\n" * 100
HTML = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
EVIL = "</script><script>alert(1)</script><!--"
TOLD = re.compile(r'<script type="application/json" id="headgate">(.*?)</script>', re.DOTALL)


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A server with nothing but a console of two files, and a secret beside them."""
    folder = tmp_path_factory.mktemp("web")
    (folder / "secret.txt").write_text("a secret")
    bundle = folder / "bundle"
    (bundle / "assets").mkdir(parents=True)
    (bundle / "index.html").write_text(PAGE)
    (bundle / ".sources").write_text("a note of the builder")
    (bundle / "favicon.svg").write_text("<svg/>")
    (bundle / "assets" / "index-abc.js").write_text(SCRIPT)
    with serving(bundle) as api:
        yield api


@contextmanager
def serving(bundle: Path) -> Iterator[Api]:
    """Serve what was built in this folder, behind the door that everything has."""
    app = FastAPI()
    serve_console(app, here={"version": "1.2", "apps": [EVIL]}, folder=bundle)
    handle_errors(app)
    app.add_middleware(Guard, hosts=())
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
    ready = threading.Event()
    startup = server.startup

    async def started(sockets: object = None) -> None:
        await startup()
        ready.set()

    server.startup = started  # type: ignore[method-assign,assignment]
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert ready.wait(10)
    port = server.servers[0].sockets[0].getsockname()[1]
    with Api(f"http://127.0.0.1:{port}") as api:
        yield api
    server.should_exit = True
    thread.join(10)


def ask(api: Api, path: str, *, method: str = "GET", **headers: str) -> Reply:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return api.send(method, f"/{path}", headers=given)


@pytest.mark.parametrize("path", ["/", "/tasks", "/dags/x/graph", "/apps/a/b?c=d", "/index.html"])
def test_a_browser_gets_the_page_at_any_address(console: Api, path: str) -> None:
    page = ask(console, path, **HTML)

    assert page.status == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<title>Console</title>" in page.text


@pytest.mark.parametrize("accept", ["application/json", "*/*", "text/event-stream"])
def test_a_program_gets_a_problem_where_nothing_is(console: Api, accept: str) -> None:
    answer = ask(console, "/tasks", Accept=accept)

    assert answer.status == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/api/v1/no-such-thing", "/api/v2", "/objects/none"])
def test_an_unknown_path_of_the_api_is_a_problem_for_browsers_too(console: Api, path: str) -> None:
    answer = ask(console, path, **HTML)

    assert answer.status == 404
    assert answer.json["code"] == "not_found"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_but_reading_leads_to_the_page(console: Api, method: str) -> None:
    assert ask(console, "/tasks", method=method, **HTML).status in (404, 405)


def test_a_file_with_a_hash_in_its_name_is_kept_for_ever(console: Api) -> None:
    script = ask(console, "/assets/index-abc.js")

    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert script.headers["content-type"].startswith("text/javascript")
    assert script.text == SCRIPT


def test_what_may_change_is_asked_for_again(console: Api) -> None:
    assert ask(console, "/").headers["cache-control"] == "no-cache"
    assert ask(console, "/favicon.svg").headers["cache-control"] == "no-cache"


def test_a_file_is_sent_compressed_to_who_takes_that(console: Api) -> None:
    script = ask(console, "/assets/index-abc.js", Accept_Encoding="gzip, br")

    assert script.headers["content-encoding"] == "gzip"
    assert script.headers["vary"] == "Accept-Encoding"
    assert len(script.body) < len(SCRIPT) / 10
    assert gzip.decompress(script.body).decode() == SCRIPT
    assert "content-encoding" not in ask(console, "/assets/index-abc.js").headers


@pytest.mark.parametrize("path", ["/", "/favicon.svg", "/assets/index-abc.js"])
def test_a_file_that_is_known_already_is_not_sent_again(console: Api, path: str) -> None:
    etag = ask(console, path).headers["etag"]

    for known in (etag, f"W/{etag}", f'"other", {etag}'):
        again = ask(console, path, If_None_Match=known)
        assert (again.status, again.body) == (304, b"")
        assert again.headers["etag"] == etag
    assert ask(console, path, If_None_Match='"other"').status == 200


@pytest.mark.parametrize("path", ["/", "/assets/index-abc.js"])
def test_the_head_of_a_file_is_that_of_the_file(console: Api, path: str) -> None:
    whole, head = ask(console, path), ask(console, path, method="HEAD")

    assert (head.status, head.body) == (200, b"")
    for name in ("content-length", "content-type", "etag", "cache-control"):
        assert head.headers[name] == whole.headers[name]


@pytest.mark.parametrize("path", ["/", "/tasks", "/assets/index-abc.js"])
def test_the_page_may_load_and_call_nothing_but_this_server(console: Api, path: str) -> None:
    headers = ask(console, path, **HTML).headers
    policy = dict(
        part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";")
    )

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_what_the_page_is_told_stays_in_its_element(console: Api) -> None:
    page = ask(console, "/").text
    told = TOLD.search(page)

    assert told
    assert json.loads(told[1]) == {"version": "1.2", "apps": [EVIL]}
    assert "<" not in told[1]
    assert page.count("<script") == PAGE.count("<script")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/assets/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/assets/%2e%2e%2f%2e%2e%2fsecret.txt",
        "/..%5csecret.txt",
        "/assets/....//....//secret.txt",
        "//secret.txt",
        "/assets/index-abc.js%00.txt",
        "/assets/index-abc.js/",
        "/assets/",
        "/assets",
        "/.sources",
    ],
)
def test_no_way_leads_out_of_the_folder(console: Api, path: str) -> None:
    assert ask(console, path).status == 404
    page = ask(console, path, **HTML)
    assert "secret" not in page.text
    assert page.status == 404 or "<title>Console</title>" in page.text


def test_without_a_bundle_a_plain_page_says_what_to_do(tmp_path: Path) -> None:
    with serving(tmp_path) as bare:
        page = ask(bare, "/tasks", **HTML)
        assert page.status == 200
        assert "make web" in page.text
        assert "'self'" in page.headers["content-security-policy"]
        assert ask(bare, "/assets/index-abc.js").status == 404


def test_a_page_that_cannot_be_told_anything_is_refused(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!doctype html><title>Console</title>")

    with pytest.raises(RuntimeError, match="no place"):
        serve_console(FastAPI(), here={}, folder=tmp_path)


def test_the_real_server_serves_it_beside_its_api(api: Api) -> None:
    page = ask(api, "/", **HTML)

    assert page.status == 200
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert ask(api, "/api", **HTML).body == page.body, "the reference is a page of the console"
    assert ask(api, "/api/v1/nothing", **HTML).headers["content-type"] == "application/problem+json"
    assert ask(api, "/openapi.json", **HTML).json["openapi"].startswith("3.1")
    assert ask(api, "/healthz", **HTML).json["status"] == "ok"


def test_the_page_names_every_file_that_it_needs() -> None:
    files = load()
    if not files:
        pytest.skip("the console was not built: install it with `make web`")
    named = re.findall(r'(?:src|href)="/([^"]+)"', files["index.html"].content.decode())

    assert named
    assert set(named) <= files.keys()
