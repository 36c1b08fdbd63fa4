"""How commands end: exit codes, messages, and what is tried again."""

import signal
import threading

import pytest
from command_line import CommandLine
from recorded_server import Answer, RecordedServer, Request, page, problem, reply

LOST = Answer(cut=0)


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, 4), (403, 4), (404, 3), (409, 5), (413, 5), (422, 5), (500, 1), (503, 6)],
)
def test_a_status_has_its_exit_code(
    headgate: CommandLine, server: RecordedServer, status: int, code: int
) -> None:
    server.on("GET", "/api/v1/tasks/7", problem(status, "It did not work.", fault="state"))

    done = headgate("task", "show", "7")

    assert (done.code, done.out) == (code, "")
    assert done.err.startswith("Error: It did not work.\n")
    assert "does not fit the current state" in done.err
    assert "What to do: " in done.err


def test_a_problem_tells_every_fault_whose_it_is_and_what_to_do(
    headgate: CommandLine, server: RecordedServer
) -> None:
    faults = [
        {"pointer": "dag.yaml:3:5", "code": "unknown", "message": "no such operator"},
        {"pointer": "dag.yaml:9:1", "code": "cycle", "message": "a reads b, b reads a"},
    ]
    server.on(
        "POST",
        "/api/v1/dags/plan",
        problem(422, "dag.yaml has 2 faults:", fault="input", hint="Mend them.", errors=faults),
    )
    (headgate.folder / "dag.yaml").write_text("dag: x\n")

    done = headgate("dag", "plan", "dag.yaml")

    assert (done.code, done.out) == (5, "")
    assert done.err.splitlines() == [
        "Error: dag.yaml has 2 faults:",
        "  dag.yaml:3:5: no such operator",
        "  dag.yaml:9:1: a reads b, b reads a",
        "The fault is in what was given.",
        "What to do: Mend them.",
    ]


def test_a_lost_answer_to_a_question_is_asked_for_again(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("GET", "/api/v1/tasks", LOST, page())

    assert headgate("task", "list").code == 0
    assert len(server.requests) == 2


def test_an_answer_that_breaks_off_is_asked_for_again(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("GET", "/api/v1/tasks", Answer(b'{"items": [], "next_cursor": null}', cut=9), page())

    assert headgate("task", "list").code == 0
    assert len(server.requests) == 2


def test_an_action_whose_answer_was_lost_is_repeated_under_the_same_key(
    headgate: CommandLine, server: RecordedServer
) -> None:
    still = problem(409, "The first request with this key still runs.", retry=True)
    task = {"id": 7, "job": "j", "state": "pending"}
    server.on("POST", "/api/v1/tasks/7/retry", LOST, still, reply(task))

    done = headgate("task", "retry", "7")

    assert (done.code, done.out) == (0, "7\tj\tpending\n")
    keys = [request.headers["idempotency-key"] for request in server.requests]
    assert len(keys) == 3
    assert len(set(keys)) == 1


def test_a_conflict_that_will_stay_is_not_tried_again(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("POST", "/api/v1/tasks/7/retry", problem(409, "Task 7 runs.", retry=False))

    assert headgate("task", "retry", "7").code == 5
    assert len(server.requests) == 1


def test_a_busy_server_is_asked_again(headgate: CommandLine, server: RecordedServer) -> None:
    busy = problem(503, "The database is away.", retry=True)
    server.on("GET", "/api/v1/tasks", busy, busy, page())

    assert headgate("task", "list").code == 0


def test_an_interrupt_ends_with_one_clean_line(
    headgate: CommandLine, server: RecordedServer
) -> None:
    started = threading.Event()

    def interrupt(_: Request) -> Answer:
        started.wait()
        process.send_signal(signal.SIGINT)
        return page()

    server.on("GET", "/api/v1/tasks", interrupt)
    with headgate.start("task", "list") as process:
        started.set()
        out, err = process.communicate(timeout=30)

    assert (process.returncode, out, err) == (130, b"", b"Interrupted.\n")


def test_a_wrong_setting_of_a_server_command_is_named(alone: CommandLine) -> None:
    done = alone("worker", HEADGATE_PORT="many", HEADGATE_COLOUR="blue")

    assert (done.code, done.out) == (5, "")
    assert "HEADGATE_PORT: " in done.err
    assert "HEADGATE_COLOUR: there is no such setting" in done.err


def test_a_worker_without_a_server_says_how_to_start_one(alone: CommandLine) -> None:
    done = alone("worker")

    assert (done.code, done.out) == (6, "")
    assert "headgate up" in done.err


def test_a_file_that_is_not_there_is_a_usage_error(headgate: CommandLine) -> None:
    done = headgate("creative", "run", "brief.json")

    assert (done.code, done.out) == (2, "")
    assert "'brief.json' does not exist" in done.err


def test_a_fault_that_nobody_foresaw_shows_where_and_asks_for_a_report(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("GET", "/api/v1/status", reply({"version": "0.1.0"}))
    server.on("GET", "/api/v1/attention", reply({"items": [], "complete": True}))

    done = headgate("status")

    assert done.code == 1
    assert "Traceback" in done.err
    assert "The fault is Headgate's, not yours." in done.err
