"""Which server a command talks to, and what it says when there is none."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import CommandLine
from recorded_server import Answer, RecordedServer, page


def record(home: Path, url: str, pid: int) -> None:
    home.mkdir(parents=True, exist_ok=True)
    found = {"url": url, "pid": pid, "database_url": "", "started_at": "2026-11-20T10:00:00+00:00"}
    (home / "server.json").write_text(json.dumps(found))


@pytest.fixture
def ended_pid() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


@pytest.fixture
def closed_url() -> str:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_without_a_server_it_says_how_to_start_one(alone: CommandLine) -> None:
    done = alone("task", "list")

    assert (done.code, done.out) == (6, "")
    assert f"No Headgate server runs on {alone.folder / '.headgate'}." in done.err
    assert "headgate up" in done.err


def test_what_is_wrong_with_the_command_is_told_before_that_no_server_runs(
    alone: CommandLine,
) -> None:
    (alone.folder / "brief.json").write_text("{")

    assert alone("creative", "run", "brief.json").code == 5
    assert alone("dlq", "redrive").code == 2


def test_a_server_that_was_killed_is_called_ended(
    alone: CommandLine, server: RecordedServer, ended_pid: int
) -> None:
    # Something answers on its port: it must not be asked, it may be the server of another folder.
    record(alone.folder / ".headgate", server.url, ended_pid)

    done = alone("task", "list")

    assert (done.code, server.requests) == (6, [])
    assert f"left over from process {ended_pid}" in done.err
    assert "headgate up" in done.err


def test_a_server_that_does_not_listen_is_waited_for_then_called_away(
    alone: CommandLine, closed_url: str
) -> None:
    record(alone.folder / ".headgate", closed_url, os.getpid())

    done = alone("task", "list")

    assert done.code == 6
    assert f"Nothing answers at {closed_url}" in done.err
    assert "server.json. The file may be left over." in done.err
    assert "headgate up" in done.err


@pytest.mark.parametrize("where", [".", "a/b"])
def test_the_server_of_the_nearest_data_folder_is_found(
    alone: CommandLine, server: RecordedServer, where: str
) -> None:
    record(alone.folder / ".headgate", server.url, os.getpid())
    server.on("GET", "/api/v1/tasks", page())
    alone.folder = alone.folder / where
    alone.folder.mkdir(parents=True, exist_ok=True)

    assert alone("task", "list").code == 0


def test_a_named_data_folder_wins_over_a_server_of_the_environment(
    alone: CommandLine, server: RecordedServer, closed_url: str
) -> None:
    record(alone.folder / "elsewhere", server.url, os.getpid())
    server.on("GET", "/api/v1/tasks", page())

    done = alone("task", "list", "--home", "elsewhere", HEADGATE_SERVER=closed_url)

    assert done.code == 0


def test_a_named_server_wins_over_all(
    headgate: CommandLine, server: RecordedServer, closed_url: str
) -> None:
    done = headgate("task", "list", "--server", closed_url)

    assert (done.code, server.requests) == (6, [])
    assert f"Nothing answers at {closed_url}, the address in --server." in done.err


def test_a_server_behind_a_path_is_reached(alone: CommandLine, server: RecordedServer) -> None:
    server.on("GET", "/tools/headgate/api/v1/tasks", page())

    assert alone("task", "list", "--server", f"{server.url}/tools/headgate/").code == 0


@pytest.mark.parametrize("url", ["localhost:8400", "ftp://localhost", "http://"])
def test_an_address_that_is_none_is_a_usage_error(alone: CommandLine, url: str) -> None:
    done = alone("task", "list", "--server", url)

    assert done.code == 2
    assert "http://localhost:8400" in done.err


def test_a_name_that_does_not_resolve_is_said(alone: CommandLine) -> None:
    done = alone("task", "list", "--server", "http://nowhere.invalid:8400")

    assert done.code == 6
    assert "nowhere.invalid" in done.err


@pytest.mark.parametrize(
    "answer",
    [Answer(b"<html>hello</html>", 200, "text/html"), Answer(b"not found", 404, "text/plain")],
    ids=["page", "not found"],
)
def test_another_program_on_the_port_is_told_from_a_server(
    headgate: CommandLine, server: RecordedServer, answer: Answer
) -> None:
    server.on("GET", "/api/v1/tasks", answer)

    done = headgate("task", "list")

    assert done.code == 6
    assert "is not a Headgate server" in done.err


def test_a_damaged_record_says_what_to_do(alone: CommandLine) -> None:
    home = alone.folder / ".headgate"
    home.mkdir()
    (home / "server.json").write_text("{")

    done = alone("task", "list")

    assert done.code == 6
    assert f"{home / 'server.json'} is not what a server writes" in done.err
    assert "delete it" in done.err
