"""Operations: looking at them and cancelling them."""

import json

import pytest
from command_line import CommandLine
from recorded_server import RecordedServer, page, problem, reply

ID = "5f0c7f5e-3c1c-4d3c-9d5c-0f8f5a3b2c1d"
PATH = "/api/v1/operations"
OPERATION = {
    "id": ID,
    "kind": "redrive",
    "actor": "local",
    "subject": "203 dead letters",
    "state": "running",
    "done": 57,
    "total": 203,
    "message": "57 of 203 dead letters are back at work.",
    "result": {"rate": 2.5},
    "problems": [],
    "cancel_requested": False,
    "created_at": "2026-11-20T10:00:00Z",
    "updated_at": "2026-11-20T10:00:05Z",
}


def test_operations_are_listed(headgate: CommandLine, server: RecordedServer) -> None:
    server.on("GET", PATH, page(OPERATION))

    done = headgate("operation", "list", "--kind", "redrive", "--state", "running")

    cells = done.out.split("\t")
    assert cells[:5] == [ID, "redrive", "running", "57 of 203", "203 dead letters"]
    assert (server.requests[0].query["kind"], server.requests[0].query["state"]) == (
        "redrive",
        "running",
    )


def test_an_operation_is_shown_and_as_json_with_its_result(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("GET", f"{PATH}/{ID}", reply(OPERATION))

    assert "done\t57 of 203\n" in headgate("operation", "show", ID).out
    assert json.loads(headgate("operation", "show", ID, "--json").out)["result"] == {"rate": 2.5}


def test_an_operation_is_cancelled(headgate: CommandLine, server: RecordedServer) -> None:
    server.on("POST", f"{PATH}/{ID}/cancel", reply({**OPERATION, "cancel_requested": True}))

    done = headgate("operation", "cancel", ID)

    assert done.code == 0
    assert "state\tcancelling\n" in done.out


def test_an_operation_that_cannot_be_cancelled_says_why(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("POST", f"{PATH}/{ID}/cancel", problem(409, "The operation has ended.", hint=""))

    done = headgate("operation", "cancel", ID)

    assert done.code == 5
    assert "The operation has ended." in done.err


@pytest.mark.parametrize("verb", ["show", "cancel"])
def test_what_is_no_id_is_a_usage_error(
    headgate: CommandLine, server: RecordedServer, verb: str
) -> None:
    assert headgate("operation", verb, "7/../8").code == 2
    assert server.requests == []
