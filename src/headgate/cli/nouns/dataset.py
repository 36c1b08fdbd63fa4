"""`headgate dataset`: what comes out, how fresh it is, and making it anew."""

import click

from headgate.cli.client import Client
from headgate.cli.nouns.dataset_lineage import lineage
from headgate.cli.nouns.part import dataset_path, part_body, part_options
from headgate.cli.options import (
    confirm,
    examples,
    limit_option,
    say_if_more,
    talks_to_server,
)
from headgate.cli.output import Column, Item, Output, Section

Range = tuple[int, int]
_PRECISE = 10  # seconds below which parts of one are of interest


def _freshness(dataset: Item) -> str:
    return "stale" if dataset["stale_since"] else "fresh"


def _stale_parts(dataset: Item) -> str | None:
    if not dataset["stale_since"]:
        return None
    if dataset["stale_units"] is None:
        return "all of it"
    if dataset["stale_keys"]:
        return f"{dataset['stale_keys']:,} keys"
    return f"{dataset['stale_units']:,} {dataset['unit'] or 'unit'}s"


def _sink_lag(dataset: Item) -> str | None:
    sink = dataset["sink"]
    return None if sink is None else f"{sink['lag_seconds']:.0f} s"


def _seconds(item: Item) -> str | None:
    seconds = item["seconds"]
    if seconds is None:
        return None
    return f"{seconds:.2f} s" if seconds < _PRECISE else f"{seconds:,.0f} s"


_ROW = (
    Column("NAME", "name", "name"),
    Column("FRESH", _freshness, "name"),
    Column("STALE FOR", "stale_since", "age"),
    Column("STALE", _stale_parts, "name"),
    Column("LAST EVENT", "last_event_at", "age"),
    Column("MADE BY", "producer"),
    Column("STATE", "producer_state", "name"),
    Column("READERS", "consumer_count", "number"),
    Column("SINK LAG", _sink_lag, "number"),
)
_FIELDS = (
    Column("name", "name"),
    Column("dag", "dag"),
    Column("description", "description"),
    Column("fresh", _freshness),
    Column("stale since", "stale_since", "time"),
    Column("stale", _stale_parts),
    Column("in short", "note"),
    Column("last event", "last_event_at", "time"),
    Column("made by", "producer"),
    Column("its job is", "producer_state"),
    Column("read by", "consumers"),
    Column("sink lag", _sink_lag),
    Column("partitioned by", "partitioning"),
    Column("unit", "unit"),
    Column("storage", "storage"),
    Column("location", "location"),
    Column("columns", "columns"),
    Column("pii columns", "pii_columns"),
    Column("changed", "updated_at", "time"),
)
_EVENT = (
    Column("EVENT", "id", "number"),
    Column("KIND", "kind", "name"),
    Column("KEY", "key"),
    Column("RANGE", "range"),
    Column("BY TASK", "producer_task", "number"),
    Column("AT", "at", "time"),
)
_IMPACT = (
    Column("dataset", "dataset"),
    Column("where", "where"),
    Column("in short", "summary"),
    Column("tasks", lambda found: f"{'' if found['tasks_known'] else 'at least '}{found['tasks']}"),
    Column("time", lambda found: _seconds(found) if found["seconds_known"] else None),
)
_REACHED = (Column("DATASET", "dataset", "name"), Column("WHERE", "where"))
_JOB = (
    Column("JOB", "job", "name"),
    Column("DOES", lambda job: "makes anew" if job["replaces"] else "only adds", "name"),
    Column("AFTER", lambda job: job["level"] - 1, "number"),
    Column("TASKS", "tasks", "number"),
    Column("TIME", _seconds, "number"),
    Column("PAUSED", lambda job: "paused" if job["paused"] else None, "name"),
    Column("WHERE", "where"),
)


@click.group("dataset", epilog=examples("headgate dataset list"))
def dataset_command() -> None:
    """List, show and invalidate datasets."""


dataset_command.add_command(lineage)


@dataset_command.command(
    "list", epilog=examples("headgate dataset list", "headgate dataset list --stale")
)
@click.option("--stale/--fresh", default=None, help="Only stale ones, or only fresh ones.")
@click.option("--name", "words", metavar="TEXT", help="Only names with this in them.")
@limit_option(100)
@talks_to_server
def list_datasets(
    *, client: Client, output: Output, stale: bool | None, words: str | None, limit: int
) -> None:
    """List the datasets by name: how fresh each is, who makes and who reads it."""
    datasets = client.list(
        "/datasets", limit=limit, q=words, stale=None if stale is None else str(stale).lower()
    )
    narrowed = stale is not None or words is not None
    empty = "No dataset is such." if narrowed else "There are no datasets: deploy a DAG."
    output.items(datasets, _ROW, empty=empty)
    say_if_more(output, datasets)


@dataset_command.command("show", epilog=examples("headgate dataset show creative.brief"))
@click.argument("name", metavar="NAME")
@talks_to_server
def show(*, client: Client, output: Output, name: str) -> None:
    """Show one dataset and the last events that happened to it."""
    found = client.get(dataset_path(name))
    output.thing(
        found,
        _FIELDS,
        [
            Section("events", found["events"], _EVENT),
            Section("invalidations", found["invalidations"], _EVENT),
        ],
    )


@dataset_command.command(
    "impact", epilog=examples("headgate dataset impact chain.blocks --range 10:20")
)
@click.argument("name", metavar="NAME")
@part_options
@talks_to_server
def impact(
    *, client: Client, output: Output, name: str, key: str | None, range_: Range | None
) -> None:
    """Tell what an invalidation would run again; without a part, of all of it."""
    _print(output, client.post(dataset_path(name, "/impact"), part_body(key, range_)))


@dataset_command.command(
    "invalidate",
    epilog=examples(
        "headgate dataset invalidate chain.blocks --range 10:20 --dry-run",
        "headgate dataset invalidate creative.brief --key autumn.json",
    ),
)
@click.argument("name", metavar="NAME")
@part_options
@click.option("--dry-run", is_flag=True, help="Tell what it would touch, change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@talks_to_server
def invalidate(
    *,
    client: Client,
    output: Output,
    name: str,
    key: str | None,
    range_: Range | None,
    dry_run: bool,
    yes: bool,
) -> None:
    """Say that a part is not right: what is made from it is made anew.

    The dataset itself is not: for that, invalidate what it is made from.
    """
    part = part_body(key, range_)
    if not part:
        raise click.UsageError("Name the part that is not right, by --key or by --range.")
    if dry_run or not yes:
        found = client.post(dataset_path(name, "/impact"), part)
        if dry_run:
            _print(output, found)
            return
        if not output.as_json:
            output.note(found["summary"])
        confirm(f"Invalidate {name}?", yes=yes)
    done = client.post(dataset_path(name, "/invalidate"), part)
    if output.as_json:
        output.json(done)
    else:
        output.line(str(done["event_id"]))
        output.note(f"{done['impact']['summary']} `headgate why dataset NAME` tells how far it is.")


def _print(output: Output, found: Item) -> None:
    output.thing(
        found,
        _IMPACT,
        [Section("stale", found["datasets"], _REACHED), Section("runs", found["jobs"], _JOB)],
    )
    if not found["complete"] and not output.as_json:
        output.note("There is more than was looked at.")
