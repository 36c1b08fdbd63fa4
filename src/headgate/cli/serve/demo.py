"""`headgate demo`: an example from its input to its results."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from headgate.cli.errors import Exit
from headgate.cli.nouns.creative.result import failure_of, print_manifest
from headgate.cli.nouns.progress import Progress
from headgate.cli.options import examples, home_option
from headgate.cli.output import Output
from headgate.cli.serve.settings import settings_for
from headgate.cli.serve.steps import Steps
from headgate.cli.serve.up import port_option
from headgate.environment import client_environment

if TYPE_CHECKING:
    from headgate.config import Settings
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
    step, bar = Steps(), Progress("Images", total=0)
    from headgate.server import demo

    def finished(found: "Finished") -> None:
        bar.close()
        _print(output, found.operation, settings)
        if once:
            output.note(f"The console was {found.url}; `headgate up` shows it again.")
        else:
            output.note(f"The console is {found.url}. Headgate goes on; Ctrl-C stops it.")

    with bar:
        succeeded = demo.run(
            settings,
            once=once,
            step=step,
            progress=lambda done, total, message: bar.show(done, total=total, message=message),
            finished=finished,
        )
    if not succeeded:
        click.get_current_context().exit(Exit.FAILED)


def _print(output: Output, operation: dict[str, object], settings: "Settings") -> None:
    from headgate.config import LocalStore

    result = operation.get("result")
    if isinstance(result, dict) and "products" in result:
        print_manifest(output, result)
        if isinstance(settings.object_store, LocalStore):
            folder = settings.object_store.root or settings.home / "objects"
            output.note(f"The images are files below {folder}.")
            output.note(f"The manifest is {folder / str(result['output']) / 'manifest.json'}.")
    if failure := failure_of(operation):
        output.note(str(failure))
    output.flush()
