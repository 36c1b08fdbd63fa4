"""Finding tasks by a filter over HTTP, the story of one, and acts on all that a filter finds."""

from typing import Any

import pytest
from http_client import Api, unique


def _parked(api: Api, tasks: int) -> tuple[str, list[int]]:
    """Have pending tasks in partitions of one beginning; return that and their ids."""
    begin = unique("bulk") + "/"
    ids = [api.order("succeed", source="parked", key=f"{begin}{n}") for n in range(tasks)]
    return begin, ids


def _ended(api: Api, location: str) -> dict[str, Any]:
    path = location.removeprefix("/api/v1")
    return api.until(lambda: (o := api.get(path).json)["state"] != "running" and o)


def test_a_list_is_filtered_counted_and_turned_around(api: Api) -> None:
    begin, ids = _parked(api, 3)

    page = api.get("/tasks", state="pending,waiting", partition=begin, order="oldest").json
    by_job = api.get("/tasks", job="tiny.park", dag="tiny", partition=begin).json

    assert [task["id"] for task in page["items"]] == ids
    assert (page["next_cursor"], page["complete"]) == (None, True)
    assert {c["state"]: c["tasks"] for c in page["counts"] if c["tasks"]} == {"pending": 3}
    assert all(count["exact"] for count in page["counts"])
    assert [task["id"] for task in by_job["items"]] == ids[::-1]
    assert api.get("/tasks", dag="nothing").status == 404
    assert api.get("/tasks", state="pending,lost").status == 422
    assert api.get("/tasks", created_since="yesterday").status == 422


def test_counts_come_with_the_first_page_only(api: Api) -> None:
    begin, ids = _parked(api, 3)

    first = api.get("/tasks", partition=begin, limit=2).json
    second = api.get("/tasks", partition=begin, limit=2, cursor=first["next_cursor"]).json

    assert [t["id"] for t in first["items"] + second["items"]] == ids[::-1]
    assert second["counts"] is None


def test_tasks_are_found_by_time_worker_and_error(api: Api) -> None:
    task_id = api.order("fail")
    task = api.state(task_id, "waiting")
    code = task["error"]["code"]

    found = api.get("/tasks", worker=task["worker"], error_code=code, state="waiting").json
    since = api.get("/tasks", created_since=task["created_at"], error_code=code).json
    before = api.get("/tasks", created_until=task["created_at"], error_code=code).json

    assert task_id in [one["id"] for one in found["items"]]
    assert task_id in [one["id"] for one in since["items"]]
    assert task_id not in [one["id"] for one in before["items"]]


def test_a_task_tells_its_whole_story(api: Api) -> None:
    key = unique("story")
    task_id = api.order("succeed", key=key)
    task = api.state(task_id, "succeeded")

    (attempt,) = task["attempts"]
    (event,) = task["inputs"]
    (output,) = task["outputs"]
    assert task["created_at"] == attempt["queued_at"] <= attempt["started_at"]
    assert task["first_event_at"] == event["at"] <= task["created_at"]
    assert event["payload_bytes"] > 0
    assert task["first_payload"] == {
        "event_id": event["id"],
        "text": '{"do": "succeed"}',
        "bytes": 17,
        "truncated": False,
    }
    assert (output["dataset"], output["key"], output["tasks"]) == ("tiny.out", key, [])
    assert task["emitted_at"] == output["at"] >= attempt["started_at"]
    assert not task["more_outputs"]
    assert task["letter"] is None
    assert task["kinship"] == {"carried_on_by": [], "came_from": []}


def test_a_dead_task_has_its_letter(api: Api) -> None:
    task_id = api.order("refuse", unless=unique("never"))
    task = api.state(task_id, "dead")

    assert task["letter"]["id"] == task["dead_letter"]
    assert (task["letter"]["state"], task["letter"]["task_id"]) == ("open", task_id)


def test_a_dry_run_says_what_would_be_done_and_does_nothing(api: Api) -> None:
    begin, ids = _parked(api, 6)
    asked = {"action": "cancel", "filter": {"partition": begin}, "dry_run": True}

    answer = api.post("/tasks/bulk", asked)

    assert (answer.status, answer.json["operation"]) == (200, None)
    preview = answer.json["preview"]
    assert (preview["matched"], preview["exact"]) == (6, True)
    assert preview["by_job"] == {"tiny.park": 6}
    assert [task["id"] for task in preview["sample"]] == ids[:5]
    assert {api.get(f"/tasks/{task_id}").json["state"] for task_id in ids} == {"pending"}


def test_all_that_a_filter_finds_is_cancelled_and_put_back(api: Api) -> None:
    begin, ids = _parked(api, 4)

    cancel = api.post("/tasks/bulk", {"action": "cancel", "filter": {"partition": begin}})
    cancelled = _ended(api, cancel.headers["location"])

    assert cancel.status == 202
    assert (cancelled["state"], cancelled["done"], cancelled["total"]) == ("succeeded", 4, 4)
    assert cancelled["message"] == "4 of 4 tasks were cancelled, or asked to stop."
    retry = {"action": "retry", "filter": {"partition": begin, "state": ["cancelled"]}}
    back = _ended(api, api.post("/tasks/bulk", retry).headers["location"])
    assert (back["state"], back["done"]) == ("succeeded", 4)
    assert {api.get(f"/tasks/{task_id}").json["state"] for task_id in ids} == {"pending"}


def test_tasks_are_chosen_by_id_as_well(api: Api) -> None:
    _, ids = _parked(api, 3)

    asked = {"action": "cancel", "filter": {"ids": ids[:2]}, "rate_per_second": 1000.0}
    _ended(api, api.post("/tasks/bulk", asked).headers["location"])

    states = [api.get(f"/tasks/{task_id}").json["state"] for task_id in ids]
    assert states == ["cancelled", "cancelled", "pending"]


@pytest.mark.parametrize(
    ("chosen", "status"),
    [
        ({}, 422),
        ({"all": True, "job": "tiny.park"}, 422),
        ({"ids": [1], "state": ["pending"]}, 422),
        ({"ids": []}, 422),
        ({"states": ["pending"]}, 422),
        ({"state": ["succeeded"]}, 422),
        ({"state": []}, 422),
        ({"job": "tiny.nothing"}, 404),
        ({"dag": "nothing"}, 404),
    ],
)
def test_an_act_that_is_not_exactly_said_is_refused(
    api: Api, chosen: dict[str, Any], status: int
) -> None:
    refused = api.post("/tasks/bulk", {"action": "cancel", "filter": chosen, "dry_run": True})

    assert refused.status == status, refused.text


def test_an_act_under_way_is_cancelled_and_leaves_the_rest(api: Api) -> None:
    begin, ids = _parked(api, 5)
    asked = {"action": "cancel", "filter": {"partition": begin}, "rate_per_second": 0.01}
    location = api.post("/tasks/bulk", asked).headers["location"]
    path = location.removeprefix("/api/v1")
    api.until(lambda: api.get(path).json["done"] == 1)

    assert api.post(f"{path}/cancel").status == 200

    ended = _ended(api, location)
    assert (ended["state"], ended["done"], ended["total"]) == ("cancelled", 1, 5)
    states = [api.get(f"/tasks/{task_id}").json["state"] for task_id in ids]
    assert states == ["cancelled", *["pending"] * 4]
