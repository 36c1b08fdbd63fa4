"""`headgate doctor`: is this installation well, and if not, what mends it."""

from collections.abc import Iterator
from pathlib import Path

import click

from headgate.cli.about.doctor.data_folder import check_folder
from headgate.cli.about.doctor.database import check_bundled, check_database
from headgate.cli.about.doctor.extras import check_credentials, check_extras, check_fonts
from headgate.cli.about.doctor.finding import Finding
from headgate.cli.about.doctor.interpreter import check_python, check_settings
from headgate.cli.about.doctor.server import Probe, check_port, check_server, probe
from headgate.cli.errors import Exit
from headgate.cli.find_server import find_home
from headgate.cli.options import examples, home_option
from headgate.cli.output import Column, Output
from headgate.environment import client_environment

_ROW = (
    Column("STATE", "state"),
    Column("CHECK", "check"),
    Column("DETAIL", "detail"),
    Column("REMEDY", "remedy"),
)


@click.command("doctor", epilog=examples("headgate doctor", "headgate doctor --json"))
@click.option("--json", "as_json", is_flag=True, help="Print an array of the findings.")
@home_option
def doctor_command(*, home: Path | None, as_json: bool) -> None:
    """Check this installation and say how to mend it."""
    environment = client_environment()
    output = Output(as_json=as_json, color=not environment.no_color)
    found = list(_findings(find_home(home, environment, folder=Path.cwd())))
    if output.on_terminal and not as_json:
        _print(output, found)
    else:
        output.items([finding._asdict() for finding in found], _ROW, empty="")
    if any(finding.state == "fail" for finding in found):
        click.get_current_context().exit(Exit.FAILED)


def _findings(home: Path) -> Iterator[Finding]:
    yield check_python()
    settings, finding = check_settings(home)
    yield finding
    if settings is None:
        return  # what follows would only repeat it
    yield from check_folder(settings.home)
    yield check_bundled(needed=settings.database_url is None)
    server: Probe = probe(settings)
    yield from check_server(server)
    if not server.answers:
        yield check_port(settings)
    yield check_database(settings, server.status)
    yield from check_extras(settings)
    yield from check_credentials(settings)
    yield check_fonts()


def _print(output: Output, found: list[Finding]) -> None:
    width = max(len(finding.check) for finding in found)
    for finding in found:
        output.line(f"{finding.state:<5} {finding.check:<{width}}  {finding.detail}")
        if finding.remedy:
            output.line(f"{'':<5} {'':<{width}}  to mend it: {finding.remedy}")
