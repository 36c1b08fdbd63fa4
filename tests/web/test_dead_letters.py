"""Dead letters over HTTP: seen, counted, redriven once."""

import pytest
from http_client import Api, unique


@pytest.fixture
def mender(api: Api) -> str:
    """The key of an object without which tasks are refused."""
    return unique("mended")


def _dead(api: Api, mender: str) -> dict[str, object]:
    task_id = api.order("refuse", unless=mender)
    return api.state(task_id, "dead")


def _mend(api: Api, mender: str) -> None:
    assert api.send("PUT", f"/objects/{mender}", body=b"now").status == 201


def test_a_refused_task_is_a_dead_letter_with_its_faults(api: Api, mender: str) -> None:
    task = _dead(api, mender)

    letter = api.get(f"/dead-letters/{task['dead_letter']}").json

    assert letter["state"] == "open"
    assert letter["task_id"] == task["id"]
    assert letter["error"]["problems"][0]["pointer"] == "/do"
    assert letter["error"]["hint"] == "Mend it."
    assert letter["id"] in [found["id"] for found in api.pages("/dead-letters", job="tiny.act")]
    assert task["id"] in [found["id"] for found in api.pages("/tasks", state="dead")]


def test_a_mended_dead_letter_that_is_redriven_succeeds_as_the_same_task(
    api: Api, mender: str
) -> None:
    task = _dead(api, mender)
    _mend(api, mender)

    redriven = api.post(f"/dead-letters/{task['dead_letter']}/redrive").json

    assert redriven["task_id"] == task["id"]
    assert redriven["dead_letter"]["state"] == "redriven"
    ended = api.state(task["id"], "succeeded")
    assert [a["outcome"] for a in ended["attempts"]] == ["dead", "succeeded"]


def test_a_second_redrive_of_a_dead_letter_is_a_conflict(api: Api, mender: str) -> None:
    letter = _dead(api, mender)["dead_letter"]
    _mend(api, mender)
    api.post(f"/dead-letters/{letter}/redrive")

    again = api.post(f"/dead-letters/{letter}/redrive")

    assert again.status == 409
    assert "redriven" in again.json["detail"]
    assert api.post("/dead-letters/999999/redrive").status == 404


def test_a_dry_run_counts_and_moves_nothing(api: Api, mender: str) -> None:
    ids = [_dead(api, mender)["dead_letter"] for _ in range(2)]

    counted = api.post("/dead-letters/redrive", {"ids": ids, "dry_run": True}).json

    assert counted == {"matched": 2, "redriven": 0, "dry_run": True}
    assert [api.get(f"/dead-letters/{i}").json["state"] for i in ids] == ["open", "open"]


def test_the_same_redrive_twice_moves_nothing_twice(api: Api, mender: str) -> None:
    ids = [_dead(api, mender)["dead_letter"] for _ in range(2)]
    _mend(api, mender)

    first = api.post("/dead-letters/redrive", {"ids": ids}).json
    second = api.post("/dead-letters/redrive", {"ids": ids}).json

    assert first == {"matched": 2, "redriven": 2, "dry_run": False}
    assert second == {"matched": 0, "redriven": 0, "dry_run": False}


def test_a_dead_task_is_retried_by_redriving_its_letter(api: Api, mender: str) -> None:
    task = _dead(api, mender)
    _mend(api, mender)

    api.post(f"/tasks/{task['id']}/retry")

    api.state(task["id"], "succeeded")
    assert api.get(f"/dead-letters/{task['dead_letter']}").json["state"] == "redriven"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"all": False},
        {"ids": [1], "all": True},
        {"ids": []},
        {"ids": ["1"]},
        {"all": True, "dry_run": 0},
        {"all": True, "dryrun": True},
        {"job": "a\u0000b"},
        [],
    ],
)
def test_a_redrive_that_is_not_exactly_said_is_refused(api: Api, body: object) -> None:
    refused = api.post("/dead-letters/redrive", body)

    assert refused.status == 422
    assert refused.json["errors"]
