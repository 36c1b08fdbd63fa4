"""Events, cascades and the lineage of datasets on the command line."""

import json
from typing import Any

from command_line import CommandLine
from recorded_server import RecordedServer, page, reply

API = "/api/v1"
EVENT: dict[str, Any] = {
    "id": 7,
    "dataset": "chain.blocks",
    "kind": "invalidate",
    "key": None,
    "range": [100, 110],
    "payload": None,
    "payload_bytes": 0,
    "payload_omitted": False,
    "at": "2026-11-20T10:00:00Z",
    "version": None,
    "producer_task": 3,
    "trace_id": None,
}
DETAIL = {
    **EVENT,
    "producer_job": "chain.follow",
    "source": None,
    "edited": False,
    "routed": True,
    "payload": {"event_id": 7, "text": '{"n": 1}', "bytes": 70_000, "truncated": True},
    "tasks": [{"id": 42, "job": "chain.decode", "state": "succeeded", "partition": "10"}],
    "more_tasks": True,
}
NONE = {"pending": 0, "running": 0, "done": 0, "dead": 0, "cancelled": 0}


def touched(dataset: str, *, stale: bool) -> dict[str, Any]:
    return {"dataset": dataset, "where": "[100, 110)", "units": 10, "stale": stale}


def node(id_: int, parents: list[int], job: str | None, **rest: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "parents": parents,
        "depth": len(parents) and 1,
        "job": job,
        "paused": False,
        "datasets": [],
        "tasks": NONE,
        "expected": None,
        "units_left": 0,
        "events_unrouted": 0,
        "at_rest": False,
        **rest,
    }


CASCADE = {
    "event": EVENT,
    "summary": "An invalidation of chain.blocks [100, 110) touched 2 datasets.",
    "nodes": [
        node(0, [], None, datasets=[touched("chain.blocks", stale=False)]),
        node(
            1,
            [0],
            "chain.decode",
            datasets=[touched("chain.txs", stale=True)],
            tasks={**NONE, "done": 41, "dead": 2},
        ),
        node(2, [1], "chain.sum", expected=3, paused=True, depth=2),
        node(3, [0], "chain.copy", units_left=9000),
    ],
    "left_out": ["What follows after hop 6 was not looked at."],
}


def lineage_node(id_: str, layer: int, **rest: Any) -> dict[str, Any]:
    kind, _, name = id_.partition(":")
    none = {"state": "idle", "running": 0, "waiting": 0, "dead": 0}
    return {"id": id_, "kind": kind, "name": name, "layer": layer, **none, **rest}


LINEAGE = {
    "dataset": "b",
    "nodes": [
        lineage_node("source:in", -3),
        lineage_node("dataset:a", -2, state="fresh"),
        lineage_node("job:one", -1, running=2),
        lineage_node("dataset:b", 0, state="stale"),
        lineage_node("job:two", 1, state="paused", waiting=1000),
        lineage_node("dataset:c", 2, state="fresh"),
    ],
    "edges": [
        {"source": "source:in", "target": "dataset:a"},
        {"source": "dataset:a", "target": "job:one"},
        {"source": "job:one", "target": "dataset:b"},
        {"source": "dataset:b", "target": "job:two"},
        {"source": "job:two", "target": "dataset:c"},
    ],
    "complete": False,
}


