"""The signed URLs of a local store, taken apart as our web server does."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from headgate.ports.object_store import BadSignature
from headgate.ports.object_store.local import LocalObjectStore

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
BRIEF = "input/campaign-briefs/spring.json"


def store_in(root: Path, *, secret: bytes = b"k" * 32) -> LocalObjectStore:
    return LocalObjectStore(root, base_url="http://test/", secret=secret)


@pytest.fixture
def store(tmp_path: Path) -> LocalObjectStore:
    return store_in(tmp_path)


def parts_of(url: str) -> tuple[str, str, int, str]:
    """Take a URL apart as a web server does: method, key, expiry, signature."""
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert url.startswith("http://test/objects/")
    key = unquote(parts.path.removeprefix("/objects/"))
    return query["method"], key, int(query["expires"]), query["signature"]


@pytest.mark.parametrize("key", [BRIEF, "in/ü & 50%?#.json", "a+b", "%2e%2e/x", "日本"])
def test_a_signed_link_is_verified_until_it_expires(store: LocalObjectStore, key: str):
    method, path, expires, signature = parts_of(store.sign("PUT", key, now=NOW, lifetime=MINUTE))
    assert (method, path) == ("PUT", key)
    store.verify(method, path, expires, signature, now=NOW)
    store.verify(method, path, expires, signature, now=NOW + timedelta(seconds=59.9))
    with pytest.raises(BadSignature, match="expired"):
        store.verify(method, path, expires, signature, now=NOW + MINUTE)


def test_an_altered_link_is_refused(store: LocalObjectStore, tmp_path: Path):
    method, key, expires, signature = parts_of(store.sign("GET", "a/b", now=NOW, lifetime=MINUTE))
    altered = [
        ("PUT", key, expires, signature),
        (method, "a/c", expires, signature),
        (method, key, expires + 1, signature),
        (method, key, expires, signature[:-1]),
        (method, key, expires, ""),
        (method, key, expires, "ü\ud800"),
        (method, "lone\ud800", expires, signature),
    ]
    for each in altered:
        with pytest.raises(BadSignature, match="altered"):
            store.verify(*each, now=NOW)
    with pytest.raises(BadSignature):
        store_in(tmp_path, secret=b"x" * 32).verify(method, key, expires, signature, now=NOW)


def test_a_short_secret_is_refused(tmp_path: Path):
    with pytest.raises(ValueError, match="16 bytes"):
        store_in(tmp_path, secret=b"short")
