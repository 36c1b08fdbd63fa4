"""The event log over HTTP: filters and pages, one event in full, and its cascade."""

from typing import Any

import pytest
from http_client import Api, unique


def _send(api: Api, source: str, **event: Any) -> int:
    return int(api.post(f"/sources/tiny/{source}/events", event).json["event_id"])


def test_a_list_is_filtered_by_dataset_key_kind_and_time(api: Api) -> None:
    word = unique("filtered")
    first = _send(api, "parked", key=f"{word}/1", payload={"n": 1})
    second = _send(api, "parked", key=f"{word}/2")
    invalid = api.post("/datasets/tiny.parked/invalidate", {"key": f"{word}/1"}).json["event_id"]

    def ids(**query: Any) -> list[int]:
        return [event["id"] for event in api.get("/events", key=word, **query).json["items"]]

    assert ids() == [invalid, second, first]
    assert ids(dataset="tiny.parked", kind="update") == [second, first]
    assert ids(kind="invalidate") == [invalid]
    at = api.get(f"/events/{second}").json["at"]
    assert ids(since=at) == [invalid, second]
    assert ids(until=at) == [first]
    (event,) = [e for e in api.get("/events", key=word).json["items"] if e["id"] == first]
    assert (event["payload"], event["payload_omitted"]) == ({"n": 1}, False)


def test_ranges_are_found_by_what_they_meet(api: Api) -> None:
    event = _send(api, "blocks", range=[7_000_000, 7_000_010])

    found = api.get("/events", dataset="tiny.blocks", range="7000009:7000050").json
    beside = api.get("/events", dataset="tiny.blocks", range="7000010:7000050").json

    assert [one["id"] for one in found["items"]] == [event]
    assert (beside["items"], beside["next_cursor"], beside["complete"]) == ([], None, True)


def test_pages_show_each_event_once(api: Api) -> None:
    word = unique("paged")
    sent = [_send(api, "parked", key=f"{word}/{n}") for n in range(5)]

    found = [event["id"] for event in api.pages("/events", key=word, limit=2)]

    assert found == sent[::-1]


def test_an_event_is_shown_with_its_producer_its_tasks_and_a_cut_payload(api: Api) -> None:
    key = unique("detail")
    task = api.order("succeed", key=key, text="x" * 70_000)
    api.state(task, "succeeded")
    event = api.get(f"/tasks/{task}").json["inputs"][0]["id"]
    (out,) = api.get("/events", producer_task=task).json["items"]

    given = api.get(f"/events/{event}").json
    made = api.get(f"/events/{out['id']}").json

    assert (given["source"], given["producer_task"], given["routed"]) == ("tiny.order", None, True)
    assert [(one["id"], one["state"]) for one in given["tasks"]] == [(task, "succeeded")]
    assert not given["more_tasks"]
    assert given["payload"]["truncated"]
    assert len(given["payload"]["text"]) == 64 * 1024
    assert given["payload"]["bytes"] > 70_000
    assert given["trace_id"] == api.get("/events", key=key).json["items"][-1]["trace_id"]
    assert (made["producer_task"], made["producer_job"]) == (task, "tiny.act")
    assert (made["payload"], made["tasks"]) == (None, [])
    assert api.get("/events", key=key, dataset="tiny.order").json["items"][0]["payload"] is None


def test_a_cascade_comes_to_rest(api: Api) -> None:
    key = unique("cascade")
    event = api.post("/datasets/tiny.order/invalidate", {"key": key}).json["event_id"]

    found = api.until(lambda: _at_rest(api, event))

    assert found["summary"] == (
        f"An invalidation of tiny.order at key {key} touched 1 dataset over 1 hop; 1 of 1 task is"
        " done. It has come to rest."
    )
    assert [(node["id"], node["parents"], node["job"]) for node in found["nodes"]] == [
        (0, [], None),
        (1, [0], "tiny.act"),
    ]
    assert found["tasks"]["done"] == found["tasks_in_all"] == 1
    assert found["complete"]


def _at_rest(api: Api, event: int) -> dict[str, Any] | None:
    found: dict[str, Any] = api.get(f"/events/{event}/cascade", depth=3).json
    return found if found["at_rest"] else None


@pytest.mark.parametrize("path", ["/events/999999999", "/events/9223372036854775807/cascade"])
def test_an_event_that_is_not_there_is_not_found(api: Api, path: str) -> None:
    missing = api.get(path)

    assert missing.status == 404
    assert missing.json["hint"]


@pytest.mark.parametrize(
    "query",
    [
        {"range": "5:5"},
        {"range": "5:1"},
        {"since": "yesterday"},
        {"since": "2026-11-20T00:00:00"},
        {"kind": "delete"},
        {"producer_task": 0},
    ],
)
def test_a_filter_that_is_none_is_refused(api: Api, query: dict[str, Any]) -> None:
    assert api.get("/events", **query).status == 422


def test_a_dataset_that_never_was_is_told(api: Api) -> None:
    assert api.get("/events", dataset="tiny.nothing").status == 404


@pytest.mark.parametrize("edge", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_the_ends_of_the_calendar_are_times_too(api: Api, edge: str) -> None:
    assert api.get("/events", since=edge, limit=1).status in {200, 422}
    assert api.get("/events", until=edge, limit=1).status in {200, 422}
