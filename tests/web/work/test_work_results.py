"""Completing tasks over HTTP: what counts, what does not, and what is said of it."""

import time
from typing import Any

import pytest
from errands import Errands

BIG = 50_000_000


def ok(task: Any, *events: Any) -> dict[str, Any]:
    return {"token": task["token"], "outcome": "ok", "events": events}


def test_a_success_publishes_its_events_with_it(errands: Errands) -> None:
    task = errands.errand(key="a/b")
    done = errands.complete(
        ok(
            task,
            {"dataset": "errand.done", "key": "a/b", "payload": {"n": 2}, "version": "v1"},
            {"dataset": "errand.notes", "payload": [None]},
        )
    )

    assert done == [("ok", "ok")]
    assert errands.state(task) == "succeeded"
    (event,) = errands.events("errand.done", task=task)
    assert (event["key"], event["payload"]) == ("a/b", {"n": 2})
    assert len(errands.events("errand.notes", task=task)) == 1


def test_a_result_sent_again_gets_the_same_answer_and_emits_nothing_twice(
    errands: Errands,
) -> None:
    task = errands.errand()
    result = ok(task, {"dataset": "errand.done", "key": "k"})
    answers = [errands.complete(result) for _ in range(3)]

    assert answers == [[("ok", "ok")]] * 3
    assert len(errands.events("errand.done", task=task)) == 1


def test_a_result_that_says_otherwise_than_the_one_before_is_stale(errands: Errands) -> None:
    task = errands.errand()
    errands.complete({"token": task["token"], "outcome": "snooze", "retry_after_ms": 60_000})

    late = errands.complete(ok(task, {"dataset": "errand.done", "key": "k"}))

    assert late == [("stale", "snoozed")]
    assert errands.events("errand.done", task=task) == []


def test_a_retry_comes_back_until_its_attempts_are_used_up(errands: Errands) -> None:
    first = errands.errand()
    why = {"code": "flaky", "message": "the provider is away", "fault": "provider"}
    retried = errands.complete({"token": first["token"], "outcome": "retry", "error": why})
    (second,) = errands.claim()
    dead = errands.complete({"token": second["token"], "outcome": "retry", "error": why})
    again = errands.complete({"token": second["token"], "outcome": "retry", "error": why})

    assert (retried, dead, again) == ([("ok", "retry")], [("ok", "dead")], [("ok", "dead")])
    assert second["task_id"] == first["task_id"]
    assert (first["attempt"], second["attempt"]) == (1, 2)
    error = errands.error(first)
    assert {name: error[name] for name in why} == why


def test_a_retry_waits_as_long_as_it_asks_for(errands: Errands) -> None:
    task = errands.errand()
    errands.complete({"token": task["token"], "outcome": "retry", "retry_after_ms": 400})
    begun = time.monotonic()
    errands.claim()

    assert time.monotonic() - begun > 0.35


def test_a_failure_is_a_dead_letter_at_once_and_a_cancellation_is_the_end(errands: Errands) -> None:
    failed, cancelled = errands.errand(), errands.errand()
    done = errands.complete(
        {"token": failed["token"], "outcome": "fail"},
        {"token": cancelled["token"], "outcome": "cancel"},
    )

    assert done == [("ok", "dead"), ("ok", "cancelled")]
    assert [errands.state(failed), errands.state(cancelled)] == ["dead", "cancelled"]
    assert errands.error(failed)["message"] == "The worker gave no error."


def test_a_snooze_costs_no_attempt(errands: Errands) -> None:
    first = errands.errand()
    done = errands.complete({"token": first["token"], "outcome": "snooze"})
    (second,) = errands.claim()

    assert done == [("ok", "snoozed")]
    assert (second["task_id"], second["attempt"]) == (first["task_id"], 1)


def test_a_range_that_a_success_leaves_alone_is_published_as_the_task_covered_it(
    errands: Errands,
) -> None:
    task = errands.errand(source="blocks", range=[10, 20])
    errands.complete(ok(task))

    (event,) = errands.events("errand.spans", task=task)
    assert task["ranges"] == [[10, 20]]
    assert event["range"] == [10, 20]


