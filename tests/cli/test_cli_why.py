"""Why, datasets and lineage on the command line."""

import json
import subprocess
import sys

import pytest
from command_line import CommandLine
from recorded_server import RecordedServer, problem, reply

_LINEAGE = "from headgate.cli.nouns.task_lineage import lineage; lineage()"
API = "/api/v1"
PAUSED = {
    "code": "job_paused",
    "text": "The job d.first is paused.",
    "do": "Resume the job.",
    "since": None,
    "until": None,
    "about": [{"kind": "job", "name": "d.first"}],
}
EVENT = {
    "id": 7,
    "dataset": "d.a",
    "kind": "update",
    "key": None,
    "range": [10, 20],
    "at": "2026-11-20T10:00:00Z",
    "version": "v1",
    "producer_task": None,
    "producer_job": None,
    "source": "d.in",
    "edited": False,
}
NODE = {
    "dataset": "d.b",
    "depth": 0,
    "where": "all of it",
    "fresh": False,
    "since": "2026-11-20T10:00:00Z",
    "stale_ranges": [[10, 20], [40, 41]],
    "stale_keys": [],
    "stale_whole": False,
    "producer": "d.first",
    "under_way": [],
    "blocked_by": [PAUSED],
}
DATASET_WHY = {
    "dataset": "d.b",
    "where": "all of it",
    "fresh": False,
    "since": "2026-11-20T10:00:00Z",
    "summary": "d.b is stale in [10, 20). The job d.first is paused.",
    "caused_by": [EVENT],
    "chain": [NODE, {**NODE, "dataset": "d.a", "depth": 1, "blocked_by": []}],
    "complete": False,
}
TASK_WHY = {
    "task_id": 42,
    "job": "d.first",
    "state": "pending",
    "summary": "The job d.first is paused.",
    "causes": [{**PAUSED, "code": "update", "text": "Event 7, an update of d.a.", "do": ""}],
    "waits": [PAUSED],
    "upstream": [DATASET_WHY],
    "ends": [],
    "events": [EVENT],
}
IMPACT = {
    "dataset": "d.a",
    "where": "[10, 20)",
    "datasets": [
        {"dataset": "d.b", "where": "[10, 20)", "ranges": [[10, 20]], "key": None, "below": False}
    ],
    "jobs": [
        {
            "job": "d.first",
            "replaces": True,
            "level": 1,
            "where": "[10, 20)",
            "tasks": 3,
            "seconds_each": 2.0,
            "seconds": 6.0,
            "paused": False,
        }
    ],
    "tasks": 3,
    "tasks_known": True,
    "seconds": 6.0,
    "seconds_known": True,
    "summary": "1 dataset becomes stale; 3 tasks of 1 job run, in about 6 s of 1 slot.",
    "complete": True,
}


