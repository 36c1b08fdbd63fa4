"""Dead letters over HTTP: seen, counted, redriven once, discarded, edited and replayed."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from http_client import Api, unique


@pytest.fixture
def mender(api: Api) -> str:
    """The key of an object without which tasks are refused."""
    return unique("mended")


def _dead(api: Api, mender: str) -> dict[str, object]:
    task_id = api.order("refuse", unless=mender)
    return api.state(task_id, "dead")


def _letter(api: Api, mender: str) -> dict[str, Any]:
    return api.get(f"/dead-letters/{_dead(api, mender)['dead_letter']}").json


def _task_of(api: Api, event: int) -> dict[str, Any] | None:
    for item in api.get("/tasks", limit=20).json["items"]:
        task = api.get(f"/tasks/{item['id']}").json
        if event in [found["id"] for found in task["inputs"]]:
            return task
    return None


def _ended(api: Api, operation: str) -> dict[str, Any] | None:
    found = api.get(f"/operations/{operation}").json
    return found if found["state"] != "running" else None


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

    assert (counted["matched"], counted["redriven"], counted["dry_run"]) == (2, 0, True)
    assert counted["preview"]["total"] == {
        "letters": 2,
        "events_covered": 2,
        "tasks": 2,
        "merged": 0,
    }
    (group,) = counted["preview"]["groups"]
    assert (group["job"], group["letters"]) == ("tiny.act", 2)
    assert [api.get(f"/dead-letters/{i}").json["state"] for i in ids] == ["open", "open"]


def test_the_same_redrive_twice_moves_nothing_twice(api: Api, mender: str) -> None:
    ids = [_dead(api, mender)["dead_letter"] for _ in range(2)]
    _mend(api, mender)

    first = api.post("/dead-letters/redrive", {"ids": ids}).json
    second = api.post("/dead-letters/redrive", {"ids": ids}).json

    assert (first["matched"], first["redriven"], first["operation"]) == (2, 2, None)
    assert (second["matched"], second["redriven"], second["operation"]) == (0, 0, None)


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
        {"job": "tiny.act", "ids": [1]},
        {"job": "tiny.act", "all": True},
        {"died_before": "2026-11-20"},
        {"died_after": 0},
        {"ids": list(range(1, 1002))},
        [],
    ],
)
@pytest.mark.parametrize("act", ["redrive", "discard", "reopen"])
def test_an_act_on_many_that_is_not_exactly_said_is_refused(
    api: Api, act: str, body: object
) -> None:
    refused = api.post(f"/dead-letters/{act}", body)

    assert refused.status == 422
    assert refused.json["errors"]


@pytest.mark.parametrize("rate", [0, -1, "2", 1e9])
def test_a_rate_that_makes_no_sense_is_refused(api: Api, rate: object) -> None:
    assert api.post("/dead-letters/redrive", {"all": True, "rate": rate}).status == 422


def test_letters_are_listed_and_grouped_by_the_way_they_failed(api: Api, mender: str) -> None:
    letters = [_letter(api, mender) for _ in range(2)]

    groups = {g["fingerprint"]: g for g in api.pages("/dead-letters/groups", job="tiny.act")}

    alike = letters[0]["fingerprint"]
    assert groups[alike]["newest"] == letters[1]["id"]
    assert groups[alike]["letters"] >= 2
    assert groups[alike]["error"]["message"] == letters[0]["error"]["message"]
    listed = [found["id"] for found in api.pages("/dead-letters", fingerprint=alike)]
    assert {letter["id"] for letter in letters} <= set(listed)
    assert list(api.pages("/dead-letters", fingerprint="nothing failed like this")) == []
    assert api.get("/dead-letters/groups", job="no.job").status == 404


def test_a_letter_says_how_long_it_is_kept(api: Api, mender: str) -> None:
    letter = _letter(api, mender)

    kept = datetime.fromisoformat(letter["expires_at"]) - datetime.fromisoformat(letter["died_at"])

    assert kept == timedelta(days=14)


def test_discarded_letters_come_back_by_a_reopen(api: Api, mender: str) -> None:
    ids = [_letter(api, mender)["id"] for _ in range(2)]

    one = api.post(f"/dead-letters/{ids[0]}/discard").json
    many = api.post("/dead-letters/discard", {"ids": ids}).json
    assert (one["state"], many["changed"]) == ("discarded", 1)
    assert api.post(f"/dead-letters/{ids[0]}/redrive").status == 409

    counted = api.post("/dead-letters/reopen", {"ids": ids, "dry_run": True}).json
    assert (counted["matched"], counted["changed"]) == (2, 0)
    assert api.post("/dead-letters/reopen", {"ids": ids}).json["changed"] == 2
    assert api.post(f"/dead-letters/{ids[0]}/reopen").json["state"] == "open"
    assert [api.get(f"/dead-letters/{i}").json["state"] for i in ids] == ["open", "open"]


def test_an_edited_event_does_what_the_first_one_could_not(api: Api, mender: str) -> None:
    letter = _letter(api, mender)
    assert letter["event"]["dataset"] == "tiny.order"
    assert letter["event"]["payload"]["do"] == "refuse"

    replayed = api.post(f"/dead-letters/{letter['id']}/replay", {"payload": {"do": "succeed"}}).json

    event = replayed["event_id"]
    assert (replayed["dead_letter"]["state"], replayed["dead_letter"]["event_id"]) == (
        "replayed",
        event,
    )
    task = api.get(f"/tasks/{letter['task_id']}").json
    assert (task["state"], task["replayed_by"]) == ("replayed", event)
    mended = api.until(lambda: _task_of(api, event))
    assert mended["inputs"][0]["key"] == letter["event"]["key"]
    api.state(mended["id"], "succeeded")


@pytest.mark.parametrize(
    ("edit", "status"),
    [
        ({}, 422),
        ({"range": [1, 2]}, 422),
        ({"key": ""}, 422),
        ({"key": 7}, 422),
        ({"payload": "x" * 200_000}, 422),
    ],
)
def test_an_edit_that_is_wrong_is_refused_and_changes_nothing(
    api: Api, mender: str, edit: object, status: int
) -> None:
    letter = _letter(api, mender)

    refused = api.post(f"/dead-letters/{letter['id']}/replay", edit)

    assert refused.status == status
    assert refused.json["errors"]
    assert api.get(f"/dead-letters/{letter['id']}").json["state"] == "open"


def test_a_redrive_with_a_rate_is_an_operation_that_ends_by_itself(api: Api, mender: str) -> None:
    ids = [_letter(api, mender)["id"] for _ in range(3)]
    _mend(api, mender)

    started = api.post("/dead-letters/redrive", {"ids": ids, "rate": 100})

    assert started.status == 202
    operation = started.json["operation"]
    assert started.headers["location"] == f"/api/v1/operations/{operation}"
    ended = api.until(lambda: _ended(api, operation))
    assert (ended["state"], ended["kind"], ended["done"], ended["total"]) == (
        "succeeded",
        "redrive",
        3,
        3,
    )
    assert [api.get(f"/dead-letters/{i}").json["state"] for i in ids] == ["redriven"] * 3


def test_a_slow_redrive_is_cancelled_and_leaves_the_rest(api: Api, mender: str) -> None:
    ids = [_letter(api, mender)["id"] for _ in range(3)]
    body = {"ids": ids, "rate": 0.001}
    operation = api.post("/dead-letters/redrive", body).json["operation"]
    api.until(lambda: api.get(f"/operations/{operation}").json["done"] == 1)

    asked = api.post(f"/operations/{operation}/cancel").json

    assert asked["cancel_requested"]
    ended = api.until(lambda: _ended(api, operation))
    assert (ended["state"], ended["done"]) == ("cancelled", 1)
    states = [api.get(f"/dead-letters/{i}").json["state"] for i in ids]
    assert states == ["redriven", "open", "open"]
    assert api.post(f"/operations/{operation}/cancel").status == 409
