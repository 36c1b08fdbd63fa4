"""What the commands have in common: how they find a server, print, and ask."""

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from headgate.cli.client import Client, Listing
from headgate.cli.errors import CliError, Exit
from headgate.cli.find_server import find_server
from headgate.cli.output import Output
from headgate.environment import client_environment

Command = Callable[..., None]

home_option = click.option(
    "--home",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="The data folder [default: HEADGATE_HOME, else the nearest .headgate].",
)


def talks_to_server(command: Command) -> Command:
    """Give a command `client` and `output`, by the options --server, --home and --json."""

    @click.option("--json", "as_json", is_flag=True, help="Print the API's JSON.")
    @click.option(
        "--server", metavar="URL", help="The server [default: HEADGATE_SERVER, else --home's]."
    )
    @home_option
    @functools.wraps(command)
    def run(*, server: str | None, home: Path | None, as_json: bool, **given: Any) -> None:
        environment = client_environment()
        output = Output(as_json=as_json, color=not environment.no_color)
        find = functools.partial(
            find_server, server, home=home, environment=environment, folder=Path.cwd()
        )
        command(client=Client(find), output=output, **given)

    return run


def limit_option(default: int) -> Callable[[Command], Command]:
    """Return the option that bounds a list."""
    return click.option(
        "--limit",
        type=click.IntRange(min=1),
        default=default,
        show_default=True,
        help="How many at most.",
    )


def say_if_more(output: Output, listing: Listing) -> None:
    """Tell a person that the limit hid some of a list."""
    if listing.more:
        output.note(f"There are more than {listing.limit}: see them with a higher --limit.")


def confirm(question: str, *, yes: bool) -> None:
    """Return if the person agrees or has agreed by --yes; else end the command."""
    if yes:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise CliError(
            "This changes things, and there is nobody to ask.",
            exit_code=Exit.USAGE,
            hint="add --yes if you are sure.",
        )
    if not click.confirm(question, err=True):
        raise CliError("Nothing was changed.", exit_code=Exit.FAILED)


def examples(*lines: str) -> str:
    """Return the end of a command's help."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)
