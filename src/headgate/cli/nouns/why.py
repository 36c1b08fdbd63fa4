"""`headgate why`: why something ran, waits or is stale, what it waits for, and what to do."""

from collections.abc import Iterable

import click

from headgate.cli.client import Client
from headgate.cli.nouns.part import dataset_path, part_body, part_options
from headgate.cli.options import examples, talks_to_server
from headgate.cli.output import Column, Item, Output, Section

_REASON = (
    Column("CODE", "code", "name"),
    Column("FOR", "since", "age"),
    Column("WHY", "text"),
    Column("WHAT TO DO", "do"),
)
_TASK = (
    Column("task", "task_id"),
    Column("job", "job"),
    Column("state", "state"),
    Column("in short", "summary"),
)
_EVENT = (
    Column("event", lambda why: why["event"]["id"]),
    Column("dataset", lambda why: why["event"]["dataset"]),
    Column("routed", "routed"),
    Column("in short", "summary"),
)
_COVERING = (
    Column("TASK", "id", "number"),
    Column("JOB", "job", "name"),
    Column("STATE", "state", "name"),
    Column("PARTITION", "partition"),
    Column("EVENTS", "events", "number"),
)
_DATASET = (
    Column("dataset", "dataset"),
    Column("where", "where"),
    Column("fresh", "fresh"),
    Column("stale since", "since", "time"),
    Column("in short", "summary"),
)
_CAUSE = (
    Column("EVENT", "id", "number"),
    Column("DATASET", "dataset", "name"),
    Column("KIND", "kind", "name"),
    Column("KEY", "key"),
    Column("RANGE", "range"),
    Column("BY TASK", "producer_task", "number"),
    Column("AGE", "at", "age"),
)


def _named(node: Item) -> str:
    return f"{'  ' * node['depth']}{node['dataset']}"


def _texts(reasons: Iterable[Item]) -> str:
    return " ".join(str(reason["text"]) for reason in reasons)


def _stale(node: Item) -> str:
    if node["fresh"]:
        return "fresh"
    if node["stale_whole"]:
        return "all of it"
    ranges = ", ".join(f"[{low:,}, {high:,})" for low, high in node["stale_ranges"])
    return ", ".join([*([ranges] if ranges else []), *node["stale_keys"]])


_NODE = (
    Column("DATASET", _named, "name"),
    Column("STALE", _stale),
    Column("FOR", "since", "age"),
    Column("UNDER WAY", lambda node: _texts(node["under_way"])),
    Column("BLOCKED BY", lambda node: _texts(node["blocked_by"])),
    Column("WHAT TO DO", lambda node: " ".join(r["do"] for r in node["blocked_by"] if r["do"])),
)


@click.group("why", epilog=examples("headgate why task 42"))
def why_command() -> None:
    """Explain why a task, an event or a dataset is as it is."""


@why_command.command("task", epilog=examples("headgate why task 42"))
@click.argument("task_id", metavar="ID", type=int)
@talks_to_server
def task(*, client: Client, output: Output, task_id: int) -> None:
    """Explain why a task came to be, why it does not run, how it ended."""
    found = client.get(f"/tasks/{task_id}/why")
    output.thing(
        found,
        _TASK,
        [
            Section("waits", found["waits"], _REASON),
            Section("ended", found["ends"], _REASON),
            Section("came from", found["causes"], _REASON),
            *(
                Section(f"upstream: {one['dataset']}", one["chain"], _NODE)
                for one in found["upstream"]
            ),
        ],
    )


@why_command.command("event", epilog=examples("headgate why event 7"))
@click.argument("event_id", metavar="ID", type=int)
@talks_to_server
def event(*, client: Client, output: Output, event_id: int) -> None:
    """Explain what became of an event: its tasks, or why there are none."""
    found = client.get(f"/events/{event_id}/why")
    output.thing(
        found,
        _EVENT,
        [
            Section("waits", found["waits"], _REASON),
            Section("tasks", found["tasks"], _COVERING),
            Section("not for", found["not_for"], _REASON),
        ],
    )


@why_command.command(
    "dataset",
    epilog=examples(
        "headgate why dataset creative.output", "headgate why dataset chain.blocks --range 10:20"
    ),
)
@click.argument("name", metavar="NAME")
@part_options
@talks_to_server
def dataset(
    *,
    client: Client,
    output: Output,
    name: str,
    key: str | None,
    range_: tuple[int, int] | None,
) -> None:
    """Explain how fresh a dataset is, up to what keeps it stale."""
    part_body(key, range_)  # refuses both at once
    found = client.get(
        dataset_path(name, "/why"),
        key=key,
        range=None if range_ is None else f"{range_[0]}:{range_[1]}",
    )
    output.thing(
        found,
        _DATASET,
        [
            Section("from here up", found["chain"], _NODE),
            Section("made stale by", found["caused_by"], _CAUSE),
        ],
    )
    if not found["complete"] and not output.as_json:
        output.note("There is more upstream: ask for one of the last datasets shown.")
