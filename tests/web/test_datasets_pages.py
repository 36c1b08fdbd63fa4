"""Datasets over HTTP: lists, one in full, history and lineage."""

from http_client import Api, unique


def test_a_list_is_narrowed_and_paged(api: Api) -> None:
    found = [one["name"] for one in api.pages("/datasets", q="TINY.", limit=2)]

    assert found == sorted(found)
    assert {"tiny.blocks", "tiny.order", "tiny.out"} <= set(found)
    assert [one["name"] for one in api.get("/datasets", q="block").json["items"]] == ["tiny.blocks"]
    fresh = {one["name"] for one in api.get("/datasets", stale="false").json["items"]}
    stale = {one["name"] for one in api.get("/datasets", stale="true").json["items"]}
    assert not fresh & stale
    assert "tiny.blocks" in fresh


def test_one_is_shown_with_who_makes_it_and_what_came_into_it(api: Api) -> None:
    key = unique("page")
    event = api.post("/datasets/tiny.order/invalidate", {"key": key}).json["event_id"]

    order = api.get("/datasets/tiny.order").json
    out = api.get("/datasets/tiny.out").json

    assert order["invalidations"][0]["id"] == event
    assert order["invalidations"][0]["kind"] == "invalidate"
    assert event in {one["id"] for one in order["events"]}
    assert (order["consumers"], order["consumer_count"]) == (["tiny.act"], 1)
    assert (order["producer_kind"], order["producer_state"], order["sink"]) == (
        "source",
        None,
        None,
    )
    assert out["producer"] == "tiny.act"
    assert out["producer_state"] in {"idle", "running", "waiting", "failing"}
    assert out["stale"].keys() == {"ranges", "keys", "whole", "more"}


def test_a_history_has_a_bin_for_each_hour_or_day(api: Api) -> None:
    api.post("/sources/tiny/parked/events", {"key": unique("history")})

    hours = api.get("/datasets/tiny.parked/history", days=1).json
    days = api.get("/datasets/tiny.parked/history", days=14).json

    assert (hours["step_seconds"], len(hours["bins"])) == (3600, 24)
    assert hours["bins"][-1]["updates"] + hours["bins"][-2]["updates"] >= 1
    assert (days["step_seconds"], len(days["bins"])) == (86_400, 14)
    assert api.get("/datasets/tiny.parked/history", days=91).status == 422
    assert api.get("/datasets/tiny.nothing/history").status == 404


def test_lineage_goes_from_the_source_to_what_is_made(api: Api) -> None:
    found = api.get("/datasets/tiny.out/lineage").json

    assert [(node["layer"], node["name"]) for node in found["nodes"]] == [
        (-3, "tiny.order"),
        (-2, "tiny.order"),
        (-1, "tiny.act"),
        (0, "tiny.out"),
    ]
    assert {node["kind"] for node in found["nodes"]} == {"source", "dataset", "job"}
    assert len(found["edges"]) == 3
    assert found["complete"]
    assert not api.get("/datasets/tiny.out/lineage", up=0, down=0).json["complete"]
    assert api.get("/datasets/tiny.nothing/lineage").status == 404
