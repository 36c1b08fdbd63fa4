"""`headgate dlq discard` and `reopen`."""

import click

from headgate.cli.client import Client
from headgate.cli.nouns.dlq.choice import (
    Choice,
    check_all_were_there,
    chooses_letters,
    counted_first,
    letters,
    past,
)
from headgate.cli.options import examples, talks_to_server
from headgate.cli.output import Output


@click.command(
    "discard", epilog=examples("headgate dlq discard 7", "headgate dlq discard --died-before 7d")
)
@chooses_letters
@talks_to_server
def discard(*, client: Client, output: Output, choice: Choice, dry_run: bool, yes: bool) -> None:
    """Give dead letters up: nobody needs their work any more.

    `headgate dlq reopen` takes it back for as long as they are kept.
    """
    _settle(client, output, choice, verb="discard", dry_run=dry_run, yes=yes)


@click.command(
    "reopen", epilog=examples("headgate dlq reopen 7", "headgate dlq reopen --all --dry-run")
)
@chooses_letters
@talks_to_server
def reopen(*, client: Client, output: Output, choice: Choice, dry_run: bool, yes: bool) -> None:
    """Open discarded dead letters again."""
    _settle(client, output, choice, verb="reopen", dry_run=dry_run, yes=yes)


def _settle(
    client: Client, output: Output, choice: Choice, *, verb: str, dry_run: bool, yes: bool
) -> None:
    path = f"/dead-letters/{verb}"
    if not counted_first(client, output, path, choice, verb=verb, dry_run=dry_run, yes=yes):
        return
    result = client.post(path, {**choice.body, "dry_run": False})
    if output.as_json:
        output.json(result)
    else:
        output.line(f"{letters(result['changed'])} {past(verb)}.")
    wanted = "open" if verb == "discard" else "discarded"
    check_all_were_there(choice, matched=result["matched"], wanted_state=wanted)
