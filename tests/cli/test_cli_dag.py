"""Deploying DAGs with a look before the leap."""

import json
from typing import Any

import pytest
from command_line import CommandLine
from recorded_server import RecordedServer, page, problem, reply

CHANGE = {"kind": "add", "what": "job", "name": "compose", "fields": []}
PLAN: dict[str, Any] = {
    "dag": "creative",
    "before": 3,
    "changes": [CHANGE],
    "warnings": ["job generate: 2 pending tasks will run as cut before this change"],
    "text": "+ job compose\n1 to add, 0 to change, 0 to remove.",
}
SOURCE = "dag: creative  # Größe\n"


@pytest.fixture
def file(headgate: CommandLine) -> str:
    (headgate.folder / "dag.yaml").write_text(SOURCE, encoding="utf-8")
    return "dag.yaml"


@pytest.fixture(autouse=True)
def answers(server: RecordedServer) -> None:
    server.on("POST", "/api/v1/dags/plan", reply(PLAN))
    server.on(
        "POST",
        "/api/v1/dags",
        reply({"dag": "creative", "version": 4, "changed": True, "plan": PLAN}),
    )


def test_a_plan_is_shown_and_nothing_is_deployed(
    headgate: CommandLine, server: RecordedServer, file: str
) -> None:
    done = headgate("dag", "plan", file)

    assert (done.code, done.out) == (0, PLAN["text"] + "\n")
    assert done.err == f"Warning: {PLAN['warnings'][0]}\n"
    assert [r.json for r in server.requests] == [{"source": SOURCE, "file": "dag.yaml"}]


def test_a_plan_that_cannot_be_applied_fails(
    headgate: CommandLine, server: RecordedServer, file: str
) -> None:
    server.on("POST", "/api/v1/dags/plan", reply({**PLAN, "blocked": True}))

    assert headgate("dag", "plan", file).code == 5


def test_applying_unasked_needs_yes(
    headgate: CommandLine, server: RecordedServer, file: str
) -> None:
    done = headgate("dag", "apply", file)

    assert done.code == 2
    assert "--yes" in done.err
    assert server.sent("POST", "/api/v1/dags") == []


def test_yes_applies_at_once(headgate: CommandLine, server: RecordedServer, file: str) -> None:
    done = headgate("dag", "apply", file, "--yes", "--expect-version", "3")

    assert (done.code, done.out) == (0, "creative version 4 is deployed.\n")
    assert [r.json for r in server.requests] == [
        {"source": SOURCE, "file": "dag.yaml", "expect_version": 3}
    ]


def test_what_a_person_agreed_to_is_what_is_applied(
    headgate: CommandLine, server: RecordedServer, file: str
) -> None:
    """Another deploy since the plan must make it a conflict."""
    done = headgate.on_terminal("dag", "apply", file, typed="y\n")

    assert done.code == 0
    assert "+ job compose" in done.out
    (sent,) = server.sent("POST", "/api/v1/dags")
    assert sent.json["expect_version"] == 3


def test_nothing_to_change_asks_nothing(
    headgate: CommandLine, server: RecordedServer, file: str
) -> None:
    nothing = {**PLAN, "changes": [], "warnings": [], "text": "No changes."}
    server.on("POST", "/api/v1/dags/plan", reply(nothing))

    done = headgate("dag", "apply", file, "--json")

    assert done.code == 0
    assert json.loads(done.out) == {"dag": "creative", "changed": False, "plan": nothing}


def test_a_conflict_is_told(headgate: CommandLine, server: RecordedServer, file: str) -> None:
    server.on("POST", "/api/v1/dags", problem(409, "Version 5 runs, not 3.", fault="state"))

    done = headgate("dag", "apply", file, "--yes")

    assert done.code == 5
    assert "Version 5 runs, not 3." in done.err


def test_a_dag_can_come_from_a_pipe(headgate: CommandLine, server: RecordedServer) -> None:
    done = headgate("dag", "plan", "-", stdin=b"dag: x\n")

    assert done.code == 0
    assert server.requests[0].json["source"] == "dag: x\n"


def test_a_file_that_is_no_text_is_refused(headgate: CommandLine, server: RecordedServer) -> None:
    (headgate.folder / "dag.yaml").write_bytes(b"dag: \xff\n")

    done = headgate("dag", "plan", "dag.yaml")

    assert done.code == 5
    assert "dag.yaml is not text in UTF-8 (byte 5)." in done.err
    assert server.requests == []


def test_a_deployed_dag_is_drawn_or_given_back(
    headgate: CommandLine, server: RecordedServer
) -> None:
    dag = {"name": "creative", "version": 4, "source": SOURCE, "text": "brief ─► parse\n"}
    server.on("GET", "/api/v1/dags/creative", reply(dag))

    assert headgate("dag", "show", "creative").out == "creative version 4\n\nbrief ─► parse\n"
    assert headgate("dag", "show", "creative", "--source").out == SOURCE


def test_dags_are_listed(headgate: CommandLine, server: RecordedServer) -> None:
    dag = {
        "name": "creative",
        "version": 4,
        "jobs": ["a", "b"],
        "datasets": ["c"],
        "sources": [],
        "deployed_at": "2026-11-20T10:00:00Z",
    }
    server.on("GET", "/api/v1/dags", page(dag))

    assert headgate("dag", "list").out == "creative\t4\t2\t1\t0\t2026-11-20T10:00:00Z\n"


def test_a_rollback_shows_what_changes_and_holds_to_what_was_seen(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on(
        "GET",
        "/api/v1/dags/creative/versions/2",
        reply({"dag": "creative", "version": 2, "source": SOURCE}),
    )
    done = {"dag": "creative", "version": 4, "changed": True, "plan": PLAN}
    server.on("POST", "/api/v1/dags/creative/rollback", reply(done))

    asked = headgate("dag", "rollback", "creative", "2", "--yes")

    assert asked.out == "creative version 4 is deployed: the text of version 2.\n"
    assert server.requests[-1].json == {"version": 2}


def test_a_job_is_paused_by_its_name(headgate: CommandLine, server: RecordedServer) -> None:
    state = {"job": "creative.compose", "paused": True}
    server.on("POST", "/api/v1/jobs/creative.compose/pause", reply(state))

    done = headgate("job", "pause", "creative.compose", "--json")

    assert json.loads(done.out) == state
