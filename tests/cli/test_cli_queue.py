"""Queues and workers at a terminal and in a pipe."""

import json
from typing import Any

from command_line import CommandLine
from recorded_server import RecordedServer, page, problem, reply

PATH = "/api/v1/queues"
QUEUE: dict[str, Any] = {
    "job": "chain.decode",
    "dag": "chain",
    "state": "held",
    "waiting": 12_000,
    "delayed": 3,
    "exact": False,
    "running": 4,
    "oldest_seconds": 90.4,
    "max_concurrency": 8,
    "rate": None,
    "priority": 0,
    "runtime": "in_process",
    "paused": False,
    "holds": [
        {
            "code": "backpressure:chain.logs",
            "text": "Too much of chain.logs waits for chain.index.",
            "do": "Resume chain.index.",
            "since": "2026-11-20T10:00:00Z",
            "until": None,
            "about": [],
        }
    ],
    "pressure": {
        "dataset": "chain.blocks",
        "share": 0.42,
        "cause": "bytes",
        "measured": 420_000_000,
        "high": 1_000_000_000,
        "low": 500_000_000,
        "closed": False,
    },
    "done_per_second": 2.0,
    "drained_in_seconds": 6000.0,
}
WORKER = {
    "id": 7,
    "worker": "up",
    "state": "late",
    "text": "Nothing was heard of it for 9 s.",
    "capacity": 500,
    "in_flight": 12,
    "started_at": "2026-11-20T10:00:00Z",
    "heartbeat_seconds": 9.2,
    "jobs": [{"job": "chain.decode", "running": 12}],
}
DETAIL = {
    **QUEUE,
    "flow": {"points": [{"waiting": depth} for depth in (0, 0, 50, 100, 100, 0)]},
    "held": [{"reason": "backpressure:chain.logs", "since": "2026-11-20T10:00:00Z", "until": None}],
    "workers": [WORKER],
}


def test_queues_are_listed_by_state(headgate: CommandLine, server: RecordedServer) -> None:
    server.on("GET", PATH, page(QUEUE))

    done = headgate("queue", "list", "--state", "held", "-q", "chain")

    assert done.out.split("\t")[:8] == [
        "chain.decode", "held", "~12,000", "3", "4", "90s", "42%", "100m"
    ]  # fmt: skip
    assert server.requests[0].query["state"] == "held"
    assert server.requests[0].query["q"] == "chain"
    assert json.loads(headgate("queue", "list", "--json").out) == [QUEUE]


def test_a_queue_is_shown_with_its_depth_drawn_on_a_terminal(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("GET", f"{PATH}/chain.decode", reply(DETAIL))

    shown = headgate.on_terminal("queue", "show", "chain.decode").out

    assert "▁▁▅██▁ 100 at most in 6 h" in shown
    assert "chain.blocks: 420.0 MB of 1.0 GB; drained at 500.0 MB" in shown
    assert "Resume chain.index." in shown
    assert "backpressure:chain.logs" in shown


def test_piped_it_is_lines_without_a_drawing(headgate: CommandLine, server: RecordedServer) -> None:
    server.on("GET", f"{PATH}/chain.decode", reply(DETAIL))

    lines = headgate("queue", "show", "chain.decode", "--hours", "1").out.splitlines()

    assert "waiting\t~12,000" in lines
    assert not any("█" in line for line in lines)
    assert any(line.startswith("workers\t7\tup\tlate\t12\t500\t9s") for line in lines)
    assert server.requests[0].query == {"hours": "1"}


def test_a_queue_that_is_not_there_is_not_found(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("GET", f"{PATH}/no.job", problem(404, "There is no job no.job."))

    done = headgate("queue", "show", "no.job")

    assert done.code == 3
    assert "There is no job no.job." in done.err


def test_a_queue_is_paused_and_resumed_as_its_job(
    headgate: CommandLine, server: RecordedServer
) -> None:
    for verb, paused in (("pause", True), ("resume", False)):
        path = f"/api/v1/jobs/chain.decode/{verb}"
        server.on("POST", path, reply({"job": "chain.decode", "paused": paused}))

        done = headgate("queue", verb, "chain.decode")

        assert done.out == f"job\tchain.decode\npaused\t{str(paused).lower()}\n"
        assert len(server.sent("POST", path)) == 1


def test_workers_are_listed_with_what_they_run(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("GET", "/api/v1/workers", page(WORKER))

    cells = headgate("queue", "workers").out.rstrip("\n").split("\t")

    assert cells[:6] == ["7", "up", "late", "12", "500", "9s"]
    assert cells[-1] == "chain.decode 12"


def test_without_workers_it_says_how_to_start_one(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("GET", "/api/v1/workers", page())

    assert "headgate worker" in headgate.on_terminal("queue", "workers").out
