"""What only a bucket does, can do wrong, or must say."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from s3_server import KEYS, S3Server, running_s3

from headgate.ports.object_store import ObjectMissing, ObjectStoreError, StoreUnavailable
from headgate.ports.object_store.s3 import S3ObjectStore

NOW = datetime(2026, 1, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    with running_s3() as running:
        yield running


def store_in(bucket: str, endpoint: str, **options: str) -> S3ObjectStore:
    return S3ObjectStore(bucket, endpoint=endpoint, allow_http=True, **KEYS, **options)


async def keys_of(store: S3ObjectStore, prefix: str = "") -> list[str]:
    return [info.key async for info in store.list(prefix)]


async def test_every_put_has_a_version_even_without_versioning(server: S3Server):
    store = store_in(server.new_bucket(versioned=False), server.endpoint)
    puts = [await store.put("a", b"same") for _ in range(3)]
    assert len({put.version for put in puts}) == 3
    assert await store.head("a") == puts[-1]
    assert await store.get("a", version=puts[-1].version) == b"same"
    with pytest.raises(ObjectMissing):
        await store.get("a", version=puts[0].version)


@pytest.mark.parametrize("versioned", [True, False])
async def test_what_another_program_put_is_an_object_like_ours(
    server: S3Server, *, versioned: bool
):
    bucket = server.new_bucket(versioned=versioned)
    store = store_in(bucket, server.endpoint)
    server.client.put_object(Bucket=bucket, Key="in/brief.json", Body=b"{}")
    info = await store.head("in/brief.json")
    assert (info.size, info.content_type) == (2, "application/json")
    assert [each async for each in store.list("in/")] == [info]
    assert await store.get("in/brief.json", version=info.version) == b"{}"
    server.client.put_object(Bucket=bucket, Key="in/brief.json", Body=b"[1]")
    assert (await store.head("in/brief.json")).version != info.version


async def test_stores_with_different_prefixes_do_not_see_each_other(server: S3Server):
    bucket = server.new_bucket()
    one, other = (store_in(bucket, server.endpoint, prefix=each) for each in ("a/b", "a/bc/"))
    await one.put("k", b"1")
    await other.put("k", b"2")
    assert (await one.get("k"), await other.get("k")) == (b"1", b"2")
    assert (await keys_of(one), await keys_of(other)) == (["k"], ["k"])
    listed = server.client.list_objects_v2(Bucket=bucket)["Contents"]
    assert [each["Key"] for each in listed] == ["a/b/k", "a/bc/k"]


async def test_folder_markers_of_consoles_are_no_objects(server: S3Server):
    bucket = server.new_bucket()
    store = store_in(bucket, server.endpoint)
    server.client.put_object(Bucket=bucket, Key="in/", Body=b"")
    await store.put("in/a", b"x")
    assert await keys_of(store) == ["in/a"]
    assert await keys_of(store, "in") == ["in/a"]


async def test_a_key_that_no_listing_gets_past_is_named(server: S3Server):
    bucket = server.new_bucket()
    server.client.put_object(Bucket=bucket, Key="in//a", Body=b"x")
    with pytest.raises(ObjectStoreError, match=r"in//a.*rename or remove") as caught:
        await keys_of(store_in(bucket, server.endpoint))
    assert not caught.value.retry


def fetched(method: str, url: str, body: bytes | None = None) -> tuple[int, bytes]:
    parts = urlsplit(url)
    assert parts.hostname
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
    try:
        connection.request(method, f"{parts.path}?{parts.query}", body=body)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


async def test_signed_links_let_their_bearer_put_and_get(server: S3Server):
    store = store_in(server.new_bucket(), server.endpoint, prefix="p")
    key = "in/ü & 50%.json"
    put = store.sign("PUT", key, now=NOW, lifetime=MINUTE)
    assert fetched("PUT", put, b"[1]")[0] == 200
    assert await store.get(key) == b"[1]"
    assert (await store.head(key)).content_type == "application/json"
    assert fetched("GET", store.sign("GET", key, now=NOW, lifetime=MINUTE)) == (200, b"[1]")


def test_a_link_lives_seven_days_at_most(server: S3Server):
    store = store_in("any", server.endpoint)
    assert "X-Amz-Expires=604800" in store.sign("GET", "a", now=NOW, lifetime=timedelta(days=7))
    with pytest.raises(ValueError, match="seven days"):
        store.sign("GET", "a", now=NOW, lifetime=timedelta(days=7, seconds=1))


@contextmanager
def http_server(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{running.server_port}"
        finally:
            running.shutdown()
            thread.join()


def losing_the_first_answer(endpoint: str) -> type[BaseHTTPRequestHandler]:
    """Make a proxy that passes all on, but answers the first put with an error after it is done."""
    lost: list[str] = []

    class Proxy(BaseHTTPRequestHandler):
        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            upstream = http.client.HTTPConnection(urlsplit(endpoint).netloc, timeout=10)
            upstream.request(self.command, self.path, body, dict(self.headers))
            answer = upstream.getresponse()
            content = answer.read()
            upstream.close()
            if self.command == "PUT" and not lost:
                lost.append(self.path)
                self.send_error(500)
                return
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name not in {"Connection", "Transfer-Encoding"}:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_PUT = do_HEAD = _pass_on  # noqa: N815 - names of the library

        def log_message(self, *_: object) -> None: ...

    return Proxy


@pytest.mark.parametrize("versioned", [True, False])
async def test_a_conditional_put_whose_answer_is_lost_does_not_conflict_with_itself(
    server: S3Server, *, versioned: bool
):
    bucket = server.new_bucket(versioned=versioned)
    for condition in ("if_absent", "if_match"):
        with http_server(losing_the_first_answer(server.endpoint)) as proxy:
            store = store_in(bucket, proxy)
            if condition == "if_absent":
                put = await store.put("a", b"1", if_absent=True)
            else:
                put = await store.put("a", b"2", if_match=put.etag)
            assert await store.head("a") == put


class Refusing(BaseHTTPRequestHandler):
    """Answers as S3 does to keys it does not accept."""

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        content = b"<Error><Code>SignatureDoesNotMatch</Code><Message>no</Message></Error>"
        self.send_response(403)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None: ...


async def test_refused_credentials_are_named_as_the_cause():
    with http_server(Refusing) as endpoint:
        store = store_in("photos", endpoint)
        with pytest.raises(
            StoreUnavailable, match=r"'photos' at http://127.*credentials \(SignatureDoesNotMatch\)"
        ):
            await store.put("a", b"x")


async def test_an_endpoint_that_nobody_answers_is_named():
    store = store_in("photos", "http://127.0.0.1:1")
    with pytest.raises(
        StoreUnavailable, match=r"'photos' at http://127\.0\.0\.1:1 cannot read 'a'"
    ):
        await store.get("a")


def test_contradictory_settings_are_refused_at_once():
    with pytest.raises(ValueError, match="not encrypted"):
        S3ObjectStore("b", endpoint="http://minio.local:9000")
    with pytest.raises(ValueError, match="go together"):
        S3ObjectStore("b", access_key="only half")
    for prefix in ("a//b", "../up", "x" * 124):
        with pytest.raises(ValueError, match="no valid prefix"):
            S3ObjectStore("b", prefix=prefix)
