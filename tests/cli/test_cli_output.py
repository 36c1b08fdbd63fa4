"""What commands print: for people, for pipes, for programs."""

import json
import subprocess
from datetime import timedelta

from command_line import MODULE, CommandLine
from recorded_server import RecordedServer, Request, page, reply

from headgate.core.clock import utc_now


def task(number: int, **more: object) -> dict[str, object]:
    return {
        "id": number,
        "job": "creative.compose",
        "state": "dead",
        "partition": None,
        "attempt": 3,
        "created_at": "2026-11-20T13:38:02.123456Z",
        "error": {"code": "boom", "message": "It broke."},
        **more,
    }


def test_a_pipe_gets_a_line_of_tab_separated_cells_for_each_item(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("GET", "/api/v1/tasks", page(task(2), task(1, error=None)))

    done = headgate("task", "list")

    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        "2\tcreative.compose\tdead\t\t3\t2026-11-20T13:38:02.123456Z\tIt broke.",
        "1\tcreative.compose\tdead\t\t3\t2026-11-20T13:38:02.123456Z\t",
    ]


def test_a_terminal_gets_a_table_that_fits(headgate: CommandLine, server: RecordedServer) -> None:
    hour_ago = (utc_now() - timedelta(hours=1, minutes=1)).isoformat()
    long = {"message": "The existing asset is not there. " * 5}
    first = task(2, created_at=hour_ago, error=long, job="creative.compose_variants")
    server.on("GET", "/api/v1/tasks", page(first, task(1, error=None)))

    done = headgate.on_terminal("task", "list", TERM="dumb")

    header, row, _ = done.out.splitlines()
    assert header.split() == ["ID", "JOB", "STATE", "TRY", "AGE", "ERROR"]
    cells = ["2", "creative.compose_variants", "dead", "3", "1h", "The", "existing"]
    assert row.split()[:7] == cells
    assert row.rstrip().endswith("…")
    assert len(row) <= 80


def test_no_color_means_none(headgate: CommandLine, server: RecordedServer) -> None:
    server.on("GET", "/api/v1/tasks", page(task(2)))

    assert "\x1b[" in headgate.on_terminal("task", "list").out
    assert "\x1b[3" not in headgate.on_terminal("task", "list", NO_COLOR="1").out


