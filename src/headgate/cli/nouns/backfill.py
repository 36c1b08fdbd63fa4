"""`headgate backfill`: what is left of big events to be made into tasks."""

import click

from headgate.cli.client import Client
from headgate.cli.options import examples, limit_option, say_if_more, talks_to_server
from headgate.cli.output import Column, Item, Output


def _state(backfill: Item) -> str:
    if backfill["cancelled_at"]:
        return "cancelled"
    return "paused" if backfill["paused"] else "under way"


_ROW = (
    Column("ID", "id", "number"),
    Column("JOB", "job", "name"),
    Column("STATE", _state, "name"),
    Column("LEFT", "remaining", "number"),
    Column("OF", "total", "number"),
    Column("EVENT", "event_id", "number"),
    Column("AGE", "created_at", "age"),
)


@click.group("backfill", epilog=examples("headgate backfill list"))
def backfill_command() -> None:
    """List, cancel and resume backfills."""


@backfill_command.command("list", epilog=examples("headgate backfill list --job chain.decode"))
@click.option("--job", metavar="NAME", help="Only backfills of this job.")
@limit_option(50)
@talks_to_server
def list_backfills(*, client: Client, output: Output, job: str | None, limit: int) -> None:
    """List backfills of which something is left, the newest first."""
    backfills = client.list("/backfills", limit=limit, job=job)
    output.items(backfills, _ROW, empty="There are no backfills.")
    say_if_more(output, backfills)


@backfill_command.command("cancel", epilog=examples("headgate backfill cancel 3"))
@click.argument("backfill_id", metavar="ID", type=int)
@talks_to_server
def cancel(*, client: Client, output: Output, backfill_id: int) -> None:
    """Make no more tasks of a backfill. Those that it became stay."""
    _print(output, client.post(f"/backfills/{backfill_id}/cancel"))


@backfill_command.command("resume", epilog=examples("headgate backfill resume 3"))
@click.argument("backfill_id", metavar="ID", type=int)
@talks_to_server
def resume(*, client: Client, output: Output, backfill_id: int) -> None:
    """Go on with a cancelled backfill."""
    _print(output, client.post(f"/backfills/{backfill_id}/resume"))


def _print(output: Output, backfill: Item) -> None:
    output.thing(backfill, [column._replace(title=column.title.lower()) for column in _ROW])
