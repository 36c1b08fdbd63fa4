"""Queues, workers and the flow over HTTP, of a server that works."""

from collections.abc import Iterator

import psycopg
import pytest
from http_client import Api

_ENDED = (
    "insert into core.sample (at, org_id, job_id, seconds, jobs, held, waiting, delayed, running,"
    " units, bytes, oldest_seconds, succeeded, failed, dead)"
    " select now() - interval '2 minutes', 1, job, 10, 1, 0, 4, 0, 1, 0, 0, 1, 30, 0, 0"
    "   from (select 0 as job union all select id from core.job where name = 'park') j"
)


@pytest.fixture
def sampled(database: str) -> Iterator[None]:
    """A sample of two minutes ago: of the job `park`, and of the org."""
    with psycopg.connect(database, autocommit=True) as conn:
        conn.execute(_ENDED)
        yield
        conn.execute("delete from core.sample where at < now() - interval '1 minute'")


@pytest.fixture
def parked(api: Api) -> Iterator[None]:
    """A paused job."""
    assert api.post("/jobs/tiny.park/pause").status == 200
    yield
    assert api.post("/jobs/tiny.park/resume").status == 200


@pytest.mark.usefixtures("parked")
def test_queues_are_listed_page_by_page_with_the_paused_one_first(api: Api) -> None:
    queues = list(api.pages("/queues", limit=1))

    assert (queues[0]["job"], queues[0]["state"]) == ("tiny.park", "paused")
    assert queues[0]["holds"][0]["code"] == "job_paused"
    assert {"tiny.park", "tiny.act"} <= {queue["job"] for queue in queues}
    assert [
        queue["job"] for queue in api.get("/queues", state="paused", q="tiny.").json["items"]
    ] == ["tiny.park"]
    assert [queue["job"] for queue in api.get("/queues", q="tiny.act").json["items"]] == [
        "tiny.act"
    ]


@pytest.mark.usefixtures("sampled")
def test_one_queue_has_its_course_and_an_unknown_one_is_not_found(api: Api) -> None:
    queue = api.get("/queues/tiny.park", hours=1).json

    assert (queue["job"], queue["dag"], queue["runtime"]) == ("tiny.park", "tiny", "child_process")
    assert max(point["waiting"] for point in queue["flow"]["points"]) >= 4
    missing = api.get("/queues/tiny.none")
    assert (missing.status, missing.json["fault"]) == (404, "input")


@pytest.mark.usefixtures("sampled")
def test_the_flow_is_of_all_jobs_or_of_one(api: Api) -> None:
    for query in ({}, {"job": "tiny.park"}):
        flow = api.get("/flow", minutes=10, **query).json
        assert flow["step_seconds"] == 10
        assert sum(point["succeeded"] for point in flow["points"]) * 10 >= 29.9
    assert api.get("/flow", job="tiny.none").status == 404
    assert api.get("/flow", minutes=10_081).status == 422


def test_the_worker_of_this_server_is_alive(api: Api) -> None:
    workers = list(api.pages("/workers", limit=1))

    assert {"live"} <= {worker["state"] for worker in workers}
    assert all(worker["text"] and worker["capacity"] >= 0 for worker in workers)


@pytest.mark.parametrize("cursor", ["nonsense", "WzEsMl0", "WzEsLTIsM10"])
def test_a_cursor_of_elsewhere_is_refused(api: Api, cursor: str) -> None:
    assert api.get("/queues", cursor=cursor).json["code"] == "bad_cursor"
