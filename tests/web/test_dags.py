"""DAGs over HTTP: look, plan, deploy."""

from http_client import Api, unique


def _dag(name: str, *, attempts: int = 3) -> str:
    return f"""\
dag: {name}
datasets: {{{name}.given: {{}}, {name}.made: {{}}}}
jobs:
  make:
    operator: tiny.act
    inputs: [{name}.given]
    outputs: [{name}.made]
    retry: {{attempts: {attempts}}}
"""


def _name() -> str:
    return unique("dag").replace("-", "_")


def test_a_deployed_dag_shows_its_source_its_picture_and_its_parts(api: Api) -> None:
    dag = api.get("/dags/tiny").json

    assert dag["source"].startswith("dag: tiny")
    assert "act (tiny.act)" in dag["text"]
    assert {job["name"]: job["operator"] for job in dag["jobs"]}["act"] == "tiny.act"
    assert "tiny" in [found["name"] for found in api.pages("/dags", limit=1)]
    assert api.get("/dags/nothing").status == 404


def test_a_plan_says_what_changes_and_changes_nothing(api: Api) -> None:
    name = _name()

    plan = api.post("/dags/plan", {"source": _dag(name)}).json

    assert plan["before"] == 0
    assert {(c["kind"], c["what"]) for c in plan["changes"]} == {("add", "dataset"), ("add", "job")}
    assert "+ job make" in plan["text"]
    assert not plan["blocked"]
    assert api.get(f"/dags/{name}").status == 404


def test_a_deploy_makes_a_version_and_the_same_again_makes_none(api: Api) -> None:
    name = _name()

    first = api.post("/dags", {"source": _dag(name), "expect_version": 0}).json
    again = api.post("/dags", {"source": _dag(name)}).json
    changed = api.post("/dags", {"source": _dag(name, attempts=5)}).json

    assert (first["version"], first["changed"]) == (1, True)
    assert (again["version"], again["changed"]) == (1, False)
    assert (changed["version"], changed["changed"]) == (2, True)
    assert changed["plan"]["changes"][0]["fields"][0]["field"] == "retry.attempts"
    stale = api.post("/dags", {"source": _dag(name, attempts=6), "expect_version": 1})
    assert stale.status == 409


def test_a_wrong_dag_is_refused_with_every_fault_and_its_place(api: Api) -> None:
    source = "dag: wrong\njobs:\n  make:\n    operator: tiny.nothing\n    inputs: [no.such]\n"

    refused = api.post("/dags", {"source": source, "file": "my.yaml"})

    assert refused.status == 422
    places = [error["pointer"] for error in refused.json["errors"]]
    assert len(places) == 2
    assert all(place.startswith("my.yaml:") and place.count(":") == 2 for place in places)


def test_the_registry_names_producers_and_consumers(api: Api) -> None:
    datasets = {found["name"]: found for found in api.pages("/datasets", limit=3)}

    out, order = datasets["tiny.out"], datasets["tiny.order"]
    assert (out["producer"], out["producer_kind"]) == ("tiny.act", "job")
    assert (order["producer"], order["producer_kind"]) == ("tiny.order", "source")
    assert order["consumers"] == ["tiny.act"]
    assert datasets["tiny.blocks"]["unit"] == "block"


def test_a_rollback_deploys_an_earlier_text_as_a_new_version(api: Api) -> None:
    name = _name()
    api.post("/dags", {"source": _dag(name)})
    api.post("/dags", {"source": _dag(name, attempts=5)})

    versions = api.get(f"/dags/{name}/versions").json
    assert [(v["version"], v["current"]) for v in versions] == [(2, True), (1, False)]
    assert api.get(f"/dags/{name}/versions/1").json["source"] == _dag(name)
    back = api.post(f"/dags/{name}/rollback", {"version": 1, "expect_version": 2}).json
    assert (back["version"], back["changed"]) == (3, True)
    assert api.get(f"/dags/{name}").json["source"] == _dag(name)
    assert api.post(f"/dags/{name}/rollback", {"version": 9}).status == 404
    assert api.post(f"/dags/{name}/rollback", {"version": 2, "expect_version": 2}).status == 409
    assert api.get("/dags/nothing/versions").status == 404


def test_a_paused_job_is_shown_so_until_it_is_resumed(api: Api) -> None:
    name = _name()
    api.post("/dags", {"source": _dag(name)})

    assert api.post(f"/jobs/{name}.make/pause", {}).json == {"job": f"{name}.make", "paused": True}
    assert api.post(f"/jobs/{name}.make/pause", {}).json["paused"]
    assert api.get(f"/dags/{name}").json["jobs"][0]["paused"]
    assert not api.post(f"/jobs/{name}.make/resume", {}).json["paused"]
    assert not api.get(f"/dags/{name}").json["jobs"][0]["paused"]
    assert api.post(f"/jobs/{name}.nobody/pause", {}).status == 404
