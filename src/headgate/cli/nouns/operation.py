"""`headgate operation`: what was asked for that takes a while."""

import click

from headgate.cli.client import Client
from headgate.cli.options import examples, limit_option, say_if_more, talks_to_server
from headgate.cli.output import Column, Item, Output, Section

STATES = ("running", "succeeded", "failed", "cancelled")


def _state(operation: Item) -> str:
    asked = operation["state"] == "running" and operation.get("cancel_requested")
    return "cancelling" if asked else str(operation["state"])


def _progress(operation: Item) -> str | None:
    total = operation["total"]
    return f"{operation['done']} of {total}" if total else None


_ROW = (
    Column("ID", "id", "name"),
    Column("KIND", "kind", "name"),
    Column("STATE", _state, "name"),
    Column("DONE", _progress, "name"),
    Column("SUBJECT", "subject"),
    Column("BY", "actor"),
    Column("AGE", "created_at", "age"),
    Column("MESSAGE", "message"),
)
_FIELDS = (
    Column("id", "id"),
    Column("kind", "kind"),
    Column("subject", "subject"),
    Column("asked by", "actor"),
    Column("state", _state),
    Column("done", _progress),
    Column("message", "message"),
    Column("created", "created_at", "time"),
    Column("updated", "updated_at", "time"),
)
_PROBLEM = (Column("WHERE", "pointer"), Column("WHY", "message"))


@click.group("operation", epilog=examples("headgate operation list --state running"))
def operation_command() -> None:
    """List, show and cancel operations."""


@operation_command.command("list", epilog=examples("headgate operation list --kind redrive"))
@click.option("--kind", metavar="NAME", help="Only operations of this kind.")
@click.option("--state", type=click.Choice(STATES), help="Only operations in this state.")
@limit_option(50)
@talks_to_server
def list_operations(
    *, client: Client, output: Output, kind: str | None, state: str | None, limit: int
) -> None:
    """List operations, the newest first."""
    operations = client.list("/operations", limit=limit, kind=kind, state=state)
    output.items(operations, _ROW, empty="There are no such operations.")
    say_if_more(output, operations)


@operation_command.command("show", epilog=examples("headgate operation show ID"))
@click.argument("operation_id", metavar="ID", type=click.UUID)
@talks_to_server
def show(*, client: Client, output: Output, operation_id: str) -> None:
    """Show how far one operation is."""
    _print(output, client.get(f"/operations/{operation_id}"))


@operation_command.command("cancel", epilog=examples("headgate operation cancel ID"))
@click.argument("operation_id", metavar="ID", type=click.UUID)
@talks_to_server
def cancel(*, client: Client, output: Output, operation_id: str) -> None:
    """End a running operation. What it has done stays done."""
    _print(output, client.post(f"/operations/{operation_id}/cancel"))


def _print(output: Output, operation: Item) -> None:
    output.thing(
        operation, _FIELDS, [Section("problems", operation.get("problems") or [], _PROBLEM)]
    )
