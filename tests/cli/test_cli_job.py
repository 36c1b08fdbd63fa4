"""Jobs on the command line, and the graph of a DAG as text."""

import json
from typing import Any

import pytest
from command_line import CommandLine
from recorded_server import RecordedServer, page, problem, reply

JOBS = "/api/v1/jobs"
JOB = "chain.decode"
SUMMARY = {
    "job": JOB,
    "dag": "chain",
    "operator": "chain.decode",
    "strategy": "PerPartition",
    "state": "running",
    "paused": False,
    "held": False,
    "waiting": 7,
    "running": 2,
    "dead_letters": 1,
    "recent": [
        {"outcome": outcome, "seconds": 1.5}
        for outcome in ("succeeded", "skipped", "retried", "lost", "dead", "snoozed")
    ],
    "p50_seconds": 0.25,
    "p95_seconds": 93.0,
}
SPEC = {
    "description": "",
    "operator": "chain.decode",
    "strategy": "PerPartition",
    "update_strategy": "replace",
    "partition_size": 10,
    "inputs": [
        {
            "dataset": "chain.raw",
            "whole": False,
            "segments": None,
            "first": -2,
            "last": 0,
            "max_rows": 10_000,
            "max_units": None,
            "max_bytes": None,
            "max_age_seconds": 120.0,
        }
    ],
    "outputs": ["chain.blocks"],
    "failures": None,
    "runtime": "in_process",
    "limits": {},
    "params": {},
    "priority": 0,
    "max_concurrency": None,
    "timeout_seconds": 300.0,
    "max_attempts": 3,
    "rate_per_second": 2.5,
    "rate_burst": 4,
    "debounce_quiet_seconds": 1.0,
    "debounce_max_wait_seconds": 30.0,
    "memo": False,
    "schedules": [],
}
DETAIL = {
    "job": JOB,
    "version": 3,
    "text": "2 tasks running, 7 tasks waiting.",
    "partitioning": "range",
    "spec": SPEC,
    "timing": {"attempts": 40, "failed": 2, "p50_seconds": 0.25, "p95_seconds": 93.0},
    "recent_tasks": [],
    "backfills": [],
    "holds": [
        {
            "text": "Too much of chain.blocks waits for chain.index.",
            "do": "Resume chain.index.",
            "since": None,
        }
    ],
}
DONE: dict[str, Any] = {
    "job": JOB,
    "dry_run": False,
    "event_id": 9,
    "dataset": "chain.raw",
    "key": None,
    "range": [0, 20],
    "payload_of": None,
    "tasks": 2,
    "by_backfill": False,
    "backfill": None,
    "text": "2 tasks of chain.decode run over [0, 20).",
}


def why(*, routed: bool = True, waits: tuple[str, ...] = (), states: tuple[str, ...] = ()) -> Any:
    return reply(
        {
            "routed": routed,
            "waits": [{"code": code} for code in waits],
            "tasks": [{"state": state} for state in states],
        }
    )


def cells(**states: int) -> Any:
    cell = {"low": 0, "high": 20, "waiting": 0, "running": 0, "dead": 0, **states}
    return reply({"cells": [cell]})


