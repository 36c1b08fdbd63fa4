"""Dead letters and bringing them back, never by accident."""

import json

import pytest
from command_line import CommandLine
from recorded_server import Answer, RecordedServer, Request, page, reply

PATH = "/api/v1/dead-letters/redrive"
LETTER = {
    "id": 7,
    "task_id": 42,
    "job": "creative.generate",
    "state": "open",
    "partition": None,
    "attempts": 3,
    "died_at": "2026-11-20T10:00:00Z",
    "error": {
        "code": "refused",
        "message": "The provider refused.",
        "hint": "Ask them.",
        "fault": "provider",
        "problems": [{"pointer": "/name", "code": "missing", "message": "is missing"}],
        "detail": "Traceback:\n  File x\n",
    },
}


def redriven(matched: int):
    def answer(request: Request) -> Answer:
        dry = request.json["dry_run"]
        return reply({"matched": matched, "redriven": 0 if dry else matched, "dry_run": dry})

    return answer


def test_dead_letters_are_listed(headgate: CommandLine, server: RecordedServer) -> None:
    server.on("GET", "/api/v1/dead-letters", page(LETTER))

    done = headgate("dlq", "list", "--job", "creative.generate")

    assert done.out.split("\t")[:4] == ["7", "42", "creative.generate", "open"]
    assert server.requests[0].query["state"] == "open"
    assert server.requests[0].query["job"] == "creative.generate"


def test_a_dead_letter_is_shown_with_its_whole_error(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("GET", "/api/v1/dead-letters/7", reply(LETTER))

    piped = headgate("dlq", "show", "7").out
    shown = headgate.on_terminal("dlq", "show", "7").out

    assert "error\tThe provider refused.\n" in piped
    assert "problems\t/name\tis missing\n" in piped
    assert "what to do  Ask them." in shown
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

    assert done.out == "203 dead letters would be redriven.\n"
    assert [request.json for request in server.requests] == [{"all": True, "dry_run": True}]


def test_many_are_not_redriven_unasked(headgate: CommandLine, server: RecordedServer) -> None:
    server.on("POST", PATH, redriven(203))

    done = headgate("dlq", "redrive", "--job", "creative.generate")

    assert (done.code, done.out) == (2, "")
    assert "--yes" in done.err
    assert all(request.json["dry_run"] for request in server.requests)


def test_yes_answers_beforehand(headgate: CommandLine, server: RecordedServer) -> None:
    server.on("POST", PATH, redriven(203))

    done = headgate("dlq", "redrive", "--job", "creative.generate", "--yes", "--json")

    assert json.loads(done.out) == {"matched": 203, "redriven": 203, "dry_run": False}
    assert [r.json for r in server.requests] == [{"job": "creative.generate", "dry_run": False}]


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


@pytest.mark.parametrize("args", [[], ["7", "--all"], ["--job", "j", "--all"]])
def test_what_to_redrive_must_be_said_once(
    headgate: CommandLine, server: RecordedServer, args: list[str]
) -> None:
    assert headgate("dlq", "redrive", *args).code == 2
    assert server.requests == []
