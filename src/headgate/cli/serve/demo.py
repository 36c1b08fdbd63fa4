"""`headgate demo`: an example from its input to its results."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from headgate.cli.errors import Exit
from headgate.cli.nouns.creative.result import print_manifest, raise_unless_complete
from headgate.cli.nouns.progress import Progress
from headgate.cli.options import examples, home_option
from headgate.cli.output import Output
from headgate.cli.serve.settings import settings_for
from headgate.cli.serve.steps import Steps
from headgate.cli.serve.up import port_option
from headgate.environment import client_environment

if TYPE_CHECKING:
    from headgate.server.demo import Finished


@click.command("demo", epilog=examples("headgate demo", "headgate demo creative --once"))
@click.argument("name", type=click.Choice(["creative"]), default="creative")
@click.option("--once", is_flag=True, help="Stop when the example has ended.")
@home_option
@port_option
def demo_command(*, name: str, once: bool, home: Path | None, port: int | None) -> None:
    """Run an example from its input to its results."""
    settings = settings_for(home, port=port)
    output = Output(as_json=False, color=not client_environment().no_color)
    step = Steps()
    from headgate.server import demo

    def finished(found: "Finished") -> None:
        ...

    with Progress("Images", total=0) as bar:
        demo.run(settings, once=once, step=step, progress=bar.show, finished=finished)
