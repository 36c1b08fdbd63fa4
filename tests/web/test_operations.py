"""Operations over HTTP: found, listed, and cancelled where that is possible."""

from uuid import uuid4

import psycopg
import pytest
from http_client import Api, unique


@pytest.fixture
def campaign(database: str, api: Api) -> str:
    """A running operation of a kind that cannot be cancelled."""
    operation = str(uuid4())
    with psycopg.connect(database, autocommit=True) as conn:
        conn.execute(
            "insert into core.operation (id, org_id, kind, actor) values (%s, 1, 'campaign', 'x')",
            [operation],
        )
    return operation


def test_an_operation_is_found_and_listed(api: Api, campaign: str) -> None:
    found = api.get(f"/operations/{campaign}").json

    assert (found["id"], found["state"], found["cancel_requested"]) == (campaign, "running", False)
    assert found in list(api.pages("/operations", kind="campaign", limit=1))
    assert campaign not in [o["id"] for o in api.pages("/operations", state="cancelled")]


def test_what_nobody_would_stop_is_not_cancelled(api: Api, campaign: str) -> None:
    refused = api.post(f"/operations/{campaign}/cancel")

    assert refused.status == 409
    assert "Cancel its tasks" in refused.json["hint"]
    found = api.get(f"/operations/{campaign}").json
    assert not found["cancellable"]
    assert not found["cancel_requested"]


def test_an_act_on_many_tasks_is_cancelled(api: Api) -> None:
    ids = [api.order("succeed", source="parked", key=unique("act")) for _ in range(3)]
    asked = {"action": "cancel", "filter": {"ids": ids}, "rate_per_second": 0.01}
    path = api.post("/tasks/bulk", asked).headers["location"].removeprefix("/api/v1")

    assert api.get(path).json["cancellable"]
    assert api.post(f"{path}/cancel").json["cancel_requested"]

    ended = api.until(lambda: (o := api.get(path).json)["state"] != "running" and o)
    assert (ended["state"], ended["cancellable"]) == ("cancelled", False)
    assert "pending" in {api.get(f"/tasks/{task_id}").json["state"] for task_id in ids}


def test_an_operation_that_is_not_there_is_not_found(api: Api) -> None:
    assert api.get(f"/operations/{uuid4()}").status == 404
    assert api.post(f"/operations/{uuid4()}/cancel").status == 404
    assert api.post("/operations/7/cancel").status == 422
