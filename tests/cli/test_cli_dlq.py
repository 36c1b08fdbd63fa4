"""Dead letters: looking at them, and acting on them, never by accident."""

import json
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from command_line import CommandLine
from recorded_server import Answer, RecordedServer, Request, page, problem, reply

from headgate.cli.nouns.dlq.look import STATES
from headgate.core.tasks.model import DeadLetterState

API = "/api/v1/dead-letters"
PATH = f"{API}/redrive"
OPERATION = "5f0c7f5e-3c1c-4d3c-9d5c-0f8f5a3b2c1d"
LETTER = {
    "id": 7,
    "task_id": 42,
    "job": "creative.generate",
    "state": "open",
    "partition": None,
    "attempts": 3,
    "died_at": "2026-11-20T10:00:00Z",
    "expires_at": "2026-12-04T10:00:00Z",
    "event_id": None,
    "event": {"id": 5, "dataset": "creative.product", "key": "shirt", "payload": {"size": "1O"}},
    "error": {
        "code": "refused",
        "message": "The provider refused.",
        "hint": "Ask them.",
        "fault": "provider",
        "problems": [{"pointer": "/name", "code": "missing", "message": "is missing"}],
        "detail": "Traceback:\n  File x\n",
    },
}
GROUP = {"job": "creative.generate", "letters": 203, "tasks": 200, "merged": 4, "fingerprint": "f"}
PREVIEW = {"total": {"letters": 203, "tasks": 200, "merged": 4}, "groups": [GROUP]}


def redriven(matched: int, *, operation: str | None = None):
    def answer(request: Request) -> Answer:
        dry = request.json["dry_run"]
        return reply(
            {
                "matched": matched,
                "redriven": 0 if dry or operation else matched,
                "dry_run": dry,
                "operation": None if dry else operation,
                "preview": PREVIEW if dry else None,
            }
        )

    return answer


def settled(matched: int):
    def answer(request: Request) -> Answer:
        dry = request.json["dry_run"]
        preview = PREVIEW if dry else None
        return reply(
            {
                "matched": matched,
                "changed": 0 if dry else matched,
                "dry_run": dry,
                "preview": preview,
            }
        )

    return answer


def test_the_states_are_those_of_the_core() -> None:
    assert set(STATES) == {*get_args(DeadLetterState), "all"}


def test_dead_letters_are_listed(headgate: CommandLine, server: RecordedServer) -> None:
    server.on("GET", API, page(LETTER))

    done = headgate("dlq", "list", "--job", "creative.generate", "--fingerprint", "f")

    assert done.out.split("\t")[:4] == ["7", "42", "creative.generate", "open"]
    assert server.requests[0].query["state"] == "open"
    assert server.requests[0].query["job"] == "creative.generate"
    assert server.requests[0].query["fingerprint"] == "f"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("superseded", "later work covered it"),
        ("redriven", "task 42 went back to work"),
        ("replayed", "event 12, an edited one, took its place"),
        ("discarded", "headgate dlq reopen 7"),
    ],
)
def test_a_letter_that_is_dealt_with_says_how(
    headgate: CommandLine, server: RecordedServer, state: str, words: str
) -> None:
    letter = {**LETTER, "state": state, "event_id": 12 if state == "replayed" else None}
    server.on("GET", API, page(letter))
    server.on("GET", f"{API}/7", reply(letter))

    assert words in headgate("dlq", "list", "--state", state).out
    assert words in headgate("dlq", "show", "7").out


def test_groups_show_how_many_failed_alike(headgate: CommandLine, server: RecordedServer) -> None:
    server.on("GET", f"{API}/groups", page({**GROUP, "newest": 7, "error": LETTER["error"]}))

    done = headgate("dlq", "groups", "--job", "creative.generate")

    cells = done.out.rstrip("\n").split("\t")
    assert cells[:2] == ["creative.generate", "203"]
    assert cells[-3:] == ["7", "f", "The provider refused."]


