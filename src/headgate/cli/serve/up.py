"""`headgate up`: everything on this machine."""

import sys
import threading
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

import click

from headgate.cli.options import examples, home_option
from headgate.cli.serve.settings import settings_for
from headgate.cli.serve.steps import Steps
from headgate.environment import client_environment

if TYPE_CHECKING:
    from headgate.server.up import Running

port_option = click.option(
    "--port",
    metavar="N",
    type=click.IntRange(0, 65535),
    help="Where to listen; 0 picks a free one [default: 8400].",
)


@click.command("up", epilog=examples("headgate up", "headgate up --home /srv/headgate --port 80"))
@home_option
@port_option
@click.option("--host", metavar="H", help="The address to listen on [default: 127.0.0.1].")
@click.option("--no-browser", is_flag=True, help="Do not open the console.")
def up_command(*, home: Path | None, port: int | None, host: str | None, no_browser: bool) -> None:
    """Start everything on this machine and open the console."""
    settings = settings_for(home, port=port, host=host)
    step = Steps()

    def ready(running: "Running") -> None:
        step(f"ready: {running.url} (data in {running.home.path}; Ctrl-C stops it)")
        if not no_browser and sys.stderr.isatty() and client_environment().has_display:
            # Some browsers keep the call until they are closed.
            threading.Thread(target=webbrowser.open, args=(running.url,), daemon=True).start()

    from headgate.server import up

    up.run(settings, step=step, ready=ready)
