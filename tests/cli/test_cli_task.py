"""Looking at tasks and acting on them."""

import json

import pytest
from command_line import CommandLine
from recorded_server import Answer, RecordedServer, Request, page, problem, reply

TASK = {
    "id": 42,
    "job": "creative.generate",
    "state": "dead",
    "partition": None,
    "ranges": [],
    "events_covered": 1,
    "attempt": 2,
    "attempts": [
        {
            "attempt": 1,
            "outcome": "retry",
            "queued_at": "2026-11-20T09:59:59Z",
            "started_at": "2026-11-20T10:00:00Z",
            "ended_at": "2026-11-20T10:00:01Z",
            "error": {"code": "busy", "message": "The provider is busy."},
            "worker": "host:7",
        }
    ],
    "created_at": "2026-11-20T10:00:00Z",
    "progress": {"done": 2, "total": 5, "message": "square"},
    "error": {"code": "refused", "message": "The provider refused."},
    "dead_letter": 9,
    "inputs": [
        {
            "id": 3,
            "dataset": "creative.to_generate",
            "key": "k",
            "at": "2026-11-20T09:59:59Z",
            "payload_bytes": 12,
        }
    ],
    "outputs": [
        {
            "id": 8,
            "dataset": "creative.generated",
            "key": "k",
            "range": None,
            "at": "2026-11-20T10:00:02Z",
            "tasks": [50, 51],
        }
    ],
    "kinship": {"carried_on_by": [43, 44], "came_from": []},
}


def line(message: str, **fields: object) -> dict[str, object]:
    at = "2026-11-20T10:00:00.5Z"
    return {"at": at, "attempt": 1, "level": "info", "message": message, "fields": fields}


def test_a_task_is_explained(headgate: CommandLine, server: RecordedServer) -> None:
    server.on("GET", "/api/v1/tasks/42", reply(TASK))

    piped = headgate("task", "show", "42").out
    shown = headgate.on_terminal("task", "show", "42").out

    assert "error\tThe provider refused.\n" in piped
    assert "progress\t2 of 5 square\n" in piped
    assert "attempts\t1\tretry\t2026-11-20T09:59:59Z\t2026-11-20T10:00:00Z\t" in piped
    assert "inputs\t3\tcreative.to_generate\tk\t2026-11-20T09:59:59Z\t12\n" in piped
    assert "outputs\t8\tcreative.generated\tk\t\t2026-11-20T10:00:02Z\t50, 51\n" in piped
    assert "carried on by\t43, 44\n" in piped
    assert "created        2026-11-20 10:00:00\n" in shown
    assert "The provider is busy." in shown


@pytest.mark.parametrize("last", [None, "c2"], ids=["no cursor at the end", "a cursor at the end"])
def test_a_followed_log_shows_each_line_once_until_the_task_has_ended(
    headgate: CommandLine, server: RecordedServer, last: str | None
) -> None:
    """Whether or not the last page of the moment has a cursor."""
    running = reply({**TASK, "state": "running"})
    ended = reply({**TASK, "state": "merged", "folded_into": 43})
    lines = [line("one"), line("two", product=3), line("three")]
    looks = iter((1, 2, 3, 3, 3, 3))

    def log(request: Request) -> Answer:
        start = int(request.query.get("after", "c0")[1:])
        if last is None and start == 0 and len(server.sent("GET", "/api/v1/tasks/42")) > 1:
            return page(lines[0], next_cursor="c1")
        count = next(looks)
        return page(*lines[start:count], next_cursor=last and f"c{count}")

    server.on("GET", "/api/v1/tasks/42", running, running, ended)
    server.on("GET", "/api/v1/tasks/42/logs", log)

    done = headgate("task", "logs", "42", "-f")

    assert [text.split("\t")[3:] for text in done.out.splitlines()] == [
        ["one", ""],
        ["two", "product=3"],
        ["three", ""],
    ]
    assert (done.code, done.err) == (0, "Task 42: merged; task 43 carries on.\n")


def test_a_log_is_a_stream_of_json_lines(headgate: CommandLine, server: RecordedServer) -> None:
    lines = [line("one\ntwo"), line("three", n=1)]
    server.on("GET", "/api/v1/tasks/42/logs", page(*lines))

    done = headgate("task", "logs", "42", "--json")

    assert [json.loads(text) for text in done.out.splitlines()] == lines


def test_a_log_is_readable_on_a_terminal(headgate: CommandLine, server: RecordedServer) -> None:
    server.on("GET", "/api/v1/tasks/42/logs", page(line("made\x1b[2J it", product=3)), page())

    shown = headgate.on_terminal("task", "logs", "42").out

    assert shown == "2026-11-20 10:00:00 info    made [2J it  product=3\n"


def test_an_empty_log_says_so_to_a_person_only(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("GET", "/api/v1/tasks/42/logs", page())

    assert headgate("task", "logs", "42") == (0, "", "")
    assert headgate.on_terminal("task", "logs", "42").out == "The task has logged nothing.\n"


@pytest.mark.parametrize("verb", ["cancel", "retry"])
def test_acting_on_a_task_prints_what_became_of_it(
    headgate: CommandLine, server: RecordedServer, verb: str
) -> None:
    server.on("POST", f"/api/v1/tasks/42/{verb}", reply({**TASK, "state": "pending"}))

    assert headgate("task", verb, "42").out == "42\tcreative.generate\tpending\n"
    assert json.loads(headgate("task", verb, "42", "--json").out)["id"] == 42


def test_a_task_that_is_not_there_is_not_found(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("POST", "/api/v1/tasks/1/cancel", problem(404, "There is no task 1."))

    done = headgate("task", "cancel", "1")

    assert (done.code, done.out) == (3, "")
    assert "There is no task 1." in done.err


def test_an_id_that_is_no_number_is_a_usage_error(headgate: CommandLine) -> None:
    assert headgate("task", "show", "latest").code == 2
