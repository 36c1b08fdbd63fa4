"""Jobs over HTTP: lists, one whole, where it has been, and running a part again."""

from collections.abc import Iterator

import pytest
from http_client import Api, unique

DAG = """\
dag: {name}
datasets:
  {name}.blocks: {{partitioning: range, unit: block}}
  {name}.made: {{partitioning: range}}
sources:
  blocks: {{kind: http, dataset: {name}.blocks}}
jobs:
  make:
    operator: tiny.act
    inputs: [{name}.blocks]
    outputs: [{name}.made]
    execution_strategy: PerPartition
    partition_size: 10
"""


@pytest.fixture
def job(api: Api) -> Iterator[str]:
    """A job over ranges of its own, which runs as soon as there is work."""
    name = unique("jobs").replace("-", "_")
    assert api.post("/dags", {"source": DAG.format(name=name)}).status == 200
    yield f"{name}.make"
    api.post("/dags", {"source": f"dag: {name}\n"})


def test_jobs_are_listed_page_by_page_and_found_by_a_part_of_their_name(api: Api, job: str) -> None:
    names = [found["job"] for found in api.pages("/jobs", limit=1)]

    assert names == sorted(names)
    assert {"tiny.act", "tiny.park", job} <= set(names)
    (found,) = api.get("/jobs", q=job).json["items"]
    assert found["strategy"] == "PerPartition"
    assert found["state"] == "idle"
    assert [one["job"] for one in api.get("/jobs", dag=job.partition(".")[0]).json["items"]] == [
        job
    ]
    assert api.get("/jobs", q="no such name").json == {"items": [], "next_cursor": None}


def test_one_job_is_shown_whole(api: Api, job: str) -> None:
    found = api.get(f"/jobs/{job}").json

    assert (found["partitioning"], found["version"]) == ("range", 1)
    assert found["spec"]["inputs"][0]["dataset"].endswith(".blocks")
    assert (found["timing"]["attempts"], found["series"], found["holds"]) == (0, [], [])
    assert found["text"] == "Nothing to do."
    missing = api.get("/jobs/tiny.nothing")
    assert (missing.status, missing.json["hint"]) == (
        404,
        "A job's name is <dag>.<job>; `headgate job list` lists them.",
    )


def test_a_range_is_processed_again_and_seen_in_the_cells(api: Api, job: str) -> None:
    told = api.post(f"/jobs/{job}/process", {"range": [0, 25], "dry_run": True}).json
    assert (told["tasks"], told["event_id"], told["dry_run"]) == (3, None, True)
    assert api.get(f"/jobs/{job}/partitions").json["cells"] == []

    done = api.post(f"/jobs/{job}/process", {"range": [0, 25]}).json

    assert done["range"] == [0, 25]
    api.until(lambda: _states(api, job) == {"done": 25, "untouched": 5})
    found = api.get(f"/jobs/{job}/partitions", **{"from": 0, "to": 30, "cells": 2}).json
    assert [(cell["low"], cell["high"]) for cell in found["cells"]] == [(0, 20), (20, 30)]
    assert api.get(f"/jobs/{job}").json["timing"]["attempts"] == 3
    (listed,) = api.get("/jobs", q=job).json["items"]
    assert [mark["outcome"] for mark in listed["recent"]] == ["succeeded"] * 3
    assert api.get(f"/events/{done['event_id']}/why").json["event"]["edited"] is True


def test_keys_of_a_job_come_in_pages(api: Api) -> None:
    prefix = unique("key")
    for at in range(3):
        api.post("/sources/tiny/parked/events", {"key": f"{prefix}-{at}"})

    def seen() -> list[str]:
        return [key for key in _keys(api, "tiny.park") if key.startswith(prefix)]

    api.until(lambda: len(seen()) == 3)
    assert seen() == [f"{prefix}-{at}" for at in range(3)]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"key": "x"}, 422),
        ({"range": [5, 5]}, 422),
        ({"range": [0, 1], "dry_run": 1}, 422),
        ({"range": [0, 1], "more": 1}, 422),
    ],
)
def test_a_part_that_cannot_be_processed_is_refused_with_its_faults(
    api: Api, job: str, body: dict[str, object], status: int
) -> None:
    refused = api.post(f"/jobs/{job}/process", body)

    assert refused.status == status
    assert refused.json["errors"]


def test_a_span_without_anything_in_it_and_a_foreign_cursor_are_refused(api: Api, job: str) -> None:
    assert api.get(f"/jobs/{job}/partitions", **{"from": 5, "to": 5}).status == 422
    assert api.get("/jobs/tiny.park/partitions", cursor="nonsense").status == 400
    assert api.get(f"/jobs/{job}/partitions", cells=1001).status == 422


def _states(api: Api, job: str) -> dict[str, int]:
    cells = api.get(f"/jobs/{job}/partitions").json["cells"]
    names = ("running", "waiting", "dead", "stale", "done", "untouched")
    sums = {name: sum(cell[name] for cell in cells) for name in names}
    return {name: count for name, count in sums.items() if count}


def _keys(api: Api, job: str) -> Iterator[str]:
    cursor: dict[str, str] = {}
    while True:
        page = api.get(f"/jobs/{job}/partitions", limit=2, **cursor).json
        yield from (one["key"] for one in page["keys"])
        if page["next_cursor"] is None:
            return
        cursor = {"cursor": page["next_cursor"]}
