"""`headgate dispatcher`: another dispatcher, so that one may die."""

from pathlib import Path

import click

from headgate.cli.options import examples, home_option
from headgate.cli.serve.settings import settings_for
from headgate.cli.serve.steps import Steps


@click.command("dispatcher", epilog=examples("headgate dispatcher"))
@home_option
def dispatcher_command(*, home: Path | None) -> None:
    """Run a dispatcher beside a server that runs."""
    settings = settings_for(home)
    from headgate.server.separate import run_dispatcher

    run_dispatcher(settings, step=Steps())
