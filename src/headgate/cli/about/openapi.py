"""`headgate openapi`: the HTTP API's description, as the server gives it."""

import click

from headgate.cli.client import Client
from headgate.cli.options import examples, talks_to_server
from headgate.cli.output import Output


@click.command("openapi", epilog=examples("headgate openapi > openapi.json"))
@talks_to_server
def openapi_command(*, client: Client, output: Output) -> None:
    """Print the HTTP API's description."""
    output.json(client.get_root("/openapi.json"))
