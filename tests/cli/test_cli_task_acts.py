"""Filtering tasks, acting on many of them, and watching one."""

import json

import pytest
from command_line import CommandLine
from recorded_server import RecordedServer, page, problem, reply

OPERATION = "5f0c7f5e-3c1c-4d3c-9d5c-0f8f5a3b2c1d"
PREVIEW = {
    "matched": 1200,
    "exact": True,
    "by_job": {"a.b": 1000, "a.c": 200},
    "sample": [
        {"id": 7, "job": "a.b", "state": "pending", "partition": None, "created_at": "2026-11-20T10:00:00Z"}
    ],
}  # fmt: skip
COUNTED = reply({"dry_run": True, "operation": None, "preview": PREVIEW})
STARTED = reply({"dry_run": False, "operation": OPERATION, "preview": None}, 202)


def task(state: str, task_id: int = 42, **more: object) -> dict[str, object]:
    return {"id": task_id, "job": "a.b", "state": state, "attempt": 1, "error": None, **more}


def operation(state: str, **more: object) -> dict[str, object]:
    ended = {"id": OPERATION, "state": state, "done": 3, "total": 4, "problems": []}
    return {**ended, "message": "3 of 4 tasks are back at work.", **more}


def test_a_list_is_asked_for_by_every_filter(headgate: CommandLine, server: RecordedServer) -> None:
    server.on("GET", "/api/v1/tasks", page())

    done = headgate(
        "task", "list", "--state", "dead,waiting", "--state", "running", "--job", "a.b",
        "--dag", "a", "--partition", "shop/", "--worker", "w:1", "--since", "2026-11-20T10:00+00:00",
        "--until", "1h", "--error-code", "timeout", "--oldest", "--json",
    )  # fmt: skip

    assert (done.code, done.out) == (0, "[]\n")
    query = server.sent("GET", "/api/v1/tasks")[0].query
    assert query.pop("created_until") > "2026"
    assert query == {
        "state": "dead,waiting,running",
        "job": "a.b",
        "dag": "a",
        "partition": "shop/",
        "worker": "w:1",
        "created_since": "2026-11-20T10:00:00+00:00",
        "error_code": "timeout",
        "order": "oldest",
        "limit": "50",
    }


@pytest.mark.parametrize("wrong", [("--state", "lost"), ("--since", "soon")])
def test_a_filter_that_means_nothing_is_a_usage_error(
    headgate: CommandLine, wrong: tuple[str, str]
) -> None:
    assert headgate("task", "list", *wrong).code == 2


@pytest.mark.parametrize(
    "args",
    [(), ("1", "--all"), ("--all", "--job", "a.b"), ("1", "--state", "dead")],
    ids=["nothing", "ids and all", "all and a filter", "ids and a filter"],
)
def test_an_act_says_in_one_way_which_tasks(headgate: CommandLine, args: tuple[str, ...]) -> None:
    done = headgate("task", "cancel", *args, "--yes")

    assert done.code == 2
    assert "Name tasks by ID" in done.err


