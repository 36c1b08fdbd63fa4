"""`headgate job process`."""

import time
from collections.abc import Callable
from typing import Any

import click

from headgate.cli.client import Client
from headgate.cli.errors import CliError, Exit
from headgate.cli.nouns.part import part_body, part_options
from headgate.cli.nouns.progress import Progress
from headgate.cli.options import examples, talks_to_server
from headgate.cli.output import Column, Item, Output

_PAUSE = 0.5  # s between two looks
_UNDER_WAY = {"pending", "running"}
_FIELDS = (
    Column("job", "job"),
    Column("in short", "text"),
    Column("event", "event_id"),
    Column("range", "range"),
    Column("key", "key"),
    Column("tasks", "tasks"),
    Column("backfill", "backfill"),
    Column("payload of event", "payload_of"),
)


@click.command(
    "process",
    epilog=examples(
        "headgate job process chain.decode --range 0:1000 --dry-run",
        "headgate job process creative.parse --key autumn.json --wait",
    ),
)
@click.argument("job", metavar="NAME")
@part_options
@click.option("--dry-run", is_flag=True, help="Tell how many tasks that is, change nothing.")
@click.option("--wait", is_flag=True, help="Wait until all of it has ended; fail if some failed.")
@talks_to_server
def process(
    *,
    client: Client,
    output: Output,
    job: str,
    key: str | None,
    range_: tuple[int, int] | None,
    dry_run: bool,
    wait: bool,
) -> None:
    """Run one job, and no other, over a range or a key of its partitions again.

    What it makes is news to the jobs that read it, as ever.
    """
    if key is None and range_ is None:
        raise click.UsageError("Name a part by --key or by --range.")
    done = client.post(f"/jobs/{job}/process", {**part_body(key, range_), "dry_run": dry_run})
    output.thing(done, _FIELDS)
    if wait and not dry_run:
        output.flush()
        wait_for(client, done)


def wait_for(client: Client, done: Item, *, sleep: Callable[[float], None] = time.sleep) -> None:
    """Return when nothing of it waits or runs any more; raise `CliError` if some of it failed."""
    with Progress(done["job"], total=0) as progress:
        why, failed = _end_of(client, done, progress, sleep)
    if any(reason["code"] == "backfill_cancelled" for reason in why["waits"]):
        raise CliError("Somebody cancelled the backfill before its end.", exit_code=Exit.FAILED)
    if failed:
        raise CliError(
            f"{failed} of it failed.",
            exit_code=Exit.FAILED,
            hint=f"`headgate dlq list --job {done['job']}` says why.",
        )


def _end_of(
    client: Client, done: Item, progress: Progress, sleep: Callable[[float], None]
) -> tuple[Item, str]:
    """Return what became of the event in the end, and in words how much failed."""
    while True:
        why = client.get(f"/events/{done['event_id']}/why")
        if why["routed"]:
            left, failed = _looked(client, done, why, progress)
            if not left:
                return why, failed
        sleep(_PAUSE)


def _looked(client: Client, done: Item, why: Item, progress: Progress) -> tuple[int, str]:
    """Return how much is left, and in words how much failed."""
    if done["range"] is None:
        states = [task["state"] for task in why["tasks"]]
        return sum(state in _UNDER_WAY for state in states), _words(states.count("dead"), "task")
    low, high = done["range"]
    span: dict[str, Any] = {"from": low, "to": high, "cells": 1}
    cells = client.get(f"/jobs/{done['job']}/partitions", **span)["cells"]
    total = sum(cell["high"] - cell["low"] for cell in cells)
    left = sum(cell["waiting"] + cell["running"] for cell in cells)
    progress.show(total - left, total=total)
    return left, _words(sum(cell["dead"] for cell in cells), "unit")


def _words(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}" if count else ""
