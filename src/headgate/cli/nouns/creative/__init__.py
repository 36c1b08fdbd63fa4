"""`headgate creative`: campaign briefs to images."""

import click

from headgate.cli.nouns.creative.run import run_brief
from headgate.cli.options import examples


@click.group("creative", epilog=examples("headgate creative run brief.json --assets photos/"))
def creative_command() -> None:
    """Turn campaign briefs into images."""


creative_command.add_command(run_brief)