def test_a_list_asks_for_what_its_options_say(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("GET", f"{API}/events", page(EVENT))

    done = headgate(
        "event", "list", "--dataset", "chain.blocks", "--kind", "invalidate", "--range", "90:105",
        "--by-task", "3", "--since", "2026-11-20T00:00:00+00:00", "--limit", "5",
    )  # fmt: skip

    assert server.requests[0].query == {
        "dataset": "chain.blocks",
        "kind": "invalidate",
        "range": "90:105",
        "producer_task": "3",
        "since": "2026-11-20T00:00:00+00:00",
        "limit": "5",
    }
    assert done.out == "7\tinvalidate\tchain.blocks\t\t[100, 110]\t3\t2026-11-20T10:00:00Z\n"


def test_a_list_goes_on_behind_an_empty_page(headgate: CommandLine, server: RecordedServer) -> None:
    server.on("GET", f"{API}/events", page(next_cursor="x"), page(EVENT))

    done = headgate("event", "list", "--json")

    assert [event["id"] for event in json.loads(done.out)] == [7]


def test_an_event_is_shown_with_its_payload_and_its_tasks(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("GET", f"{API}/events/7", reply(DETAIL))

    piped = headgate("event", "show", "7")
    shown = headgate.on_terminal("event", "show", "7").out

    assert "by\ttask 3\n" in piped.out
    assert "tasks\t42\tchain.decode\tsucceeded\t10\n" in piped.out
    assert "headgate event cascade 7" in piped.err
    assert '{"n": 1}' in shown
    assert "The payload has 70,000 bytes: this is its start." in shown


def test_a_cascade_is_a_tree_on_a_terminal(headgate: CommandLine, server: RecordedServer) -> None:
    server.on("GET", f"{API}/events/7/cascade", reply(CASCADE))

    shown = headgate.on_terminal("event", "cascade", "7").out

    assert shown.splitlines() == [
        "chain.blocks [100, 110)",
        "├─ chain.decode → chain.txs [100, 110) (stale): 41 done, 2 dead",
        "│  └─ chain.sum: 3 to come, paused",
        "└─ chain.copy: 9,000 units left of a backfill",
        CASCADE["summary"],
        "What follows after hop 6 was not looked at.",
    ]


def test_a_piped_cascade_is_a_line_for_each_node(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("GET", f"{API}/events/7/cascade", reply(CASCADE))

    done = headgate("event", "cascade", "7", "--depth", "2")

    assert server.requests[0].query == {"depth": "2"}
    assert (
        done.out.splitlines()[1] == "1\tchain.decode\tchain.txs [100, 110) (stale)\t41\t0\t0\t2\t0"
    )
    assert json.loads(headgate("event", "cascade", "7", "--json").out) == CASCADE


def test_the_lineage_of_a_dataset_is_two_trees(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("GET", f"{API}/datasets/b/lineage", reply(LINEAGE))

    shown = headgate.on_terminal("dataset", "lineage", "b").out
    piped = headgate("dataset", "lineage", "b", "--up", "1", "--down", "0")

    assert shown.splitlines() == [
        "b (stale)",
        "made from",
        "└─ one (idle: 2 running)",
        "   └─ a",
        "      └─ in (source)",
        "read by",
        "└─ two (paused: 1,000 waiting)",
        "   └─ c",
        "There is more: see it with a higher --up or --down.",
    ]
    assert server.requests[-1].query == {"up": "1", "down": "0"}
    assert piped.out.splitlines()[-1] == "2\tdataset\tc\tfresh"


def test_only_stale_datasets_are_listed_when_asked_for(
    headgate: CommandLine, server: RecordedServer
) -> None:
    server.on("GET", f"{API}/datasets", page())

    headgate("dataset", "list", "--stale", "--name", "chain")

    assert server.requests[0].query == {"q": "chain", "stale": "true", "limit": "100"}


def test_an_event_is_sent_to_a_source(headgate: CommandLine, server: RecordedServer) -> None:
    sent = reply({"event_id": 9, "duplicate": False}, status=202)
    server.on("POST", f"{API}/sources/shop/orders/events", sent)

    done = headgate(
        "event", "send", "shop.orders", "--key", "order-17", "--payload", '{"total": 12}',
        "--once", "order-17/1",
    )  # fmt: skip

    assert server.requests[0].json == {
        "key": "order-17",
        "payload": {"total": 12},
        "idempotency_key": "order-17/1",
    }
    assert "headgate event cascade 9" in done.err


def test_what_is_no_json_is_not_sent(headgate: CommandLine, server: RecordedServer) -> None:
    done = headgate("event", "send", "shop.orders", "--key", "a", "--payload", "{total: 12}")

    assert done.code == 2
    assert "that is no JSON" in done.err
    assert not server.requests
