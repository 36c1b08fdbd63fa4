"""Heartbeats, mid-task events, and who may say what."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from errands import Errands
from http_client import Api

from headgate.core.work.contract.tokens import SessionGrant, TaskGrant, TokenRefused, Tokens

NOW = datetime(2026, 8, 1, tzinfo=UTC)
LATER = int((NOW + timedelta(seconds=10)).timestamp())
SESSION = SessionGrant(session=7, org_id=1, expires=LATER, operators=("a.b",))
TASK = TaskGrant(task_id=2**60, lease=3, session=7, org_id=1, expires=LATER)


def test_a_heartbeat_tells_progress_and_keeps_the_leases(errands: Errands) -> None:
    task = errands.errand()
    for done in range(4):
        told = {"token": task["token"], "done": done, "total": 4, "message": "on it"}
        orders = errands.ask("heartbeat", progress=[told])
        assert orders.json == {"cancel": [], "restart": [], "lost": [], "drain": False}
        time.sleep(0.8)
    shown = errands.api.get(f"/tasks/{task['task_id']}").json

    assert shown["progress"] == {"done": 3, "total": 4, "message": "on it"}
    assert errands.complete({"token": task["token"], "outcome": "ok"}) == [("ok", "ok")]


def test_a_worker_that_says_nothing_loses_its_tasks_and_hears_of_it(
    work_url: str, errands: Errands
) -> None:
    task = errands.errand()
    with Api(work_url) as other:
        next_worker = Errands(other)
        (again,) = next_worker.claim(wait_ms=20_000)
        told = {"token": task["token"], "done": 1, "total": 4}
        orders = errands.ask("heartbeat", progress=[told]).json
        emitted = errands.api.post(
            "/work/events",
            {"token": task["token"], "first": 0, "events": [{"dataset": "errand.notes"}]},
        )
        late = errands.complete({"token": task["token"], "outcome": "ok"})
        next_worker.complete({"token": again["token"], "outcome": "ok"})
        next_worker.end()

    assert (again["task_id"], again["attempt"]) == (task["task_id"], 1)  # a loss is no failure
    assert orders["lost"] == [task["token"]]
    assert (emitted.status, emitted.json["code"]) == (409, "lease_lost")
    assert late == [("stale", "lost")]


def test_a_heartbeat_says_what_somebody_cancelled(errands: Errands) -> None:
    task, other = errands.errand(), errands.errand()
    errands.api.post(f"/tasks/{task['task_id']}/cancel")

    assert errands.ask("heartbeat").json["cancel"] == [task["token"]]
    errands.complete({"token": task["token"], "outcome": "cancel"})
    assert errands.state(task) == "cancelled"
    assert errands.state(other) == "running"


def test_a_session_that_is_unknown_is_said_to_be_gone(errands: Errands) -> None:
    errands.close()
    gone = errands.ask("heartbeat")

    assert (gone.status, gone.json["code"]) == (409, "session_gone")


def test_a_mid_task_event_is_out_at_once_and_neither_a_call_nor_an_attempt_doubles_it(
    errands: Errands,
) -> None:
    first = errands.errand()
    notes = [{"dataset": "errand.notes", "key": "a"}, {"dataset": "errand.notes", "key": "b"}]
    own = [{"dataset": "errand.notes", "key": "c", "idem_key": "0"}]

    def emit(task: Any, events: Any, **first: int) -> Any:
        sent = errands.api.post("/work/events", {"token": task["token"], "events": events, **first})
        assert sent.status == 200, sent.text
        return sent.json

    assert emit(first, notes, first=0) == {"emitted": 2, "next": 2}
    assert emit(first, notes, first=0) == {"emitted": 0, "next": 2}
    assert emit(first, own) == {"emitted": 1, "next": 1}
    errands.complete({"token": first["token"], "outcome": "retry"})
    (second,) = errands.claim()
    assert emit(second, notes, first=0) == {"emitted": 0, "next": 2}
    assert emit(second, notes, first=2) == {"emitted": 2, "next": 4}
    assert emit(second, own) == {"emitted": 0, "next": 1}
    keys = [event["key"] for event in errands.events("errand.notes", task=first)]
    assert keys == ["a", "b", "c", "a", "b"]


def test_a_mid_task_event_that_is_wrong_is_refused_whole_and_the_task_goes_on(
    errands: Errands,
) -> None:
    task = errands.errand()
    events = [{"dataset": "errand.notes"}, {"dataset": "errand.order"}, {"dataset": "", "key": ""}]
    refused = errands.api.post("/work/events", {"token": task["token"], "events": events})

    assert refused.status == 422
    assert [e["pointer"] for e in refused.json["errors"]] == [
        "/events/1/dataset",
        "/events/2/dataset",
        "/first",
    ]
    assert errands.events("errand.notes", task=task) == []
    assert errands.complete({"token": task["token"], "outcome": "fail"}) == [("ok", "dead")]


def test_a_token_opens_nothing_but_its_own(work_url: str, errands: Errands) -> None:
    task = errands.errand()
    with Api(work_url) as api:
        other = Errands(api)
        stolen = errands.api.send(
            "POST",
            "/work/claim",
            body={"session": other.opened["session"], "capacity": 1},
            headers=errands.bearer,
        )
        closed = errands.api.send(
            "DELETE", f"/work/sessions/{other.opened['session']}", headers=errands.bearer
        )
        progress = other.ask(
            "heartbeat", progress=[{"token": task["token"], "done": 1, "total": 1}]
        )
        known = other.ask("claim", capacity=1, known=[task["token"], "odd"])
        other.end()
    nobody = errands.api.post("/work/claim", {"session": 1, "capacity": 1})
    swapped = errands.api.post(
        "/work/complete",
        {
            "results": [
                {"token": task["token"], "outcome": "ok"},
                {"token": errands.opened["session_token"], "outcome": "ok"},
                {"token": task["token"][:-1], "outcome": "ok"},
            ]
        },
    )

    for refused in (stolen, closed, progress, known, nobody, swapped):
        assert (refused.status, refused.json["code"]) == (403, "token_refused")
        assert refused.json["hint"]
    assert [e["pointer"] for e in progress.json["errors"]] == ["/progress/0/token"]
    assert [e["pointer"] for e in known.json["errors"]] == ["/known/1"]
    assert [e["pointer"] for e in swapped.json["errors"]] == [
        "/results/1/token",
        "/results/2/token",
    ]
    assert "not of a task" in swapped.text
    assert errands.complete({"token": task["token"], "outcome": "ok"}) == [("ok", "ok")]


def test_a_token_is_what_it_grants_until_it_expires() -> None:
    tokens = Tokens(b"s" * 32)
    session, task = tokens.of_session(SESSION), tokens.of_task(TASK)

    assert tokens.session(session, now=NOW) == SESSION
    assert tokens.tasks([("/t", task)], now=NOW) == [TASK]
    assert task == Tokens(b"s" * 32).of_task(TASK)
    for late in (NOW + timedelta(seconds=10), NOW + timedelta(days=10)):
        with pytest.raises(TokenRefused, match="has expired"):
            tokens.session(session, now=late)
        with pytest.raises(TokenRefused, match="has expired"):
            tokens.tasks([("/t", task)], now=late)


@pytest.mark.parametrize("odd", ["", "hgs_", "hgs_é", "hgs_A", "hgs_\ud800", "x" * 1000])
def test_text_that_is_no_token_is_refused(odd: str) -> None:
    with pytest.raises(TokenRefused, match="not one of ours"):
        Tokens(b"s" * 32).session(odd, now=NOW)


def test_no_changed_character_of_a_token_goes_unseen() -> None:
    tokens = Tokens(b"s" * 32)
    good = tokens.of_session(SESSION)
    for place in range(len(good) - 1):
        bad = good[:place] + ("A" if good[place] != "A" else "B") + good[place + 1 :]
        with pytest.raises(TokenRefused):
            tokens.session(bad, now=NOW)
    with pytest.raises(TokenRefused):
        Tokens(b"t" * 32).session(good, now=NOW)
    with pytest.raises(ValueError, match="at least 16"):
        Tokens(b"short")