def test_a_dry_run_shows_how_many_of_which_jobs(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("POST", "/api/v1/tasks/bulk", COUNTED)

    done = headgate("task", "cancel", "--job", "a.b", "--state", "pending", "--dry-run")

    assert (done.code, done.out) == (0, "1,200 tasks would be cancelled.\na.b\t1000\na.c\t200\n")
    (sent,) = server.sent("POST", "/api/v1/tasks/bulk")
    assert sent.json == {
        "action": "cancel",
        "filter": {"job": "a.b", "state": ["pending"]},
        "dry_run": True,
    }


def test_many_are_acted_upon_when_a_person_agrees_to_their_number(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("POST", "/api/v1/tasks/bulk", COUNTED, STARTED)

    done = headgate.on_terminal("task", "retry", "--all", "--rate", "5", typed="y\n")

    assert done.code == 0
    assert "Retry 1,200 tasks?" in done.out
    assert OPERATION in done.out
    assert server.sent("POST", "/api/v1/tasks/bulk")[1].json == {
        "action": "retry",
        "filter": {"all": True},
        "rate_per_second": 5.0,
        "dry_run": False,
    }


def test_nothing_is_done_without_an_answer(headgate: CommandLine, server: RecordedServer) -> None:
    server.on("POST", "/api/v1/tasks/bulk", COUNTED)

    assert headgate("task", "cancel", "--all").code == 2
    assert headgate.on_terminal("task", "cancel", "--all", typed="n\n").code == 1
    assert all(sent.json["dry_run"] for sent in server.sent("POST", "/api/v1/tasks/bulk"))


def test_a_filter_that_finds_nothing_asks_nothing(
    headgate: CommandLine, server: RecordedServer
) -> None:
    empty = {**PREVIEW, "matched": 0, "by_job": {}, "sample": []}
    server.on(
        "POST", "/api/v1/tasks/bulk", reply({"dry_run": True, "operation": None, "preview": empty})
    )

    assert headgate("task", "cancel", "--all") == (0, "", "There are no such tasks.\n")


@pytest.mark.parametrize(
    ("ended", "code"),
    [
        (operation("succeeded"), 0),
        (operation("cancelled"), 1),
        (operation("succeeded", problems=[{"pointer": "/tasks/1", "message": "x"}]), 1),
    ],
    ids=["done", "cancelled", "done with problems"],
)
def test_who_waits_learns_whether_all_was_done(
    headgate: CommandLine, server: RecordedServer, ended: dict[str, object], code: int
) -> None:
    server.on("POST", "/api/v1/tasks/bulk", STARTED)
    server.on("GET", f"/api/v1/operations/{OPERATION}", reply(operation("running")), reply(ended))

    done = headgate("task", "retry", "--state", "dead", "--yes", "--wait")

    assert (done.code, done.out) == (code, "3 of 4 tasks are back at work.\n")


def test_tasks_named_by_id_are_acted_upon_unasked_and_one_does_not_keep_others_back(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("POST", "/api/v1/tasks/7/cancel", reply(task("cancelled", 7)))
    server.on("POST", "/api/v1/tasks/8/cancel", problem(409, "The task is dead."))
    server.on("POST", "/api/v1/tasks/9/cancel", reply(task("running", 9)))

    done = headgate("task", "cancel", "9", "8", "7")

    assert (done.code, done.out) == (5, "7\ta.b\tcancelled\n9\ta.b\trunning\n")
    assert "Task 8: The task is dead." in done.err
    assert "1 of the 3 tasks could not be cancelled." in done.err


def test_watching_prints_each_change_and_follows_who_carries_on(
    headgate: CommandLine, server: RecordedServer
) -> None:
    progress = {"done": 1, "total": 2, "message": "square"}
    server.on(
        "GET",
        "/api/v1/tasks/42",
        reply(task("pending")),
        reply(task("pending")),
        reply(task("running", progress=progress)),
        reply(task("merged", folded_into=43)),
    )
    server.on("GET", "/api/v1/tasks/43", reply(task("succeeded", 43, attempt=2)))

    done = headgate("task", "watch", "42")

    assert done.code == 0
    assert done.out.splitlines() == [
        "42\ta.b\tpending",
        "42\ta.b\trunning\t1 of 2\tsquare",
        "42\ta.b\tmerged\ttask 43 carries on",
        "43\ta.b\tsucceeded\tattempt 2",
    ]


@pytest.mark.parametrize("state", ["dead", "cancelled"])
def test_watching_a_task_whose_work_failed_fails(
    headgate: CommandLine, server: RecordedServer, state: str
) -> None:
    broken = task(state, error={"code": "x", "message": "It broke."})
    server.on("GET", "/api/v1/tasks/42", reply(broken))

    done = headgate("task", "watch", "42", "--json")

    assert done.code == 1
    assert json.loads(done.out)["state"] == state
    assert "It broke." in done.err


def test_a_followed_log_ends_with_a_task_whose_place_an_event_took(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("GET", "/api/v1/tasks/42", reply(task("replayed")))
    server.on("GET", "/api/v1/tasks/42/logs", page())

    assert headgate("task", "logs", "42", "-f").err == "Task 42: replayed.\n"
