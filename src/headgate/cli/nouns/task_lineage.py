"""`headgate task lineage`: what a task was made from, and what was made from it."""

from collections.abc import Sequence

import click

from headgate.cli.client import Client
from headgate.cli.options import examples, talks_to_server
from headgate.cli.output import Column, Item, Output, Section

_MOST_HOPS = 10
_SHOWN = 3


def _events(events: Sequence[Item], more: int) -> str | None:
    """Write the first events as places, and how many more there are."""
    shown = ", ".join(_place(event) for event in events[:_SHOWN])
    rest = more + max(0, len(events) - _SHOWN)
    return f"{shown} and {rest:,} more" if rest else shown or None


def _place(event: Item) -> str:
    span = event["range"]
    where = event["key"] if span is None else f"[{span[0]:,}, {span[1]:,})"
    version = f" at version {event['version']}" if event["version"] else ""
    return f"{event['dataset']} {where or ''}".rstrip() + version


_TASK = (
    Column("HOP", "hop", "number"),
    Column("TASK", "id", "number"),
    Column("JOB", "job", "name"),
    Column("STATE", "state", "name"),
    Column("MADE FROM", lambda t: _events(t["inputs"], t["inputs_in_all"] - len(t["inputs"]))),
    Column("EMITTED", lambda t: _events(t["outputs"], int(t["more_outputs"]))),
)
_FIELDS = (Column("task", "task_id"),)


@click.command("lineage", epilog=examples("headgate task lineage 42 --depth 5"))
@click.argument("task_id", metavar="ID", type=int)
@click.option(
    "--depth",
    type=click.IntRange(1, _MOST_HOPS),
    default=3,
    show_default=True,
    help="How many hops up and down.",
)
@talks_to_server
def lineage(*, client: Client, output: Output, task_id: int, depth: int) -> None:
    """Show what a task was made from (hops below 0), and what was made from it."""
    found = client.get(f"/tasks/{task_id}/lineage", depth=depth)
    output.thing(found, _FIELDS, [Section("tasks", found["tasks"], _TASK)])
    if not found["complete"] and not output.as_json:
        output.note("There is more: see it with a higher --depth, or from one of the last tasks.")
