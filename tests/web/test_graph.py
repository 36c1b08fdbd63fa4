"""The graph over HTTP."""

from http_client import Api


def test_a_dag_has_a_graph_with_places_and_states(api: Api) -> None:
    found = api.get("/dags/tiny/graph").json

    nodes = {node["id"]: node for node in found["nodes"]}
    assert nodes["job:tiny.act"]["job"]["job"] == "tiny.act"
    assert nodes["dataset:tiny.order"]["dataset"]["stale"] is False
    assert nodes["source:tiny.order"]["kind"] == "source"
    edges = {(edge["from_id"], edge["to_id"]) for edge in found["edges"]}
    assert ("dataset:tiny.order", "job:tiny.act") in edges
    assert all(
        0 <= node["x"] <= node["x"] + node["width"] <= found["width"] for node in nodes.values()
    )
    assert api.get("/dags/nothing/graph").status == 404
    assert api.get("/dags/nothing/graph/status").status == 404


def test_a_graph_that_has_not_changed_is_not_sent_again(api: Api) -> None:
    def same() -> bool:
        first = api.send("GET", "/dags/tiny/graph")
        tag = first.headers["etag"]
        again = api.send("GET", "/dags/tiny/graph", headers={"If-None-Match": tag})
        return (again.status, again.body, again.headers["etag"]) == (304, b"", tag)

    api.until(same)  # others' tasks run on this server, too
    changed = api.send("GET", "/dags/tiny/graph", headers={"If-None-Match": '"other"'})
    assert changed.status == 200


def test_the_graph_of_all_joins_the_dags(api: Api) -> None:
    found = api.get("/graph").json

    assert "job:tiny.act" in {node["id"] for node in found["nodes"]}
    assert (found["dag"], found["version"], found["collapsed"]) == (None, None, [])
    assert api.get("/graph", expand="tiny").status == 200
    assert api.get("/graph", expand="x" * 64).status == 422


def test_the_state_alone_is_a_small_answer(api: Api) -> None:
    found = api.get("/dags/tiny/graph/status").json

    assert {"tiny.act", "tiny.park"} == {job["job"] for job in found["jobs"]}
    assert "tiny.out" in {dataset["dataset"] for dataset in found["datasets"]}