def test_a_dead_letter_is_shown_with_its_whole_error_and_its_event(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("GET", f"{API}/7", reply(LETTER))

    piped = headgate("dlq", "show", "7").out
    shown = headgate.on_terminal("dlq", "show", "7").out

    assert "error\tThe provider refused.\n" in piped
    assert "problems\t/name\tis missing\n" in piped
    assert 'payload\t{"size": "1O"}\n' in piped
    assert "what to do   Ask them." in shown
    assert "kept until   2026-12-04 10:00:00" in shown
    assert shown.endswith("Traceback:\n  File x\n")


def test_named_dead_letters_are_redriven_at_once(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("POST", PATH, redriven(2))

    done = headgate("dlq", "redrive", "9", "7", "9")

    assert (done.code, done.out) == (0, "2 dead letters redriven.\n")
    assert [request.json for request in server.requests] == [{"ids": [7, 9], "dry_run": False}]


def test_named_dead_letters_that_are_not_open_are_not_found(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("POST", PATH, redriven(1))

    done = headgate("dlq", "redrive", "7", "8", "9")

    assert (done.code, done.out) == (3, "1 dead letter redriven.\n")
    assert "2 of the 3 dead letters named are not open." in done.err


def test_a_dry_run_counts_and_changes_nothing(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("POST", PATH, redriven(203))

    done = headgate("dlq", "redrive", "--all", "--dry-run")
    shown = headgate.on_terminal("dlq", "redrive", "--all", "--dry-run").out

    assert done.out == "203 dead letters would be redriven.\n"
    assert "200 tasks; 4 of those wait already" in done.err
    assert "creative.generate" in shown
    assert [request.json for request in server.requests] == 2 * [{"all": True, "dry_run": True}]


def test_many_are_not_redriven_unasked(headgate: CommandLine, server: RecordedServer) -> None:
    server.on("POST", PATH, redriven(203))

    done = headgate("dlq", "redrive", "--job", "creative.generate")

    assert (done.code, done.out) == (2, "")
    assert "--yes" in done.err
    assert all(request.json["dry_run"] for request in server.requests)


def test_yes_answers_beforehand(headgate: CommandLine, server: RecordedServer) -> None:
    server.on("POST", PATH, redriven(203))

    done = headgate("dlq", "redrive", "--job", "creative.generate", "--yes", "--json")

    assert json.loads(done.out)["redriven"] == 203
    assert [r.json for r in server.requests] == [{"job": "creative.generate", "dry_run": False}]


def test_what_they_have_in_common_and_a_rate_are_sent(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("POST", PATH, redriven(203, operation=OPERATION))

    narrowed = ("--fingerprint", "f", "--died-after", "2026-11-20T10:00")
    done = headgate("dlq", "redrive", *narrowed, "--rate", "2.5", "--yes")

    assert done.out == f"{OPERATION}\n"
    assert f"headgate operation show {OPERATION}" in done.err
    assert [request.json for request in server.requests] == [
        {
            "fingerprint": "f",
            "died_after": "2026-11-20T10:00:00+00:00",
            "rate": 2.5,
            "dry_run": False,
        }
    ]


def test_an_age_is_a_time_ago(headgate: CommandLine, server: RecordedServer) -> None:
    server.on("POST", f"{API}/discard", settled(3))

    headgate("dlq", "discard", "--died-before", "90m", "--yes")

    at = datetime.fromisoformat(server.requests[0].json["died_before"])
    assert timedelta(minutes=90) <= datetime.now(UTC) - at < timedelta(minutes=95)


@pytest.mark.parametrize("time", ["yesterday", "5 days", "2026-13-01", "-3h", "9999999d"])
def test_what_is_no_time_is_a_usage_error(
    headgate: CommandLine, server: RecordedServer, time: str
) -> None:
    done = headgate("dlq", "redrive", "--died-after", time, "--yes")

    assert done.code == 2
    assert "2h for two hours ago" in done.err
    assert server.requests == []


@pytest.mark.parametrize(("state", "code"), [("succeeded", 0), ("cancelled", 1)])
def test_a_redrive_is_waited_for_to_its_end(
    headgate: CommandLine, server: RecordedServer, state: str, code: int
) -> None:
    running = {"id": OPERATION, "state": "running", "done": 1, "total": 203, "message": "so far"}
    server.on("POST", PATH, redriven(203, operation=OPERATION))
    path = f"/api/v1/operations/{OPERATION}"
    server.on("GET", path, reply(running), reply({**running, "state": state, "message": "the end"}))

    done = headgate("dlq", "redrive", "--all", "--yes", "--wait")

    assert (done.code, done.out) == (code, "the end\n")


@pytest.mark.parametrize(
    ("typed", "dry_runs", "code"), [("y\n", [True, False], 0), ("n\n", [True], 1)]
)
def test_a_person_is_asked_with_the_count(
    headgate: CommandLine, server: RecordedServer, typed: str, dry_runs: list[bool], code: int
) -> None:
    server.on("POST", PATH, redriven(203))

    done = headgate.on_terminal("dlq", "redrive", "--all", typed=typed)

    assert done.code == code
    assert "Redrive 203 dead letters? [y/N]" in done.out
    assert [r.json["dry_run"] for r in server.requests] == dry_runs


def test_an_interrupt_at_the_question_changes_nothing(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("POST", PATH, redriven(203))

    done = headgate.on_terminal("dlq", "redrive", "--all", interrupt_at="[y/N]")

    assert done.code == 130
    assert "Interrupted." in done.out
    assert all(request.json["dry_run"] for request in server.requests)


@pytest.mark.parametrize("verb", ["redrive", "discard", "reopen"])
@pytest.mark.parametrize("args", [[], ["7", "--all"], ["--job", "j", "--all"], ["7", "--job", "j"]])
def test_what_to_act_on_must_be_said_once(
    headgate: CommandLine, server: RecordedServer, verb: str, args: list[str]
) -> None:
    assert headgate("dlq", verb, *args).code == 2
    assert server.requests == []


@pytest.mark.parametrize(("verb", "past"), [("discard", "discarded"), ("reopen", "reopened")])
def test_letters_are_discarded_and_reopened(
    headgate: CommandLine, server: RecordedServer, verb: str, past: str
) -> None:
    server.on("POST", f"{API}/{verb}", settled(2))

    named = headgate("dlq", verb, "7", "8")
    counted = headgate("dlq", verb, "--all", "--dry-run")
    unasked = headgate("dlq", verb, "--all")

    assert (named.code, named.out) == (0, f"2 dead letters {past}.\n")
    assert counted.out == f"2 dead letters would be {past}.\n"
    assert unasked.code == 2
    assert [r.json["dry_run"] for r in server.requests] == [False, True, True]


def test_an_edited_event_is_replayed_from_a_file(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("POST", f"{API}/7/replay", reply({"dead_letter": LETTER, "event_id": 12}))
    (headgate.folder / "mended.json").write_text('{"size": 10}')

    done = headgate("dlq", "replay", "7", "--payload", "mended.json")
    headgate("dlq", "replay", "7", "--payload", "-", "--key", "cap", stdin=b"null")

    assert done.out == "Event 12 took the place of dead letter 7.\n"
    assert [r.json for r in server.requests] == [
        {"payload": {"size": 10}},
        {"payload": None, "key": "cap"},
    ]


def test_a_payload_that_is_not_json_is_not_sent(
    headgate: CommandLine, server: RecordedServer
) -> None:
    (headgate.folder / "bad.json").write_text('{"size": }')

    done = headgate("dlq", "replay", "7", "--payload", "bad.json")

    assert done.code == 2
    assert "bad.json is not JSON" in done.err
    assert headgate("dlq", "replay", "7").code == 2
    assert server.requests == []


def test_a_letter_for_which_no_event_can_stand_says_what_to_do(
    headgate: CommandLine, server: RecordedServer
) -> None:
    refused = problem(409, "The dead letter covers 12 events.", hint="Redrive it.", fault="state")
    server.on("POST", f"{API}/7/replay", refused)

    done = headgate("dlq", "replay", "7", "--key", "x")

    assert done.code == 5
    assert "covers 12 events" in done.err
    assert "Redrive it." in done.err
