"""A POST with an Idempotency-Key is done once, whatever happens."""

import threading
from datetime import UTC, datetime

import psycopg
import pytest
from http_client import Api, unique

from headgate.core.database import Database
from headgate.core.retention.store import drop_replies
from headgate.web.edge.idempotency import store


def _send(api: Api, key: str, event: str):
    return api.post("/sources/tiny/parked/events", {"key": event}, Idempotency_Key=key)


def _events(api: Api, key: str) -> int:
    return sum(event["key"] == key for event in api.pages("/events", dataset="tiny.parked"))


def test_the_same_request_again_gets_the_same_answer_and_does_nothing(api: Api) -> None:
    key, event = unique("key"), unique("event")

    first, again = _send(api, key, event), _send(api, key, event)

    assert (again.status, again.body) == (first.status, first.body)
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert _events(api, event) == 1


def test_the_key_with_another_body_is_a_conflict(api: Api) -> None:
    key = unique("key")
    _send(api, key, unique("event"))

    other = _send(api, key, unique("event"))

    assert other.status == 409
    assert other.json["code"] == "conflict"
    assert other.json["retry"] is False


def test_what_was_refused_may_be_mended_under_the_same_key(api: Api) -> None:
    key = unique("key")

    assert _send(api, key, "").status == 422
    assert _send(api, key, unique("event")).status == 202


def test_the_same_request_from_many_at_once_is_done_once(api: Api) -> None:
    key, event = unique("key"), unique("event")
    statuses: list[int] = []

    def send() -> None:
        with Api(api.url) as own:
            statuses.append(_send(own, key, event).status)

    senders = [threading.Thread(target=send) for _ in range(8)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    assert set(statuses) <= {202, 409}
    assert 202 in statuses
    assert _events(api, event) == 1


def test_a_request_that_is_still_at_work_says_so_and_when_to_ask_again(
    api: Api, database: str
) -> None:
    key, event = unique("key"), unique("event")
    _send(api, key, event)
    _unanswer(database, key, seconds_ago=1)

    running = _send(api, key, event)

    assert running.status == 409
    assert running.json["code"] == "still_running"
    assert running.json["retry"] is True
    assert running.headers["retry-after"]


def test_a_key_whose_server_was_killed_is_taken_over_after_a_minute(
    api: Api, database: str
) -> None:
    key, event = unique("key"), unique("event")
    _send(api, key, event)
    _unanswer(database, key, seconds_ago=61)

    assert _send(api, key, event).status == 202


async def test_a_claim_that_was_taken_over_keeps_no_answer(database_url: str) -> None:
    database = Database(database_url, size=2)
    await database.open()

    async def claim(conn: object) -> object:
        return await store.claim(conn, org_id=1, key="k", request_hash="h", keep=86400, abandoned=0)  # type: ignore[arg-type]

    async with database.connection() as conn:
        first, second = await claim(conn), await claim(conn)
        for at, body in ((first, "late"), (second, "own")):
            await store.keep_reply(
                conn, org_id=1, key="k", at=at, status=200, headers={}, body=body
            )
        known = await store.find_reply(conn, org_id=1, key="k")
        assert await drop_replies(conn, before=datetime.now(UTC), limit=10) == 1
        gone = await store.find_reply(conn, org_id=1, key="k")
    await database.close()

    assert known is not None
    assert known.body == "own"
    assert gone is None


@pytest.mark.parametrize("key", ["", "x" * 201, "tab\there"])
def test_a_key_that_is_none_is_refused(api: Api, key: str) -> None:
    refused = _send(api, key, unique("event"))

    assert refused.status == 422
    assert refused.json["errors"][0]["pointer"] == "header Idempotency-Key"


def _unanswer(database: str, key: str, *, seconds_ago: int) -> None:
    """Make it look as if the first request with this key had not been answered."""
    with psycopg.connect(database, autocommit=True) as conn:
        conn.execute(
            "update core.idempotent_reply set status = null, body = null,"
            " at = clock_timestamp() - make_interval(secs => %s) where key = %s",
            [seconds_ago, key],
        )