def test_every_fault_of_a_batch_is_named_and_nothing_of_it_is_done(errands: Errands) -> None:
    good, bad = errands.errand(), errands.errand()
    refused = errands.api.post(
        "/work/complete",
        {
            "results": [
                ok(good),
                ok(
                    bad,
                    {"dataset": "errand.spans", "range": [1, 2]},
                    {"dataset": "errand.done", "range": [2, 1], "payload": "\x00"},
                    {"dataset": "errand.notes", "payload": "x" * 200_000},
                    {"dataset": "errand.notes", "idem_key": "once"},
                ),
                {"token": good["token"], "outcome": "fail", "events": [{"dataset": "errand.done"}]},
            ]
        },
    )

    assert refused.status == 422
    assert {(e["pointer"], e["code"]) for e in refused.json["errors"]} == {
        ("/results/1/events/0/dataset", "not_an_output"),
        ("/results/1/events/1/range", "not_a_range"),
        ("/results/1/events/1/range", "range_order"),
        ("/results/1/events/1/payload", "payload_character"),
        ("/results/1/events/2/payload", "payload_size"),
        ("/results/1/events/3/idem_key", "not_here"),
        ("/results/2/token", "repeated"),
        ("/results/2/events", "not_ok"),
    }
    assert "it produces errand.done, errand.notes" in refused.text
    assert errands.state(good) == errands.state(bad) == "running"
    done = errands.complete(ok(good), {"token": bad["token"], "outcome": "fail"})
    assert done == [("ok", "ok"), ("ok", "dead")]


@pytest.mark.parametrize("call", ["events", "complete"])
def test_a_body_that_is_too_large_is_refused_and_the_lease_stays(
    errands: Errands, call: str
) -> None:
    task = errands.errand()
    announced = {"Content-Length": str(BIG), "Expect": "100-continue"}
    for body, headers in ((b"", announced), (b" " * (BIG // 5), {})):
        refused = errands.api.send("POST", f"/work/{call}", body=body, headers=headers)
        errands.api.connection.close()
        assert (refused.status, refused.json["code"]) == (413, "too_large")

    assert errands.complete({"token": task["token"], "outcome": "fail"}) == [("ok", "dead")]


def test_what_a_lost_attempt_says_is_stale_and_the_rest_of_the_batch_counts(
    errands: Errands,
) -> None:
    lost, kept = errands.errand(), errands.errand()
    errands.complete({"token": lost["token"], "outcome": "snooze"})
    (again,) = errands.claim()
    done = errands.complete(
        ok(lost, {"dataset": "errand.done", "key": "late"}),
        ok(kept, {"dataset": "errand.done", "key": "kept"}),
    )

    assert again["task_id"] == lost["task_id"]
    assert done == [("stale", "snoozed"), ("ok", "ok")]
    assert errands.state(again) == "running"
    assert errands.events("errand.done", task=lost) == []


def test_a_success_of_a_task_that_was_cancelled_still_counts(errands: Errands) -> None:
    task = errands.errand()
    errands.api.post(f"/tasks/{task['task_id']}/cancel")

    assert errands.complete(ok(task)) == [("ok", "ok")]


def test_a_key_of_idempotency_is_neither_needed_nor_kept(errands: Errands) -> None:
    sent = errands.api.post(
        "/work/sessions",
        {"worker": "w", "operators": ["errand.run"]},
        Idempotency_Key="the same",
    )
    again = errands.api.post(
        "/work/sessions",
        {"worker": "w", "operators": ["errand.run"]},
        Idempotency_Key="the same",
    )

    assert sent.json["session"] != again.json["session"]
    assert "idempotent-replayed" not in again.headers


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b'{"results": [{"token": 5}]}', "/results/0/token"),
        (b'{"results": [{"token": "t", "outcome": "maybe"}]}', "/results/0/outcome"),
        (b'{"results": [{"token": "t", "outcome": "ok", "more": 1}]}', "/results/0"),
        (b'{"results": []}', "/results"),
        (b"[", ""),
        (b"\xff", ""),
        (b'{"results":[{"token":"t","outcome":"ok","events":[{"dataset":"d","payload":'
         + b"[" * 5000 + b"]" * 5000 + b"}]}]}", ""),
    ],
)  # fmt: skip
def test_a_message_that_is_none_is_refused_with_the_place(
    errands: Errands, body: bytes, pointer: str
) -> None:
    refused = errands.api.send("POST", "/work/complete", body=body)

    assert refused.status == 422
    assert [error["pointer"] for error in refused.json["errors"]] == [pointer]
