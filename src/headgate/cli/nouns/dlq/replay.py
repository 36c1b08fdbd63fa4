"""`headgate dlq replay`: the work of a dead letter with its input put right."""

import json
from typing import Any

import click

from headgate.cli.client import Client
from headgate.cli.options import examples, talks_to_server
from headgate.cli.output import Output


@click.command(
    "replay",
    epilog=examples(
        "headgate dlq replay 7 --payload mended.json",
        "headgate dlq replay 7 --key acme/shirt",
    ),
)
@click.argument("letter_id", metavar="ID", type=int)
@click.option(
    "--payload",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    help="The new payload: a JSON file, or - for standard input.",
)
@click.option("--key", metavar="TEXT", help="The new key.")
@talks_to_server
def replay(
    *, client: Client, output: Output, letter_id: int, payload: str | None, key: str | None
) -> None:
    """Let an edited event take a dead letter's place, for its job alone.

    `headgate dlq show` prints the event as it is. What is not given stays.
    """
    if payload is None and key is None:
        raise click.UsageError("Give a --payload, a --key, or both.")
    edited: dict[str, Any] = {} if payload is None else {"payload": _read(payload)}
    if key is not None:
        edited["key"] = key
    result = client.post(f"/dead-letters/{letter_id}/replay", edited)
    if output.as_json:
        output.json(result)
    else:
        output.line(f"Event {result['event_id']} took the place of dead letter {letter_id}.")


def _read(path: str) -> Any:
    try:
        with click.open_file(path, encoding="utf-8-sig") as file:
            return json.load(file)
    except (ValueError, RecursionError) as error:
        raise click.BadParameter(f"{path} is not JSON: {error}.", param_hint="--payload") from error
