"""`headgate worker`: more hands for a server that runs."""

from pathlib import Path

import click

from headgate.cli.options import examples, home_option
from headgate.cli.serve.settings import settings_for
from headgate.cli.serve.steps import Steps


@click.command("worker", epilog=examples("headgate worker"))
@home_option
def worker_command(*, home: Path | None) -> None:
    """Run a worker beside a server that runs already."""
    settings = settings_for(home)
    from headgate.server.separate import run_worker

    run_worker(settings, step=Steps())
