"""Claiming over HTTP: sessions, long polls, batches, and what a claimed task holds."""

import threading
import time
from typing import Any

from errands import Errands
from http_client import Api

LARGE = "x" * 100_000


def test_a_claimed_task_holds_what_its_worker_needs(errands: Errands) -> None:
    event = errands.order({"n": 1.5}, key="a/b")
    (task,) = errands.claim()

    (given,) = task["events"]
    assert given["id"] == event
    assert (given["dataset"], given["kind"], given["key"]) == ("errand.order", "update", "a/b")
    assert given["payload"] == {"n": 1.5}
    assert (task["job"], task["operator"], task["attempt"]) == ("errand.run", "errand.run", 1)
    assert (task["params"], task["partition"], task["ranges"]) == ({"color": "red"}, None, [])
    assert task["outputs"] == [
        {"dataset": "errand.done", "partitioning": "key"},
        {"dataset": "errand.notes", "partitioning": "key"},
    ]
    assert (task["whole"], task["invalidated"], task["inputs_after"]) == (False, [], None)
    assert task["deployment"] > 0
    assert task["deadline_at"].endswith("Z")


def test_a_claim_takes_a_batch_up_to_its_capacity(errands: Errands) -> None:
    for _ in range(5):
        errands.order()
    first = errands.claim(capacity=3)
    while len(first) < 3:  # not all had become tasks
        first += errands.claim(capacity=3 - len(first))
    rest = errands.claim(capacity=100)

    assert len({task["task_id"] for task in first + rest}) == len(first) + len(rest)
    assert 1 <= len(rest) <= 2


def test_one_claim_fills_its_capacity_from_whatever_job_has_work(errands: Errands) -> None:
    for _ in range(12):
        errands.order()
    errands.api.until(lambda: len(list(errands.api.pages("/tasks", state="pending"))) == 12)

    assert len(errands.claim(capacity=10)) == 10


def test_a_claim_waits_for_a_task_and_hears_of_it_at_once(work_url: str, errands: Errands) -> None:
    claimed: list[Any] = []
    assert errands.opened
    with Api(work_url) as other:
        sender = Errands(other)
        waiting = threading.Thread(target=lambda: claimed.extend(errands.claim(wait_ms=20_000)))
        waiting.start()
        time.sleep(0.3)
        assert not claimed
        begun = time.monotonic()
        sender.order(key="late")
        waiting.join(20)
        took = time.monotonic() - begun

    assert [task["events"][0]["key"] for task in claimed] == ["late"]
    assert took < 5


def test_a_claim_without_tasks_ends_when_it_said(errands: Errands) -> None:
    assert errands.opened
    begun = time.monotonic()
    claimed = errands.claim(wait_ms=300)

    assert claimed == []
    assert 0.25 < time.monotonic() - begun < 5


def test_a_claim_that_waits_keeps_its_session(errands: Errands) -> None:
    errands.claim(wait_ms=3000)  # longer than a lease
    task = errands.errand()

    assert errands.complete({"token": task["token"], "outcome": "ok"}) == [("ok", "ok")]


def test_a_claim_may_name_jobs_or_operators(errands: Errands) -> None:
    errands.order(key="run")
    errands.order(key="rare", source="rare")
    (rare,) = errands.claim(jobs=["errand.rare"])
    (run,) = errands.claim(operators=["errand.run"])

    assert (rare["job"], run["job"]) == ("errand.rare", "errand.run")


def test_a_limit_of_concurrency_holds_for_workers_over_http(errands: Errands) -> None:
    errands.order(source="rare")
    errands.order(source="rare")
    (first,) = errands.claim(capacity=10)
    none = errands.claim(capacity=10, wait_ms=100)
    errands.complete({"token": first["token"], "outcome": "ok"})
    (second,) = errands.claim(capacity=10)

    assert none == []
    assert first["task_id"] != second["task_id"]


def test_every_unknown_name_of_a_session_or_claim_is_told(errands: Errands) -> None:
    asked = {"worker": "w", "operators": ["errand.run", "no.such", "nor.this"]}
    session = errands.api.post("/work/sessions", asked)
    claim = errands.ask("claim", capacity=1, jobs=["errand.run", "no.job"], operators=["tiny.act"])

    assert (session.status, claim.status) == (422, 422)
    assert [e["pointer"] for e in session.json["errors"]] == ["/operators/1", "/operators/2"]
    assert [e["pointer"] for e in claim.json["errors"]] == ["/operators/0", "/jobs/1"]


def test_an_answer_that_was_lost_is_given_again_to_who_says_what_it_has(errands: Errands) -> None:
    kept, missed = errands.errand(), errands.errand()
    errands.order()
    found = errands.claim(capacity=10, known=[kept["token"]])
    (more,) = errands.claim(capacity=10, known=[kept["token"], missed["token"]])

    assert [task["token"] for task in found] == [missed["token"]]
    assert [task["events"] for task in found] == [missed["events"]]
    assert more["task_id"] not in {kept["task_id"], missed["task_id"]}


def test_large_inputs_come_by_pages_and_only_to_the_task_that_covers_them(
    errands: Errands,
) -> None:
    strange = errands.errand(key="strange")
    for number in range(5):
        errands.order({"n": number, "fill": LARGE}, source="all")
    errands.api.until(lambda: _covered(errands.api) == 5)
    (task,) = errands.claim(jobs=["errand.gather"])
    events, after = task["events"], task["inputs_after"]
    while after is not None:
        page = errands.api.post("/work/inputs", {"token": task["token"], "after": after})
        assert page.status == 200, page.text
        assert 1 <= len(page.json["events"]) <= 2
        events, after = events + page.json["events"], page.json["inputs_after"]
    whole = errands.api.post("/work/inputs", {"token": strange["token"]}).json

    assert [event["payload"]["n"] for event in events] == [0, 1, 2, 3, 4]
    assert [event["key"] for event in whole["events"]] == ["strange"]
    errands.complete({"token": task["token"], "outcome": "ok"})
    lost = errands.api.post("/work/inputs", {"token": task["token"]})
    assert (lost.status, lost.json["code"]) == (409, "lease_lost")


def test_a_session_that_ends_gives_its_tasks_back_at_no_cost(
    work_url: str, errands: Errands
) -> None:
    task = errands.errand()
    first = errands.close()
    again = errands.close()
    with Api(work_url) as other:
        next_worker = Errands(other)
        (taken,) = next_worker.claim()
        late = errands.complete({"token": task["token"], "outcome": "snooze"})
        gone = errands.ask("claim", capacity=1)
        next_worker.end()

    assert (first.status, again.status) == (204, 204)
    assert (taken["task_id"], taken["attempt"]) == (task["task_id"], 1)
    assert late == [("stale", "snoozed")]
    assert (gone.status, gone.json["code"]) == (409, "session_gone")


def _covered(api: Api) -> int:
    waiting = [
        task for task in api.pages("/tasks", state="pending") if task["job"] == "errand.gather"
    ]
    return sum(task["events_covered"] for task in waiting)
