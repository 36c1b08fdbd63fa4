"""The server about itself: health, status, metrics, traces."""

import re

from http_client import Api, unique

from headgate.core.observe.store import Lag
from headgate.web.api.system import health_problems


def test_a_server_that_works_is_healthy(api: Api) -> None:
    health = api.get("//healthz")

    assert health.status == 200
    assert health.json == {"status": "ok", "database": "ok", "problems": [], "warnings": []}


def test_events_and_leases_that_are_left_lying_mean_that_nothing_is_dispatched() -> None:
    assert health_problems(Lag(routing_seconds=2, orphaned_leases=0)) == []
    assert "60 s" in health_problems(Lag(routing_seconds=60, orphaned_leases=0))[0]
    assert "7 tasks" in health_problems(Lag(routing_seconds=0, orphaned_leases=7))[0]


def test_the_status_names_places_workers_and_jobs(api: Api) -> None:
    api.order("succeed", source="parked")

    status = api.get("/status").json

    assert status["url"] == api.url
    assert status["database"]["kind"] == "external"
    assert status["object_store"]["kind"] == "local"
    assert len(status["workers"]) == 1
    jobs = {job["job"]: job for job in status["jobs"]}
    assert jobs["tiny.park"]["pending"] >= 1
    assert jobs["tiny.park"]["oldest_pending_at"]
    assert status["dead_letters"] == sum(job["dead"] for job in status["jobs"])


def test_metrics_count_tasks_and_requests_by_route(api: Api) -> None:
    api.get(f"/tasks/{api.order('succeed')}")

    metrics = api.get("//metrics")

    assert metrics.headers["content-type"].startswith("text/plain; version=0.0.4")
    samples = dict(line.rsplit(" ", 1) for line in metrics.text.splitlines() if line[0] != "#")
    assert int(samples['headgate_tasks{job="tiny.act",state="pending"}']) >= 0
    route = 'method="GET",route="/api/v1/tasks/{task_id}"'
    assert int(samples[f'headgate_http_requests_total{{{route},status="200"}}']) >= 1
    assert samples[f'headgate_http_request_seconds_bucket{{{route},le="+Inf"}}'] >= "1"
    assert not re.search(r'route="[^"]*\d{2,}', metrics.text)


def test_one_trace_leads_from_the_request_through_the_event_to_the_task(api: Api) -> None:
    trace_id = "0af7651916cd43dd8448eb211c80319c"
    key = unique("traced")

    sent = api.post(
        "/sources/tiny/order/events",
        {"key": key, "payload": {"do": "succeed"}},
        traceparent=f"00-{trace_id}-b7ad6b7169203331-01",
    )

    event = next(e for e in api.get("/events").json["items"] if e["id"] == sent.json["event_id"])
    assert event["trace_id"] == trace_id
    made = api.until(
        lambda: next(
            (e for e in api.get("/events", dataset="tiny.out").json["items"] if e["key"] == key),
            None,
        )
    )
    assert made["trace_id"] == trace_id
