"""Events that come by HTTP, and the event log as people read it."""

import pytest
from http_client import Api, unique


def test_an_event_with_an_idempotency_key_happens_once(api: Api) -> None:
    body = {"key": unique("once"), "payload": {"do": "succeed"}, "idempotency_key": unique("idem")}

    first = api.post("/sources/tiny/order/events", body)
    again = api.post("/sources/tiny/order/events", body)

    assert (first.status, again.status) == (202, 202)
    assert first.json["duplicate"] is False
    assert again.json == {"event_id": first.json["event_id"], "duplicate": True}


def test_the_event_log_shows_what_was_sent_newest_first(api: Api) -> None:
    keys = [unique("log") for _ in range(3)]
    for key in keys:
        api.post("/sources/tiny/parked/events", {"key": key, "payload": {"n": 1}})

    events = api.get("/events", dataset="tiny.parked", limit=3).json["items"]

    assert [event["key"] for event in events] == keys[::-1]
    assert events[0]["payload"] == {"n": 1}
    assert events[0]["producer_task"] is None


def test_an_operators_event_names_the_task_that_made_it(api: Api) -> None:
    key = unique("made")
    task_id = api.order("succeed", key=key)
    api.state(task_id, "succeeded")

    events = api.get("/events", dataset="tiny.out").json["items"]

    assert {event["key"]: event["producer_task"] for event in events}[key] == task_id


def test_a_range_goes_to_a_dataset_of_ranges_only(api: Api) -> None:
    taken = api.post("/sources/tiny/blocks/events", {"range": [5, 9]})
    keyed = api.post("/sources/tiny/blocks/events", {"key": "a"})
    backwards = api.post("/sources/tiny/blocks/events", {"range": [9, 5]})

    assert taken.status == 202
    assert api.get("/events", dataset="tiny.blocks").json["items"][0]["range"] == [5, 9]
    assert keyed.status == 422
    assert {e["code"] for e in keyed.json["errors"]} == {"not_a_key", "missing"}
    assert backwards.json["errors"][0]["pointer"] == "/range"


@pytest.mark.parametrize(
    "body",
    [
        b'{"key": "a\\u0000b"}',
        b'{"key": "\\ud800"}',
        b'{"key": "a", "payload": "\\udfff"}',
        b'{"key": "a", "payload": {"\\u0000": 1}}',
        b'{"key": "a", "payload": NaN}',
        b'{"key": 5}',
        b'{"range": [1]}',
        b'{"range": [1, 99999999999999999999]}',
        b'{"key": "a", "more": 1}',
        b'{"key": ',
        b"",
    ],
)
def test_what_cannot_be_an_event_is_refused_with_a_reason(api: Api, body: bytes) -> None:
    refused = api.send(
        "POST",
        "/sources/tiny/order/events",
        body=body,
        headers={"Content-Type": "application/json"},
    )

    assert refused.status == 422, refused.text
    assert refused.json["errors"]
    assert refused.json["fault"] == "input"


def test_an_unknown_source_is_not_found(api: Api) -> None:
    assert api.post("/sources/tiny/nothing/events", {"key": "a"}).status == 404
    assert api.post("/sources/tiny/files/events", {"key": "a"}).status == 404
