"""Deploys that must not be, and deploys in the middle of work."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from bad_days_site import ask, bad_site, ended, order, task_of
from processes import Site, until

CYCLE = """
dag: circle
datasets: {circle.a: {}, circle.b: {}}
jobs:
  there: {operator: bad.act, inputs: [circle.a], outputs: [circle.b]}
  back: {operator: bad.act, inputs: [circle.b], outputs: [circle.a]}
"""
SECOND_PRODUCER = """
dag: second
datasets: {second.a: {}}
jobs:
  rival: {operator: bad.act, inputs: [second.a], outputs: [bad.done]}
"""
UNKNOWN_OPERATOR = """
dag: lost
datasets: {lost.a: {}}
jobs:
  walk: {operator: bad.atc, inputs: [lost.a]}
"""


@pytest.fixture(scope="module")
def bad() -> Iterator[Site]:
    """A server that the tests of this module share."""
    with tempfile.TemporaryDirectory(prefix="headgate-test-") as folder:
        Path(folder).chmod(0o755)
        with bad_site(Path(folder), WORKER__CHILDREN="0") as place:
            place.up()
            yield place


def shown(place: Site) -> str:
    """Return the DAG as it runs."""
    return str(place.get("/api/v1/dags/bad")["source"])


def deployed(place: Site, source: str) -> int:
    """Deploy it; return its version."""
    done = ask(place.url, "/dags", {"source": source, "file": "dag.yaml"})
    assert done.status in {200, 201}, done.body
    return int(done.body["version"])


def without_long_jobs(source: str) -> str:
    """Return the DAG without its last job and what belongs to it."""
    kept = source[: source.index("  act_long:")]
    return "".join(line for line in kept.splitlines(keepends=True) if "long_order" not in line)


@pytest.mark.parametrize(
    ("source", "code", "words"),
    [
        (CYCLE, "cycle", "circle.a"),
        (SECOND_PRODUCER, "second_producer", "job act of DAG bad"),
        (UNKNOWN_OPERATOR, "unknown_operator", "bad.act"),
    ],
    ids=["a cycle", "a second producer", "an unknown operator"],
)
def test_a_dag_that_cannot_be_is_refused_by_name_and_place(
    bad: Site, folder: Path, source: str, code: str, words: str
) -> None:
    file = folder / "wrong.yaml"
    file.write_text(source)
    refused = ask(bad.url, "/dags", {"source": source, "file": "wrong.yaml"})
    told = bad.run("dag", "apply", str(file), "--yes", ok=False)

    (problem,) = refused.body["errors"]
    assert (refused.status, problem["code"]) == (422, code)
    assert words in problem["message"]
    assert told.returncode != 0
    assert problem["message"] in told.stderr
    assert str(file) in told.stderr


def test_a_running_task_ends_as_it_began_whatever_is_deployed_meanwhile(
    bad: Site, folder: Path
) -> None:
    before = shown(bad)
    files = {"began": str(folder / "began"), "until": str(folder / "until")}
    running = order(bad, "hold", source="long_order", key="over-a-deploy", **files)
    until((folder / "began").exists, bad.started[0].text)
    changed = deployed(bad, before.replace("backoff: 100ms", "backoff: 200ms"))
    back = deployed(bad, before)
    (folder / "until").touch()
    task = ended(bad, running, "succeeded")

    assert back == changed + 1
    assert [attempt["outcome"] for attempt in task["attempts"]] == ["succeeded"]


def test_work_of_a_removed_job_is_named_and_goes_on_when_the_job_is_back(
    bad: Site, folder: Path
) -> None:
    before = shown(bad)
    capped = before.replace("backoff: 100ms}", "backoff: 100ms}\n    scaling: {max_concurrency: 1}")
    deployed(bad, capped)
    files = {"began": str(folder / "began"), "until": str(folder / "until")}
    running = order(bad, "hold", source="long_order", key="runs", **files)
    until((folder / "began").exists, bad.started[0].text)
    waiting = order(bad, "succeed", source="long_order", key="waits")
    waiting_task = task_of(bad, waiting)["id"]
    without = without_long_jobs(capped)
    plan = ask(bad.url, "/dags/plan", {"source": without, "file": "dag.yaml"})
    deployed(bad, without)
    gone = ask(bad.url, "/sources/bad/long_order/events", {"key": "late"})
    (folder / "until").touch()
    ended(bad, running, "succeeded")
    why = bad.run("why", "task", str(waiting_task))
    still = bad.get(f"/api/v1/tasks/{waiting_task}")["state"]
    deployed(bad, before)
    done = ended(bad, waiting, "succeeded")

    assert "2 pending tasks will not run unless it is deployed again" in plan.body["text"]
    assert gone.status == 404
    assert still in {"pending", "waiting"}
    assert "The job bad.act_long was removed" in why.stdout
    assert "Deploy a DAG that has it again" in why.stdout
    assert done["attempt"] == 1
