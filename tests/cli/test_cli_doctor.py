"""What the doctor finds and how to mend it."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import CommandLine
from recorded_server import RecordedServer, problem, reply

from headgate.cli.about.doctor.data_folder import check_folder, disk_finding
from headgate.cli.about.doctor.interpreter import check_python
from headgate.cli.about.doctor.server import version_finding

STATUS = {
    "version": "0.1.0",
    "database": {"kind": "embedded", "version": "18.1"},
    "object_store": {"kind": "local", "location": "/data"},
}
ALL = [
    *("python", "settings", "home", "disk", "postgres", "server", "version", "database"),
    *("creative", "bedrock", "s3", "fonts"),
]


def examine(
    command: CommandLine, *args: str, **environment: str
) -> tuple[int, dict[str, dict[str, str]]]:
    done = command("doctor", "--json", *args, **environment)
    assert done.err == ""
    return done.code, {finding["check"]: finding for finding in json.loads(done.out)}


def test_a_healthy_server_is_found_well(headgate: CommandLine, server: RecordedServer) -> None:
    server.on("GET", "/healthz", reply({"status": "ok"}))
    server.on("GET", "/api/v1/status", reply(STATUS))

    code, found = examine(headgate)

    assert list(found) == ALL
    assert found["server"]["detail"] == f"healthy at {server.url}"
    assert found["database"]["detail"] == "embedded, version 18.1"
    assert "PostgreSQL" in found["postgres"]["detail"]
    assert all(finding["remedy"] for finding in found.values() if finding["state"] != "ok")
    assert code == any(finding["state"] == "fail" for finding in found.values())


def test_an_ill_server_fails_with_its_own_words(
    headgate: CommandLine, server: RecordedServer
) -> None:
    said = {"status": "unavailable", "database": "ok", "problems": ["An event has waited 20 s."]}
    server.on("GET", "/healthz", reply(said, 503))
    server.on("GET", "/api/v1/status", reply(STATUS))

    code, found = examine(headgate)

    assert (code, found["server"]["state"]) == (1, "fail")
    assert found["server"]["detail"] == "An event has waited 20 s."
    assert found["version"]["state"] == "ok"


def test_a_server_that_cannot_answer_fails_with_its_own_words(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("GET", "/healthz", reply({"status": "ok"}))
    away = problem(500, "The disk is full.", hint="Free some space.")
    server.on("GET", "/api/v1/status", away)

    code, found = examine(headgate, HEADGATE_PORT="0")

    assert (code, found["server"]["state"]) == (1, "fail")
    assert found["server"]["detail"] == "The disk is full."
    assert found["server"]["remedy"] == "Free some space."


def test_a_server_that_was_killed_fails(alone: CommandLine) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    home = alone.folder / ".headgate"
    home.mkdir()
    record = {"url": "http://127.0.0.1:1", "pid": ended.pid}
    (home / "server.json").write_text(json.dumps(record))

    code, found = examine(alone, HEADGATE_PORT="0")

    assert (code, found["server"]["state"]) == (1, "fail")
    assert "headgate up" in found["server"]["remedy"]


def test_a_taken_port_fails_and_nothing_is_left_behind(alone: CommandLine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        code, found = examine(alone, HEADGATE_PORT=str(listener.getsockname()[1]))

    assert (code, found["port"]["state"]) == (1, "fail")
    assert "--port" in found["port"]["remedy"]
    assert found["server"]["detail"] == "none runs; `headgate up` starts one"
    assert list(alone.folder.iterdir()) == []


def test_a_database_out_of_reach_fails_without_its_password(alone: CommandLine) -> None:
    url = "postgresql://me:hush@127.0.0.1:1/x"

    code, found = examine(alone, HEADGATE_DATABASE_URL=url, HEADGATE_PORT="0")

    assert (code, found["database"]["state"]) == (1, "fail")
    assert "hush" not in json.dumps(found)


def test_a_database_of_ones_own_is_asked_for_its_version(
    alone: CommandLine, postgres_url: str
) -> None:
    _, found = examine(alone, HEADGATE_DATABASE_URL=postgres_url, HEADGATE_PORT="0")

    assert found["database"]["state"] == "ok"
    assert found["database"]["detail"].startswith("Postgres 18 at ")


def test_wrong_settings_are_named(alone: CommandLine) -> None:
    code, found = examine(alone, HEADGATE_PORT="many", HEADGATE_COLOUR="blue")

    assert code == 1
    assert list(found) == ["python", "settings"]
    assert "HEADGATE_PORT" in found["settings"]["detail"]
    assert "HEADGATE_COLOUR" in found["settings"]["detail"]


def test_a_paid_model_needs_credentials(alone: CommandLine) -> None:
    nothing = str(alone.folder / "none")

    code, found = examine(
        alone,
        HEADGATE_CREATIVE__IMAGE_MODEL__KIND="bedrock",
        HEADGATE_PORT="0",
        AWS_EC2_METADATA_DISABLED="true",
        AWS_SHARED_CREDENTIALS_FILE=nothing,
        AWS_CONFIG_FILE=nothing,
    )

    assert (code, found["credentials"]["state"]) == (1, "fail")
    assert "aws configure" in found["credentials"]["remedy"]


def test_a_terminal_shows_each_check_and_its_remedy(alone: CommandLine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        done = alone.on_terminal("doctor", HEADGATE_PORT=str(listener.getsockname()[1]))

    assert done.code == 1
    assert "\nfail  port " in done.out
    assert "to mend it: stop the program that has it" in done.out


@pytest.mark.parametrize(
    ("free", "state"), [(50_000_000, "fail"), (500_000_000, "warn"), (5_000_000_000, "ok")]
)
def test_room_on_the_disk_is_judged(free: int, state: str) -> None:
    assert disk_finding(free, Path("/")).state == state


def test_a_home_that_is_a_file_fails(tmp_path: Path) -> None:
    (tmp_path / "home").touch()

    assert next(check_folder(tmp_path / "home")).state == "fail"


def test_a_home_that_cannot_be_written_fails() -> None:
    # Not even root makes files there.
    assert next(check_folder(Path("/proc/headgate"))).state == "fail"


def test_an_old_python_fails() -> None:
    assert check_python((3, 10, 1)).state == "fail"


def test_another_version_of_the_server_warns() -> None:
    assert version_finding("0.2.0", client="0.1.0").state == "warn"
