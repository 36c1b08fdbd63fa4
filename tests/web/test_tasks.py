"""Tasks over HTTP: what becomes of an event, and steering it."""

from http_client import Api, unique


def test_a_task_that_succeeded_tells_its_attempt_and_its_inputs(api: Api) -> None:
    key = unique("input")
    task_id = api.order("succeed", key=key)

    task = api.state(task_id, "succeeded")

    assert task["job"] == "tiny.act"
    assert task["error"] is None
    assert [a["outcome"] for a in task["attempts"]] == ["succeeded"]
    assert [(e["dataset"], e["key"]) for e in task["inputs"]] == [("tiny.order", key)]
    assert task["ended_at"] >= task["started_at"] >= task["created_at"]


def test_a_walk_through_all_pages_sees_each_task_once_newest_first(api: Api) -> None:
    made = [api.order("succeed") for _ in range(5)]
    for task_id in made:
        api.state(task_id, "succeeded")

    seen = [task["id"] for task in api.pages("/tasks", limit=2)]

    assert seen == sorted(set(seen), reverse=True)
    assert set(made) <= set(seen)


def test_a_list_by_state_and_job_has_only_such_tasks(api: Api) -> None:
    done = api.order("succeed")
    parked = api.order("succeed", source="parked")
    api.state(done, "succeeded")

    succeeded = [t["id"] for t in api.pages("/tasks", state="succeeded", job="tiny.act")]
    pending = [t["id"] for t in api.pages("/tasks", state="pending", job="tiny.park")]

    assert done in succeeded
    assert parked not in succeeded
    assert parked in pending
    assert done not in pending


def test_an_unknown_task_or_job_is_not_found_with_a_hint(api: Api) -> None:
    assert api.get("/tasks/999999999").status == 404
    job = api.get("/tasks", job="tiny.nothing")
    assert job.status == 404
    assert "tiny.nothing" in job.json["detail"]
    assert job.json["hint"]


def test_the_log_comes_in_pages_and_in_order(api: Api) -> None:
    task_id = api.order("log", lines=7)
    api.state(task_id, "succeeded")

    def lines() -> list[str] | None:
        found = []
        after: dict[str, str] = {}
        while True:
            page = api.get(f"/tasks/{task_id}/logs", limit=3, **after).json
            found += [line["message"] for line in page["items"]]
            if page["next_cursor"] is None:
                return found if len(found) == 8 else None
            after = {"after": page["next_cursor"]}

    assert api.until(lines) == ["started", *(f"line {n}" for n in range(7))]


def test_a_pending_task_is_cancelled_at_once_and_can_be_run_again(api: Api) -> None:
    task_id = api.order("succeed", source="parked")

    cancelled = api.post(f"/tasks/{task_id}/cancel")

    assert cancelled.status == 200
    assert cancelled.json["state"] == "cancelled"
    assert cancelled.json["attempts"] == []
    assert api.post(f"/tasks/{task_id}/cancel").status == 409
    again = api.post(f"/tasks/{task_id}/retry")
    assert (again.status, again.json["state"]) == (200, "pending")
    assert api.post(f"/tasks/{task_id}/retry").status == 409


def test_a_running_task_is_cancelled_by_its_worker_soon(api: Api) -> None:
    task_id = api.order("wait", until=unique("never"))
    running = api.state(task_id, "running")

    asked = api.post(f"/tasks/{task_id}/cancel").json

    assert asked["cancel_requested"] or asked["state"] == "cancelled"
    ended = api.state(task_id, "cancelled")
    assert [a["outcome"] for a in ended["attempts"]] == ["cancelled"]
    assert running["progress"] in (None, {"done": 1, "total": 2, "message": "waiting"})


def test_a_waiting_task_is_run_now(api: Api) -> None:
    task_id = api.order("fail")
    waiting = api.state(task_id, "waiting")
    assert waiting["error"]["message"] == "The provider is away."

    api.post(f"/tasks/{task_id}/retry")

    tried = api.until(
        lambda: (
            (task := api.get(f"/tasks/{task_id}").json)["attempt"] == 2
            and task["state"] == "waiting"
            and task
        )
    )
    assert [a["outcome"] for a in tried["attempts"]] == ["retried", "retried"]


def test_a_task_that_succeeded_is_run_again_under_its_id(api: Api) -> None:
    task_id = api.order("succeed")
    api.state(task_id, "succeeded")

    assert api.post(f"/tasks/{task_id}/retry").status == 200

    task = api.until(
        lambda: (
            (t := api.get(f"/tasks/{task_id}").json)["state"] == "succeeded"
            and len(t["attempts"]) == 2
            and t
        )
    )
    assert [a["attempt"] for a in task["attempts"]] == [1, 1]
