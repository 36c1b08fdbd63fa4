"""Backfills over HTTP: looked at, stopped, and gone on with."""

from collections.abc import Iterator

import psycopg
import pytest
from http_client import Api


@pytest.fixture
def backfill(database: str) -> Iterator[int]:
    """A backfill that the server's own dispatcher leaves alone: its job is paused."""
    with psycopg.connect(database, autocommit=True) as conn:
        conn.execute("update core.job set paused = true where name = 'park'")
        row = conn.execute(
            "insert into core.backfill (org_id, job_id, event_id, kind, heavy, bytes, priority, total,"
            " remaining) select 1, id, 7, 0, false, 0, 0, 1000, '{[0,400),[500,600)}' from core.job"
            " where name = 'park' returning id"
        ).fetchone()
        assert row is not None
        yield row[0]
        conn.execute("delete from core.backfill")
        conn.execute("update core.job set paused = false where name = 'park'")


def test_it_is_listed_with_what_is_left(api: Api, backfill: int) -> None:
    (found,) = api.get("/backfills", job="tiny.park").json["items"]

    assert (found["id"], found["remaining"], found["total"]) == (backfill, 500, 1000)
    assert found["paused"] is True
    assert api.get("/backfills", job="tiny.act").json["items"] == []


def test_it_is_cancelled_and_resumed_once_each(api: Api, backfill: int) -> None:
    assert api.post(f"/backfills/{backfill}/cancel").json["cancelled_at"] is not None
    again = api.post(f"/backfills/{backfill}/cancel")
    assert (again.status, again.json["fault"]) == (409, "state")
    assert api.post(f"/backfills/{backfill}/resume").json["cancelled_at"] is None
    assert api.post(f"/backfills/{backfill}/resume").status == 409


def test_one_that_is_done_or_never_was_is_not_found(api: Api, database: str, backfill: int) -> None:
    with psycopg.connect(database, autocommit=True) as conn:
        conn.execute("update core.backfill set remaining = '{}'")
    for missing in (backfill, 999_999):
        assert api.post(f"/backfills/{missing}/cancel").status == 404
