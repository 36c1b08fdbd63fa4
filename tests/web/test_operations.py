"""Operations over HTTP: found, listed, and cancelled where that is possible."""

from uuid import uuid4

import psycopg
import pytest
from http_client import Api


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
    assert not api.get(f"/operations/{campaign}").json["cancel_requested"]


def test_an_operation_that_is_not_there_is_not_found(api: Api) -> None:
    assert api.get(f"/operations/{uuid4()}").status == 404
    assert api.post(f"/operations/{uuid4()}/cancel").status == 404
    assert api.post("/operations/7/cancel").status == 422
