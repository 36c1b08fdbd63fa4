"""Why, lineage and impact over HTTP."""

import pytest
from http_client import Api, unique


def test_a_task_tells_where_it_came_from_and_how_it_ended(api: Api) -> None:
    key = unique("why")
    task_id = api.order("succeed", key=key)
    api.state(task_id, "succeeded")

    why = api.get(f"/tasks/{task_id}/why").json

    assert (why["task_id"], why["job"], why["state"]) == (task_id, "tiny.act", "succeeded")
    assert why["waits"] == []
    assert [reason["code"] for reason in why["ends"]] == ["succeeded"]
    assert why["causes"][0]["text"].endswith(
        f"an update of tiny.order at key {key}, from the source tiny.order."
    )
    assert why["events"][0]["source"] == "tiny.order"


def test_a_task_that_waits_tells_until_when_and_why(api: Api) -> None:
    task_id = api.order("fail")
    api.state(task_id, "waiting")

    (retry,) = api.get(f"/tasks/{task_id}/why").json["waits"]

    assert retry["code"] == "retry_backoff"
    assert "Attempt 1 failed (The provider is away)" in retry["text"]
    assert retry["until"] > retry["since"]
    assert f"headgate task retry {task_id}" in retry["do"]


def test_an_event_leads_to_its_tasks(api: Api) -> None:
    task_id = api.order("succeed")
    api.state(task_id, "succeeded")
    event = api.get(f"/tasks/{task_id}").json["inputs"][0]["id"]

    why = api.get(f"/events/{event}/why").json

    assert why["routed"] is True
    assert [(task["id"], task["job"]) for task in why["tasks"]] == [(task_id, "tiny.act")]
    assert why["waits"] == why["not_for"] == []


def test_lineage_links_a_task_to_what_it_emitted(api: Api) -> None:
    key = unique("lineage")
    task_id = api.order("succeed", key=key)
    api.state(task_id, "succeeded")

    lineage = api.get(f"/tasks/{task_id}/lineage", depth=2).json

    (task,) = lineage["tasks"]
    assert (task["id"], task["hop"], task["inputs_in_all"]) == (task_id, 0, 1)
    assert [(e["dataset"], e["key"]) for e in task["inputs"]] == [("tiny.order", key)]
    assert [(e["dataset"], e["key"]) for e in task["outputs"]] == [("tiny.out", key)]
    assert lineage["complete"] is True


def test_a_dataset_is_shown_with_its_freshness_and_its_last_events(api: Api) -> None:
    key = unique("shown")
    api.state(api.order("succeed", key=key), "succeeded")

    out = api.get("/datasets/tiny.out").json

    assert (out["producer"], out["producer_kind"]) == ("tiny.act", "job")
    assert key in {event["key"] for event in out["events"]}
    assert api.get("/datasets/tiny.order").json["consumers"] == ["tiny.act"]
    assert api.get("/datasets/tiny.blocks").json["stale_since"] is None
    missing = api.get("/datasets/tiny.nothing")
    assert missing.status == 404
    assert missing.json["hint"]


def test_a_dataset_tells_how_fresh_it_is(api: Api) -> None:
    why = api.get("/datasets/tiny.blocks/why", range="-5:10").json

    assert (why["fresh"], why["where"]) == (True, "[-5, 10)")
    assert why["summary"] == "tiny.blocks is fresh: nothing that it is made from changed since."


def test_an_impact_names_what_would_run_and_changes_nothing(api: Api) -> None:
    key = unique("impact")
    impact = api.post("/datasets/tiny.order/impact", {"key": key}).json

    assert [d["dataset"] for d in impact["datasets"]] == ["tiny.out"]
    assert [(job["job"], job["tasks"], job["replaces"]) for job in impact["jobs"]] == [
        ("tiny.act", 1, True)
    ]
    assert key not in {e["key"] for e in api.get("/datasets/tiny.order").json["events"]}


def test_an_invalidation_happens_once_and_runs_its_jobs_again(api: Api) -> None:
    key, once = unique("invalid"), unique("once-invalid")
    path = "/datasets/tiny.order/invalidate"
    first = api.post(path, {"key": key}, Idempotency_Key=once)
    again = api.post(path, {"key": key}, Idempotency_Key=once)

    assert first.status == again.status == 200
    assert first.json["event_id"] == again.json["event_id"]
    assert first.json["impact"]["tasks"] == 1
    event = first.json["event_id"]
    (task,) = api.until(lambda: api.get(f"/events/{event}/why").json["tasks"])
    api.state(task["id"], "succeeded")
    causes = api.get(f"/tasks/{task['id']}/why").json["causes"]
    assert causes[0]["code"] == "invalidate"
    assert causes[0]["text"].endswith("from a person or another program.")


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("/datasets/tiny.order/impact", {"range": [0, 1]}, "/range"),
        ("/datasets/tiny.blocks/impact", {"key": "x"}, "/key"),
        ("/datasets/tiny.blocks/impact", {"range": [3, 3]}, "/range"),
        ("/datasets/tiny.blocks/impact", {"range": [0, 2**63 - 1]}, "/range"),
        ("/datasets/tiny.blocks/invalidate", {}, "/range"),
        ("/datasets/tiny.order/invalidate", {}, "/key"),
        ("/datasets/tiny.blocks/invalidate", {"range": [0, 2 * 10**9]}, "/range"),
    ],
)
def test_a_part_that_is_none_is_refused(
    api: Api, path: str, body: dict[str, object], pointer: str
) -> None:
    refused = api.post(path, body)

    assert refused.status == 422
    assert [fault["pointer"] for fault in refused.json["errors"]] == [pointer]


@pytest.mark.parametrize(
    "path",
    [
        "/tasks/999999999/why",
        "/tasks/999999999/lineage",
        "/events/999999999/why",
        "/datasets/nothing/why",
    ],
)
def test_what_is_not_there_is_not_found(api: Api, path: str) -> None:
    assert api.get(path).status == 404


@pytest.mark.parametrize("part", ["5", "5:", "a:b", "5:1"])
def test_a_range_that_is_none_is_refused(api: Api, part: str) -> None:
    assert api.get("/datasets/tiny.blocks/why", range=part).status == 422