def test_a_task_tells_what_it_waits_for_and_what_to_do(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("GET", f"{API}/tasks/42/why", reply(TASK_WHY))

    done = headgate("why", "task", "42")

    assert done.code == 0
    assert "in short\tThe job d.first is paused.\n" in done.out
    assert "waits\tjob_paused\t\tThe job d.first is paused.\tResume the job.\n" in done.out
    assert "came from\tupdate\t\tEvent 7, an update of d.a.\t\n" in done.out
    assert "upstream: d.b\td.b\t" in done.out


def test_on_a_terminal_empty_parts_are_left_out(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("GET", f"{API}/tasks/42/why", reply({**TASK_WHY, "upstream": []}))

    shown = headgate.on_terminal("why", "task", "42").out

    assert "WHAT TO DO" in shown
    assert "ended" not in shown
    assert "upstream" not in shown


def test_an_event_tells_its_tasks_and_who_got_nothing(
    headgate: CommandLine, server: RecordedServer
) -> None:
    task = {"id": 42, "job": "d.first", "state": "pending", "partition": "1", "events": 3}
    found = {
        "event": EVENT,
        "routed": True,
        "summary": "Event 7 went to 1 task.",
        "waits": [],
        "tasks": [{**task, "evs": "{[7,8)}"}],
        "not_for": [PAUSED],
    }
    server.on("GET", f"{API}/events/7/why", reply(found))

    done = headgate("why", "event", "7")

    assert "routed\ttrue\n" in done.out
    assert "tasks\t42\td.first\tpending\t1\t3\n" in done.out
    assert "not for\tjob_paused" in done.out


def test_a_dataset_is_a_tree_of_one_line_each(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("GET", f"{API}/datasets/d.b/why", reply(DATASET_WHY))

    done = headgate("why", "dataset", "d.b", "--range", "10:20")

    assert server.requests[0].query == {"range": "10:20"}
    lines = [line.split("\t") for line in done.out.splitlines() if line.startswith("from here up")]
    assert [cells[1] for cells in lines] == ["d.b", "  d.a"]
    assert lines[0][2] == "[10, 20), [40, 41)"
    assert "made stale by\t7\td.a\tupdate\t\t[10, 20]\t\t2026" in done.out
    assert "There is more upstream" in done.err


def test_why_as_json_is_the_api_s_own(headgate: CommandLine, server: RecordedServer) -> None:
    server.on("GET", f"{API}/datasets/d.b/why", reply(DATASET_WHY))

    done = headgate("why", "dataset", "d.b", "--key", "x", "--json")

    assert json.loads(done.out) == DATASET_WHY
    assert done.err == ""
    assert server.requests[0].query == {"key": "x"}


@pytest.mark.parametrize(
    "args",
    [
        ("why", "dataset", "d.b", "--range", "10"),
        ("why", "dataset", "d.b", "--range", "20:10"),
        ("why", "dataset", "d.b", "--range", "1:2", "--key", "x"),
        ("dataset", "impact", "d.b", "--range", "x:y"),
        ("dataset", "invalidate", "d.b"),
    ],
)
def test_a_part_that_is_none_is_a_usage_error(
    headgate: CommandLine, server: RecordedServer, args: tuple[str, ...]
) -> None:
    assert headgate(*args).code == 2
    assert server.requests == []


def test_datasets_are_listed_with_their_freshness(
    headgate: CommandLine, server: RecordedServer
) -> None:
    one = {
        "name": "d.b",
        "stale_since": "2026-11-20T10:00:00Z",
        "stale_units": 12,
        "stale_keys": 0,
        "unit": "block",
        "last_event_at": "2026-11-20T10:00:00Z",
        "producer": "d.first",
        "producer_state": "paused",
        "consumer_count": 1,
        "sink": {"job": "d.sink-d-b", "lag_seconds": 3.2},
    }
    fresh = {**one, "name": "d.c", "stale_since": None, "sink": None}
    server.on("GET", f"{API}/datasets", reply({"items": [one, fresh], "next_cursor": None}))

    lines = [line.split("\t") for line in headgate("dataset", "list").out.splitlines()]

    assert [cells[:2] for cells in lines] == [["d.b", "stale"], ["d.c", "fresh"]]
    assert lines[0][3] == "12 blocks"
    assert lines[0][5:] == ["d.first", "paused", "1", "3 s"]


def test_a_dataset_is_shown_with_its_last_events(
    headgate: CommandLine, server: RecordedServer
) -> None:
    found = {
        "name": "d.b",
        "stale_since": None,
        "sink": None,
        "producer": "d.first",
        "events": [EVENT],
        "invalidations": [{**EVENT, "id": 8, "kind": "invalidate"}],
    }
    server.on("GET", f"{API}/datasets/d.b", reply(found))

    done = headgate("dataset", "show", "d.b")

    assert "fresh\tfresh\n" in done.out
    assert "events\t7\tupdate\t\t[10, 20]\t\t2026" in done.out
    assert "invalidations\t8\tinvalidate" in done.out


def test_an_impact_is_told_by_job(headgate: CommandLine, server: RecordedServer) -> None:
    server.on("POST", f"{API}/datasets/d.a/impact", reply(IMPACT))

    done = headgate("dataset", "impact", "d.a", "--range", "10:20")

    assert server.requests[0].json == {"range": [10, 20]}
    assert "tasks\t3\n" in done.out
    assert "time\t6.00 s\n" in done.out
    assert "stale\td.b\t[10, 20)\n" in done.out
    assert "runs\td.first\tmakes anew\t0\t3\t6.00 s\t\t[10, 20)\n" in done.out


def test_a_dry_run_invalidates_nothing(headgate: CommandLine, server: RecordedServer) -> None:
    server.on("POST", f"{API}/datasets/d.a/impact", reply(IMPACT))

    done = headgate("dataset", "invalidate", "d.a", "--key", "x", "--dry-run")

    assert done.code == 0
    assert [request.path for request in server.requests] == [f"{API}/datasets/d.a/impact"]


def test_an_invalidation_asks_with_its_impact(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("POST", f"{API}/datasets/d.a/impact", reply(IMPACT))
    server.on("POST", f"{API}/datasets/d.a/invalidate", reply({"event_id": 9, "impact": IMPACT}))
    args = ("dataset", "invalidate", "d.a", "--range", "10:20")

    refused = headgate.on_terminal(*args, typed="n\n")
    assert refused.code == 1
    assert "3 tasks of 1 job run" in refused.out
    assert server.sent("POST", f"{API}/datasets/d.a/invalidate") == []
    assert headgate(*args).code == 2, "there is nobody to ask"
    done = headgate(*args, "--yes")
    assert (done.code, done.out) == (0, "9\n")
    (sent,) = server.sent("POST", f"{API}/datasets/d.a/invalidate")
    assert sent.json == {"range": [10, 20]}
    assert sent.headers["idempotency-key"]


def test_names_are_quoted_in_the_path(headgate: CommandLine, server: RecordedServer) -> None:
    server.on("GET", f"{API}/datasets/../tasks/why", problem(404, "There is no such dataset."))

    done = headgate("why", "dataset", "../tasks")

    assert done.code == 3
    assert "no such dataset" in done.err


def test_lineage_shows_what_a_task_was_made_from_and_what_it_emitted(
    headgate: CommandLine, server: RecordedServer
) -> None:
    task = {
        "id": 42,
        "job": "d.first",
        "state": "succeeded",
        "partition": None,
        "hop": 0,
        "inputs": [EVENT] * 4,
        "inputs_in_all": 12,
        "outputs": [{**EVENT, "dataset": "d.b", "range": None, "key": "x", "version": None}],
        "more_outputs": False,
    }
    found = {"task_id": 42, "tasks": [task], "reads": [], "complete": False}
    server.on("GET", f"{API}/tasks/42/lineage", reply(found))

    done = subprocess.run(
        [sys.executable, "-c", _LINEAGE, "42", "--depth", "2"],
        env=headgate.environment,
        cwd=headgate.folder,
        capture_output=True,
        text=True,
        check=True,
    )

    assert server.requests[0].query == {"depth": "2"}
    cells = done.stdout.splitlines()[-1].split("\t")
    assert cells[:5] == ["tasks", "0", "42", "d.first", "succeeded"]
    assert cells[5] == ", ".join(["d.a [10, 20) at version v1"] * 3) + " and 9 more"
    assert cells[6] == "d.b x"
    assert "--depth" in done.stderr


def test_backfills_are_listed_and_stopped(headgate: CommandLine, server: RecordedServer) -> None:
    backfill = {
        "id": 3,
        "job": "d.first",
        "event_id": 7,
        "total": 1000,
        "remaining": 400,
        "paused": False,
        "created_at": "2026-11-20T10:00:00Z",
        "cancelled_at": None,
    }
    stopped = {**backfill, "cancelled_at": "2026-11-20T11:00:00Z"}
    server.on("GET", f"{API}/backfills", reply({"items": [backfill], "next_cursor": None}))
    server.on("POST", f"{API}/backfills/3/cancel", reply(stopped))
    server.on("POST", f"{API}/backfills/3/resume", reply(backfill))

    listed = headgate("backfill", "list", "--job", "d.first").out.split("\t")

    assert listed[:6] == ["3", "d.first", "under way", "400", "1000", "7"]
    assert "state\tcancelled\n" in headgate("backfill", "cancel", "3").out
    assert "state\tunder way\n" in headgate("backfill", "resume", "3").out
