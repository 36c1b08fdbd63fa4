"""Objects over HTTP: bytes in, the same bytes out, whole or in part; signed URLs."""

from urllib.parse import urlsplit

import pytest
from http_client import Api, unique

from headgate.web.edge.body_limit import OBJECT_LIMIT

_BYTES = bytes(range(256)) * 8


@pytest.fixture
def key(api: Api) -> str:
    """The key of an object that holds `_BYTES`."""
    made = f"{unique('folder')}/ä b+c.bin"
    assert _put(api, made, _BYTES).status == 201
    return made


def _put(api: Api, key: str, body: bytes, **headers: str):
    return api.send("PUT", f"/objects/{_quoted(key)}", body=body, headers=headers)


def _quoted(key: str) -> str:
    return key.replace("ä", "%C3%A4").replace(" ", "%20")


def test_what_was_put_is_read_back_with_its_tag_and_type(api: Api, key: str) -> None:
    got = api.get(f"/objects/{_quoted(key)}")

    assert got.body == _BYTES
    assert got.headers["content-type"] == "application/octet-stream"
    assert got.headers["cache-control"] == "private, no-cache"
    unchanged = api.send(
        "GET", f"/objects/{_quoted(key)}", headers={"If-None-Match": got.headers["etag"]}
    )
    assert (unchanged.status, unchanged.body) == (304, b"")


def test_a_head_describes_without_bytes(api: Api, key: str) -> None:
    head = api.send("HEAD", f"/objects/{_quoted(key)}")

    assert head.status == 200
    assert head.headers["content-length"] == str(len(_BYTES))
    assert head.body == b""


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-9", 0, 10), ("bytes=2040-", 2040, 2048), ("bytes=-5", 2043, 2048),
     ("bytes=2000-99999", 2000, 2048)],
)  # fmt: skip
def test_a_range_is_sent_in_part(api: Api, key: str, asked: str, start: int, end: int) -> None:
    part = api.send("GET", f"/objects/{_quoted(key)}", headers={"Range": asked})

    assert part.status == 206
    assert part.body == _BYTES[start:end]
    assert part.headers["content-range"] == f"bytes {start}-{end - 1}/2048"


def test_a_range_beyond_the_end_cannot_be_satisfied(api: Api, key: str) -> None:
    beyond = api.send("GET", f"/objects/{_quoted(key)}", headers={"Range": "bytes=5000-"})

    assert beyond.status == 416
    assert beyond.headers["content-range"] == "bytes */2048"


def test_a_range_of_another_version_is_sent_whole(api: Api, key: str) -> None:
    whole = api.send(
        "GET", f"/objects/{_quoted(key)}", headers={"Range": "bytes=0-1", "If-Range": '"other"'}
    )

    assert (whole.status, whole.body) == (200, _BYTES)


def test_an_old_version_stays_readable_and_never_changes(api: Api, key: str) -> None:
    old = api.send("HEAD", f"/objects/{_quoted(key)}").headers["x-object-version"]
    _put(api, key, b"new")

    kept = api.get(f"/objects/{_quoted(key)}", version=old)

    assert kept.body == _BYTES
    assert "immutable" in kept.headers["cache-control"]
    assert api.get(f"/objects/{_quoted(key)}").body == b"new"


def test_a_conditional_put_does_not_overwrite(api: Api, key: str) -> None:
    etag = api.send("HEAD", f"/objects/{_quoted(key)}").headers["etag"]

    fresh_only = _put(api, key, b"x", **{"If-None-Match": "*"})
    other_only = _put(api, key, b"x", **{"If-Match": '"other"'})
    this_one = _put(api, key, b"y", **{"If-Match": etag})

    assert [fresh_only.status, other_only.status, this_one.status] == [412, 412, 201]
    assert api.get(f"/objects/{_quoted(key)}").body == b"y"


def test_a_large_object_comes_in_pieces_and_whole(api: Api) -> None:
    key = unique("large")
    body = bytes(9_000_000 // 256 * 256) + b"end"
    _put(api, key, body)

    assert api.get(f"/objects/{key}").body == body
    part = api.send("GET", f"/objects/{key}", headers={"Range": "bytes=-3"})
    assert (part.status, part.body) == (206, b"end")


def test_the_list_has_what_begins_with_the_prefix_by_key(api: Api) -> None:
    folder = unique("list")
    for name in "cab":
        _put(api, f"{folder}/{name}", b"x")

    listed = [found["key"] for found in api.pages("/objects", prefix=f"{folder}/", limit=2)]

    assert listed == [f"{folder}/{name}" for name in "abc"]


def test_a_deleted_object_is_gone_and_deleting_it_again_is_no_error(api: Api, key: str) -> None:
    assert api.send("DELETE", f"/objects/{_quoted(key)}").status == 204
    assert api.get(f"/objects/{_quoted(key)}").status == 404
    assert api.send("DELETE", f"/objects/{_quoted(key)}").status == 204


@pytest.mark.parametrize("key", ["a//b", "../secret.key", "a/..%2f..%2fsecret.key", ".headgate/x",
                                 "a%00b", "%0a"])  # fmt: skip
def test_a_bad_key_is_refused_and_reaches_nothing(api: Api, key: str) -> None:
    for method in ("GET", "PUT", "DELETE"):
        refused = api.send(method, f"/objects/{key}", body=b"x" if method == "PUT" else None)
        assert refused.status == 422, f"{method} {refused.text}"
        assert refused.json["code"] == "bad_key"


@pytest.mark.parametrize("name", ["a.html", "a.svg", "a.xml"])
def test_what_a_browser_would_run_is_saved_and_sandboxed(api: Api, name: str) -> None:
    key = f"{unique('active')}/{name}"
    _put(api, key, b"<script>alert(1)</script>")

    got = api.get(f"/objects/{key}")

    assert got.headers["content-disposition"] == "attachment"
    assert "sandbox" in got.headers["content-security-policy"]
    assert got.headers["x-content-type-options"] == "nosniff"


def test_a_put_under_a_watched_prefix_is_announced_once(api: Api) -> None:
    key = f"drop/{unique('file')}.txt"
    _put(api, key, b"hello")

    events = [e for e in api.pages("/events", dataset="tiny.file") if e["key"] == key]

    assert [e["payload"]["size"] for e in events] == [5]


def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_sent(api: Api) -> None:
    api.connection.putrequest("PUT", f"/api/v1/objects/{unique('huge')}")
    api.connection.putheader("Content-Length", str(OBJECT_LIMIT + 1))
    api.connection.putheader("Expect", "100-continue")
    api.connection.endheaders()

    refused = api.connection.getresponse()

    assert refused.status == 413
    assert b"100 MB" in refused.read()


def test_a_signed_url_lets_its_bearer_do_that_one_thing(api: Api) -> None:
    key = f"{unique('signed')}/a b.txt"
    put = _path(api.post("/objects/sign", {"key": key, "method": "PUT"}).json["url"])
    get = _path(api.post("/objects/sign", {"key": key}).json["url"])

    assert api.send("PUT", put, body=b"hello").status == 201
    assert api.send("GET", get).body == b"hello"
    assert api.send("GET", put).status == 403
    assert api.send("PUT", get, body=b"x").status == 403
    assert api.send("GET", get.replace("a%20b", "other")).status == 403
    assert api.send("GET", get.replace("signature=", "signature=A")).status == 403


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"/{parts.path}?{parts.query}"
