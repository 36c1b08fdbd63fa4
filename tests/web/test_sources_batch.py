"""Many events of an HTTP source in one call: all of them, or none."""

from http_client import Api, unique

BATCH = "/sources/tiny/parked/events:batch"


def test_a_batch_is_answered_event_by_event_in_its_order(api: Api) -> None:
    keys = [unique("batch") for _ in range(3)]
    sent = api.post(BATCH, {"events": [{"key": key, "payload": {"n": 1}} for key in keys]})
    ids = [event["event_id"] for event in sent.json["events"]]
    listed = api.get("/events", dataset="tiny.parked", limit=3).json["items"]

    assert sent.status == 202
    assert ids == sorted(ids)
    assert [(e["id"], e["key"]) for e in listed[::-1]] == list(zip(ids, keys, strict=True))


def test_a_batch_that_is_sent_again_adds_only_what_is_new(api: Api) -> None:
    first, second, plain = unique("idem"), unique("idem"), unique("plain")
    before = api.post(BATCH, {"events": [{"key": "a", "idempotency_key": first}]}).json["events"]
    again = api.post(
        BATCH,
        {
            "events": [
                {"key": "b", "idempotency_key": second},
                {"key": plain},
                {"key": "a", "idempotency_key": first},
                {"key": "b", "idempotency_key": second},
            ]
        },
    ).json["events"]

    assert [event["duplicate"] for event in again] == [False, False, True, True]
    assert again[2]["event_id"] == before[0]["event_id"]
    assert again[3]["event_id"] == again[0]["event_id"]
    by_id = {e["id"]: e["key"] for e in api.get("/events", dataset="tiny.parked").json["items"]}
    assert by_id[again[1]["event_id"]] == plain


def test_one_fault_in_a_batch_takes_none_of_it_and_every_fault_is_named(api: Api) -> None:
    marker = unique("none")
    refused = api.post(
        BATCH,
        {"events": [{"key": marker}, {"range": [1, 2]}, {"key": "x", "payload": "y" * 200_000}]},
    )
    malformed = api.post(BATCH, {"events": [{"key": marker}, {"kye": "x"}, {"key": 5}]})
    listed = api.get("/events", dataset="tiny.parked", limit=200).json["items"]

    assert [(e["pointer"], e["code"]) for e in refused.json["errors"]] == [
        ("/events/1/range", "not_a_range"),
        ("/events/2/payload", "payload_size"),
    ]
    assert "none of them was taken" in refused.json["detail"]
    assert {e["pointer"] for e in malformed.json["errors"]} == {"/events/1/kye", "/events/2/key"}
    assert (refused.status, malformed.status) == (422, 422)
    assert marker not in {event["key"] for event in listed}


def test_ten_thousand_events_go_in_one_call_and_no_more(api: Api) -> None:
    key = unique("many")
    taken = api.post(BATCH, {"events": [{"key": key}] * 10_000})
    refused = api.post(BATCH, {"events": [{"key": key}] * 10_001})
    empty = api.post(BATCH, {"events": []})

    assert (taken.status, len(taken.json["events"])) == (202, 10_000)
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/events")
    assert empty.status == 422


def test_fifty_megabytes_are_refused_at_every_door(api: Api) -> None:
    body = b'{"key": "k", "payload": "' + b"x" * 50_000_000 + b'"}'
    for path in ("/sources/tiny/parked/events", BATCH, "/work/events", "/work/complete"):
        refused = api.send("POST", path, body=body, headers={"Content-Type": "application/json"})
        api.connection.close()  # the server has hung up

        assert (refused.status, refused.json["code"]) == (413, "too_large"), path
        assert "1 MiB" in refused.json["detail"]
