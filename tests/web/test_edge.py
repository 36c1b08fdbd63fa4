"""What every request passes: host, origin, size, and problems for whatever is wrong."""

from typing import Self

import pytest
from http_client import Api, unique

from headgate.web.edge.rules import host_name, is_known_host, is_own_request


def test_a_foreign_host_name_is_turned_away(api: Api) -> None:
    turned_away = api.send("GET", "/status", headers={"Host": "evil.example"})

    assert turned_away.status == 421
    assert turned_away.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("host", ["localhost:8400", "127.0.0.1", "[::1]:9", "a.localhost", "10.0.0.7",
                                  "LOCALHOST", "studio.example:80", "localhost."])  # fmt: skip
def test_names_of_this_machine_and_given_names_are_known(host: str) -> None:
    assert is_known_host(host, {"studio.example"})


@pytest.mark.parametrize("host", ["", "evil.example", "localhost.evil.example", "127.0.0.1.nip.io",
                                  "evil.example:8400", "xlocalhost"])  # fmt: skip
def test_any_other_name_may_be_a_rebound_one(host: str) -> None:
    assert not is_known_host(host, {"studio.example"})


def test_a_host_is_named_without_port_and_brackets() -> None:
    assert host_name("[fe80::1]:80") == "fe80::1"
    assert host_name("Example.COM:443") == "example.com"


@pytest.mark.parametrize(
    ("fetch_site", "origin", "own"),
    [
        (None, None, True),
        ("same-origin", None, True),
        ("none", None, True),
        ("same-site", None, False),
        ("cross-site", None, False),
        (None, "http://localhost:8400", True),
        (None, "http://localhost:3000", False),
        (None, "null", False),
    ],
)
def test_only_our_own_pages_and_programs_may_change_anything(
    fetch_site: str | None, origin: str | None, own: bool
) -> None:
    for method in ("POST", "PUT", "DELETE"):
        assert (
            is_own_request(method, host="localhost:8400", fetch_site=fetch_site, origin=origin)
            is own
        )
    assert is_own_request("GET", host="localhost:8400", fetch_site=fetch_site, origin=origin)


def test_a_foreign_page_cannot_post(api: Api) -> None:
    key = unique("foreign")
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        refused = api.send(
            "POST", "/sources/tiny/parked/events", body={"key": key}, headers=headers
        )
        assert refused.status == 403

    assert key not in [event["key"] for event in api.get("/events").json["items"]]


def test_a_body_over_the_limit_is_refused_also_when_it_does_not_say_its_size(api: Api) -> None:
    said = api.post("/dags/plan", b"x" * (1 << 20) + b"x")
    api.connection.close()  # the server has closed it
    unsaid = api.send(
        "POST", "/dags/plan", body=_Pieces(), headers={"Transfer-Encoding": "chunked"}
    )

    for refused in (said, unsaid):
        assert refused.status == 413
        assert refused.json["code"] == "too_large"
        assert "1 MiB" in refused.json["detail"]


class _Pieces(bytes):
    """A body that http.client sends in chunks, since it is none of a known length."""

    def __new__(cls) -> Self:
        return super().__new__(cls, (b"10000\r\n" + b"x" * 0x10000 + b"\r\n") * 17 + b"0\r\n\r\n")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "not_found"),
        ("GET", "//nothing", 404, "not_found"),
        ("DELETE", "/tasks", 405, "method_not_allowed"),
        ("GET", "/tasks/abc", 422, "invalid_input"),
        ("GET", "/tasks?limit=0", 422, "invalid_input"),
        ("GET", "/tasks?limit=201", 422, "invalid_input"),
        ("GET", "/tasks?state=odd", 422, "invalid_input"),
        ("GET", "/tasks?job=a%00b", 422, "invalid_input"),
        ("GET", "/tasks?cursor=odd", 400, "bad_cursor"),
        ("GET", "/tasks?cursor=WzFlOTk5XQ", 400, "bad_cursor"),  # [1e999]
        ("GET", "/operations?cursor=WzEsMl0", 400, "bad_cursor"),  # [1,2]
        ("GET", "/operations/1", 422, "invalid_input"),
        ("GET", "/operations/00000000-0000-0000-0000-000000000000", 404, "not_found"),
        ("GET", "/stream?topics=odd", 422, "invalid_input"),
        ("GET", "/traces/00000000000000000000000000000000", 404, "not_found"),
    ],
)
def test_every_error_is_a_problem(api: Api, method: str, path: str, status: int, code: str) -> None:
    answer = api.send(method, path)

    assert answer.status == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.json["status"], answer.json["code"]) == (status, code)
    asked = path.removeprefix("/") if path.startswith("//") else f"/api/v1{path}"
    assert answer.json["instance"] == asked.partition("?")[0]
    assert answer.json["detail"]


def test_a_refused_request_names_every_fault(api: Api) -> None:
    refused = api.get("/tasks", limit=0, state="odd")

    assert [error["pointer"] for error in refused.json["errors"]] == ["?state", "?limit"]