def test_a_message_cannot_take_over_the_terminal_or_break_a_line(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("GET", "/api/v1/tasks", page(task(2, error="\x1b]0;owned\x07a\tb\nc [red]d")))

    shown = headgate.on_terminal("task", "list").out
    piped = headgate("task", "list").out

    assert "\x1b]0" not in shown
    assert "[red]d" in shown
    assert len(piped.splitlines()) == 1
    assert piped.count("\t") == 6


def test_json_of_a_list_is_an_array_of_the_api_objects(
    headgate: CommandLine, server: RecordedServer
) -> None:
    items = [task(2), task(1, error="é😀")]
    server.on("GET", "/api/v1/tasks", page(*items))

    done = headgate("task", "list", "--json")

    assert json.loads(done.out) == items
    assert "é😀" in done.out


def test_json_of_an_empty_list_is_an_empty_array(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("GET", "/api/v1/tasks", page())

    assert headgate("task", "list", "--json") == (0, "[]\n", "")
    assert headgate("task", "list") == (0, "", "")
    assert headgate.on_terminal("task", "list").out == "There are no such tasks.\n"


def test_json_of_one_thing_is_indented(headgate: CommandLine, server: RecordedServer) -> None:
    found = {"id": 7, "inputs": [], "attempts": []}
    server.on("GET", "/api/v1/tasks/7", reply(found))

    assert headgate("task", "show", "7", "--json").out == json.dumps(found, indent=2) + "\n"


def test_a_list_is_asked_for_page_by_page_up_to_its_limit(
    headgate: CommandLine, server: RecordedServer
) -> None:
    first = [task(n) for n in range(450, 250, -1)]
    second = [task(n) for n in range(250, 50, -1)]
    rest = [task(n) for n in range(50, 40, -1)]
    server.on(
        "GET",
        "/api/v1/tasks",
        page(*first, next_cursor="a/b+c"),
        page(*second, next_cursor="d"),
        page(*rest, next_cursor="e"),
    )

    done = headgate("task", "list", "--limit", "410", "--state", "dead")

    assert [line.partition("\t")[0] for line in done.out.splitlines()] == [
        str(n) for n in range(450, 40, -1)
    ]
    assert [(r.query.get("cursor"), r.query["limit"]) for r in server.requests] == [
        (None, "200"),
        ("a/b+c", "200"),
        ("d", "10"),
    ]
    assert {r.query["state"] for r in server.requests} == {"dead"}
    assert done.err == "There are more than 410: see them with a higher --limit.\n"


def test_a_reader_that_leaves_early_is_no_error(
    headgate: CommandLine, server: RecordedServer
) -> None:
    def endless(request: Request):
        start = int(request.query.get("cursor", "0"))
        return page(*(task(start + n) for n in range(200)), next_cursor=str(start + 200))

    server.on("GET", "/api/v1/tasks", endless)
    with headgate.start("task", "list", "--limit", "100000") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read()
        code = process.wait(30)

    assert (code, err) == (0, b"")


def test_an_ascii_terminal_gets_escapes_not_a_traceback(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("GET", "/api/v1/tasks", page(task(2, error="日本")))

    done = headgate("task", "list", PYTHONIOENCODING="ascii")

    assert done.code == 0
    assert "\\u65e5\\u672c" in done.out


def test_a_closed_output_fails_without_a_traceback(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("GET", "/api/v1/tasks", page(task(2)))
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
        process = subprocess.run(
            [*MODULE, "task", "list"],
            cwd=headgate.folder,
            env=headgate.environment,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )

    assert process.returncode == 1
    assert b"No space left" in process.stderr
    assert b"Traceback" not in process.stderr


def test_a_status_is_described_for_people_and_for_pipes(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on(
        "GET",
        "/api/v1/status",
        reply(
            {
                "version": "0.1.0",
                "started_at": "2026-11-20T10:00:00Z",
                "now": "2026-11-20T11:00:00Z",
                "home": "/data",
                "url": server.url,
                "database": {"kind": "embedded", "version": "18.1"},
                "object_store": {"kind": "local", "location": "/data/objects"},
                "workers": [
                    {
                        "id": 1,
                        "worker": "host:7",
                        "capacity": 500,
                        "started_at": "2026-11-20T10:00:01Z",
                        "expires_at": "2026-11-20T11:00:15Z",
                    }
                ],
                "jobs": [
                    {
                        "job": "creative.compose",
                        "paused": False,
                        "pending": 12,
                        "waiting": 0,
                        "running": 2,
                        "dead": 1,
                        "oldest_pending_at": None,
                    }
                ],
                "dead_letters": 1,
            }
        ),
    )
    letter = {
        "code": "dead_letters",
        "severity": "warning",
        "title": "1 dead letter of creative.compose",
        "sentence": "It broke. Redrive it.",
        "since": "2026-11-20T10:00:00Z",
        "count": 1,
        "target": {"kind": "dead_letters", "id": "f"},
        "command": "headgate dlq list --job creative.compose --fingerprint f",
    }
    server.on("GET", "/api/v1/attention", reply({"items": [letter], "complete": True}))

    piped = headgate("status").out
    shown = headgate.on_terminal("status").out

    assert "database\tembedded 18.1\n" in piped
    assert "jobs\tcreative.compose\tfalse\t12\t0\t2\t1\t\n" in piped
    assert "workers\thost:7\t500\t2026-11-20T10:00:01Z\n" in piped
    assert "started       2026-11-20 10:00:00\n" in shown
    assert "headgate dlq list" in shown
    assert "needs a person\twarning\t1 dead letter of creative.compose\t" in piped
    assert json.loads(headgate("status", "--json").out)["attention"]["items"] == [letter]


def test_the_api_description_is_printed_as_the_server_gives_it(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("GET", "/openapi.json", reply({"openapi": "3.1.0"}))

    assert json.loads(headgate("openapi").out) == {"openapi": "3.1.0"}
