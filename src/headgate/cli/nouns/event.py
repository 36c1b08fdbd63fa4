"""`headgate event`: what happened, what followed from it, and making something happen."""

import json
import sys
from typing import Any
from urllib.parse import quote

import click

from headgate.cli.client import Client
from headgate.cli.nouns.event_tree import tree_lines
from headgate.cli.nouns.moment import moment
from headgate.cli.nouns.part import part_body, part_options
from headgate.cli.options import examples, limit_option, say_if_more, talks_to_server
from headgate.cli.output import Column, Item, Output, Section
from headgate.cli.output.values import lines_of

_MOST_DEPTH = 10


def _producer(event: Item) -> str | None:
    if event["producer_task"] is not None:
        return f"task {event['producer_task']}"
    return event.get("source")


_ROW = (
    Column("EVENT", "id", "number"),
    Column("KIND", "kind", "name"),
    Column("DATASET", "dataset", "name"),
    Column("KEY", "key", "key"),
    Column("RANGE", "range", "name"),
    Column("BY TASK", "producer_task", "number"),
    Column("AGE", "at", "age"),
)
_FIELDS = (
    Column("event", "id"),
    Column("kind", "kind"),
    Column("dataset", "dataset"),
    Column("key", "key"),
    Column("range", "range"),
    Column("at", "at", "time"),
    Column("by", _producer),
    Column("job", "producer_job"),
    Column("version", "version"),
    Column("trace", "trace_id"),
    Column("routed", "routed"),
)
_TASK = (
    Column("TASK", "id", "number"),
    Column("JOB", "job", "name"),
    Column("STATE", "state", "name"),
    Column("PARTITION", "partition", "key"),
)


@click.group("event", epilog=examples("headgate event list --kind invalidate"))
def event_command() -> None:
    """List events and what followed from each; send one."""


@event_command.command(
    "list",
    epilog=examples(
        "headgate event list --dataset creative.brief",
        "headgate event list --kind invalidate --since 2h",
        "headgate event list --dataset chain.blocks --range 100:110 --json",
    ),
)
@click.option("--dataset", metavar="NAME", help="Only events of this dataset.")
@click.option("--kind", type=click.Choice(("update", "invalidate")), help="Only this kind.")
@click.option("--by-task", metavar="ID", type=int, help="Only what this task emitted.")
@click.option("--since", metavar="TIME", callback=moment, help="Only from then on: a time, or 2h.")
@click.option("--until", metavar="TIME", callback=moment, help="Only before: a time, or 7d.")
@part_options
@limit_option(50)
@talks_to_server
def list_events(
    *,
    client: Client,
    output: Output,
    dataset: str | None,
    kind: str | None,
    by_task: int | None,
    since: str | None,
    until: str | None,
    key: str | None,
    range_: tuple[int, int] | None,
    limit: int,
) -> None:
    """List events, the newest first. A --key is how the key begins, a --range meets the event's."""
    events = client.list(
        "/events",
        limit=limit,
        dataset=dataset,
        kind=kind,
        key=key,
        range=None if range_ is None else f"{range_[0]}:{range_[1]}",
        producer_task=by_task,
        since=since,
        until=until,
    )
    output.items(events, _ROW, empty="There are no such events.")
    say_if_more(output, events)


@event_command.command("show", epilog=examples("headgate event show 7"))
@click.argument("event_id", metavar="ID", type=int)
@talks_to_server
def show(*, client: Client, output: Output, event_id: int) -> None:
    """Show one event: where it came from, its payload, the tasks that it went to."""
    found = client.get(f"/events/{event_id}")
    output.thing(found, _FIELDS, [Section("tasks", found["tasks"], _TASK)])
    if output.as_json:
        return
    if found["payload"] is not None and output.on_terminal:
        output.line()
        output.line("payload")
        for line in lines_of(found["payload"]["text"]):
            output.line(line)
        if found["payload"]["truncated"]:
            output.note(f"The payload has {found['payload']['bytes']:,} bytes: this is its start.")
    if found["more_tasks"]:
        output.note(f"It went to more tasks: `headgate event cascade {event_id}` counts them.")


@event_command.command("cascade", epilog=examples("headgate event cascade 7 --depth 3"))
@click.argument("event_id", metavar="ID", type=int)
@click.option(
    "--depth",
    type=click.IntRange(1, _MOST_DEPTH),
    default=6,
    show_default=True,
    help="How many hops down.",
)
@talks_to_server
def cascade(*, client: Client, output: Output, event_id: int, depth: int) -> None:
    """Show what followed from an event: the jobs that ran or wait because of it, as a tree."""
    found = client.get(f"/events/{event_id}/cascade", depth=depth)
    if output.as_json:
        output.json(found)
        return
    for line in tree_lines(found, on_terminal=output.on_terminal):
        output.line(line)
    output.note(found["summary"])
    for text in found["left_out"]:
        output.note(text)


def _payload(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> tuple[Any, ...]:
    """Return the JSON in one, or nothing where the option was not given."""
    if value is None:
        return ()
    text = sys.stdin.read() if value == "-" else value
    try:
        return (json.loads(text),)
    except json.JSONDecodeError as error:
        raise click.BadParameter(f"that is no JSON: {error}.", context, parameter) from error


@event_command.command(
    "send",
    epilog=examples(
        "headgate event send shop.orders --key order-17 --payload '{\"total\": 12}'",
        "headgate event send chain.blocks --range 100:110",
        "headgate event send shop.orders --key order-17 --payload - < order.json",
    ),
)
@click.argument("source", metavar="DAG.SOURCE")
@part_options
@click.option("--payload", metavar="JSON", callback=_payload, help="What it says; - reads it.")
@click.option("--once", metavar="KEY", help="The same key again makes no second event.")
@talks_to_server
def send(
    *,
    client: Client,
    output: Output,
    source: str,
    key: str | None,
    range_: tuple[int, int] | None,
    payload: tuple[Any, ...],
    once: str | None,
) -> None:
    """Send an event to an HTTP source, as whoever calls it would."""
    dag, dot, name = source.partition(".")
    if not (dag and dot and name):
        raise click.UsageError(f"{source!r} is no source: write its DAG and its name, as a.b.")
    body = part_body(key, range_)
    if payload:
        body["payload"] = payload[0]
    if once:
        body["idempotency_key"] = once
    path = f"/sources/{quote(dag, safe='')}/{quote(name, safe='')}/events"
    accepted = client.post(path, body=body)
    if output.as_json:
        output.json(accepted)
        return
    known = " It was there already." if accepted["duplicate"] else ""
    output.note(f"Event {accepted['event_id']}.{known}")
    output.note(f"See what follows from it: `headgate event cascade {accepted['event_id']}`.")