def test_jobs_are_listed_with_their_last_attempts(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("GET", JOBS, page(SUMMARY))

    done = headgate("job", "list", "--dag", "chain")

    assert done.out.split("\t")[:8] == [
        JOB,
        "running",
        "7",
        "2",
        "1",
        "++rlx.",
        "250 ms",
        "1.55 min",
    ]
    assert server.requests[0].query["dag"] == "chain"
    assert json.loads(headgate("job", "list", "--json").out) == [SUMMARY]


def test_a_job_is_shown_with_what_it_reads_and_why_it_is_held(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("GET", f"{JOBS}/{JOB}", reply(DETAIL))

    out = headgate("job", "show", JOB).out

    assert "now\t2 tasks running, 7 tasks waiting.\n" in out
    assert "rate\t2.5 a second, 4 at once\n" in out
    assert "debounce\t1 s of quiet, 30 s at most\n" in out
    assert "took\t250 ms (p95 1.55 min), 2 of the last 40 attempts failed\n" in out
    assert "reads\tchain.raw\tfor n, -2 to +0\t10000 rows, 2 min\n" in out
    assert "held\tToo much of chain.blocks waits for chain.index.\tResume chain.index.\t\n" in out
    assert "Too much of chain.blocks" in headgate.on_terminal("job", "show", JOB).out


def test_a_job_that_is_not_there_is_not_found(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("GET", f"{JOBS}/a.b", problem(404, "There is no job a.b."))

    assert headgate("job", "show", "a.b").code == 3


@pytest.mark.parametrize("verb", ["pause", "resume"])
def test_a_job_is_paused_and_resumed(
    headgate: CommandLine, server: RecordedServer, verb: str
) -> None:
    server.on("POST", f"{JOBS}/{JOB}/{verb}", reply({"job": JOB, "paused": verb == "pause"}))

    assert f"paused\t{'true' if verb == 'pause' else 'false'}\n" in headgate("job", verb, JOB).out


def test_a_range_is_processed_and_the_event_named(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("POST", f"{JOBS}/{JOB}/process", reply(DONE))

    done = headgate("job", "process", JOB, "--range", "0:20", "--dry-run")

    assert done.code == 0
    assert "event\t9\n" in done.out
    assert server.requests[0].json == {"range": [0, 20], "dry_run": True}


@pytest.mark.parametrize("part", [[], ["--key", "x", "--range", "0:1"], ["--range", "9:1"]])
def test_one_part_must_be_named(
    headgate: CommandLine, server: RecordedServer, part: list[str]
) -> None:
    assert headgate("job", "process", JOB, *part).code == 2
    assert server.requests == []


def test_waiting_ends_when_nothing_of_the_range_waits_or_runs(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("POST", f"{JOBS}/{JOB}/process", reply(DONE))
    server.on("GET", "/api/v1/events/9/why", why(routed=False), why())
    server.on("GET", f"{JOBS}/{JOB}/partitions", cells(waiting=20), cells())

    assert headgate("job", "process", JOB, "--range", "0:20", "--wait").code == 0

    looks = server.sent("GET", f"{JOBS}/{JOB}/partitions")
    assert [look.query for look in looks] == [{"from": "0", "to": "20", "cells": "1"}] * 2


def test_waiting_fails_when_some_of_it_did(headgate: CommandLine, server: RecordedServer) -> None:
    server.on("POST", f"{JOBS}/{JOB}/process", reply(DONE))
    server.on("GET", "/api/v1/events/9/why", why())
    server.on("GET", f"{JOBS}/{JOB}/partitions", cells(dead=10))
    ranged = headgate("job", "process", JOB, "--range", "0:20", "--wait")
    server.on("POST", f"{JOBS}/{JOB}/process", reply({**DONE, "range": None, "key": "x"}))
    server.on("GET", "/api/v1/events/9/why", why(states=("running",)), why(states=("dead",)))
    keyed = headgate("job", "process", JOB, "--key", "x", "--wait")
    server.on("GET", "/api/v1/events/9/why", why(waits=("backfill_cancelled",)))
    cancelled = headgate("job", "process", JOB, "--key", "x", "--wait")

    assert (ranged.code, keyed.code, cancelled.code) == (1, 1, 1)
    assert "10 units of it failed." in ranged.err
    assert "1 task of it failed." in keyed.err
    assert "cancelled the backfill" in cancelled.err


NODE = {"dag": "chain", "job": None, "dataset": None, "group": None}
GRAPH = {
    "dag": "chain",
    "version": 3,
    "nodes": [
        {**NODE, "id": "dataset:x.raw", "kind": "dataset", "label": "x.raw", "dag": "x"}
        | {"layer": 0, "y": 0},
        {**NODE, "id": "source:chain.in", "kind": "source", "label": "in", "layer": 0, "y": 9},
        {**NODE, "id": "dataset:c", "kind": "dataset", "label": "c", "layer": 2, "y": 0}
        | {"dataset": {"stale": True}},
        {**NODE, "id": "job:chain.j", "kind": "job", "label": "j", "layer": 1, "y": 0}
        | {"job": {"state": "idle", "dead_letters": 1, "text": "Open: 1 dead letter."}},
    ],
    "edges": [
        {"from_id": "dataset:x.raw", "to_id": "job:chain.j", "kind": "shifted"},
        {"from_id": "source:chain.in", "to_id": "job:chain.j", "kind": "input"},
        {"from_id": "job:chain.j", "to_id": "dataset:c", "kind": "output"},
    ],
}


def test_a_graph_is_printed_layer_by_layer(headgate: CommandLine, server: RecordedServer) -> None:
    server.on("GET", "/api/v1/dags/chain/graph", reply(GRAPH))

    assert headgate("dag", "show", "chain", "--graph").out.splitlines() == [
        "chain version 3",
        "",
        "  1  ◌ x.raw",
        "     ▶ in",
        "  2  ● j  ← x.raw (shifted), in  - Open: 1 dead letter.",
        "  3  ○ c  ← j  - stale",
    ]
    assert json.loads(headgate("dag", "show", "chain", "--graph", "--json").out) == GRAPH
    assert headgate("dag", "show", "chain", "--graph", "--source").code == 2


def test_diff_is_another_name_for_plan(headgate: CommandLine, server: RecordedServer) -> None:
    server.on("POST", "/api/v1/dags/plan", reply({"dag": "a", "text": "no changes"}))
    (headgate.folder / "dag.yaml").write_text("dag: a\n", encoding="utf-8")

    assert headgate("dag", "diff", "dag.yaml").out == "no changes\n"
