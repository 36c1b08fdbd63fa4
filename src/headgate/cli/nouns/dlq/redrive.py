"""`headgate dlq redrive`."""

import click

from headgate.cli.client import Client
from headgate.cli.errors import CliError, Exit
from headgate.cli.nouns.creative.follow import follow
from headgate.cli.nouns.dlq.choice import (
    Choice,
    check_all_were_there,
    chooses_letters,
    counted_first,
    letters,
)
from headgate.cli.options import examples, talks_to_server
from headgate.cli.output import Output

_PATH = "/dead-letters/redrive"


@click.command(
    "redrive",
    epilog=examples(
        "headgate dlq redrive 7 8 9",
        "headgate dlq redrive --job creative.generate --dry-run",
        "headgate dlq redrive --job creative.generate --died-after 2h --rate 5 --wait",
    ),
)
@chooses_letters
@click.option(
    "--rate", metavar="N", type=click.FloatRange(min=0.001), help="At most N letters a second."
)
@click.option("--wait", is_flag=True, help="Wait until all of them are back at work.")
@talks_to_server
def redrive(
    *,
    client: Client,
    output: Output,
    choice: Choice,
    rate: float | None,
    wait: bool,
    dry_run: bool,
    yes: bool,
) -> None:
    """Run the work of dead letters again.

    More than a hundred, or any with --rate, go back by and by, as an operation: `headgate
    operation show` tells how far it is, `headgate operation cancel` ends it.
    """
    if not counted_first(client, output, _PATH, choice, verb="redrive", dry_run=dry_run, yes=yes):
        return
    paced = {} if rate is None else {"rate": rate}
    result = client.post(_PATH, {**choice.body, **paced, "dry_run": False})
    operation = result["operation"]
    if operation is not None and wait:
        _follow(client, output, operation)
    elif output.as_json:
        output.json(result)
    elif operation is not None:
        output.line(operation)
        output.note(
            f"{letters(result['matched'])} go back to work by and by: see"
            f" `headgate operation show {operation}`."
        )
    else:
        output.line(f"{letters(result['redriven'])} redriven.")
    check_all_were_there(choice, matched=result["matched"], wanted_state="open")


def _follow(client: Client, output: Output, operation_id: str) -> None:
    ended = follow(client, client.get(f"/operations/{operation_id}"), title="Dead letters")
    if output.as_json:
        output.json(ended)
    else:
        output.line(ended["message"])
    if ended["state"] != "succeeded":
        raise CliError(
            f"The redrive was {ended['state']} before its end.",
            exit_code=Exit.FAILED,
            hint="the same command takes up what is still open.",
        )
