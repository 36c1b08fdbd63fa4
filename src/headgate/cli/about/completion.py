"""`headgate completion`: what makes a shell complete commands and options."""

import os
import stat
import sys

import click

from headgate.cli.options import examples
from headgate.environment import COMPLETION_VARIABLE

_INSTALL = {
    "bash": "headgate completion bash > ~/.local/share/bash-completion/completions/headgate",
    "zsh": 'headgate completion zsh > "${fpath[1]}/_headgate"',
    "fish": "headgate completion fish > ~/.config/fish/completions/headgate.fish",
}


@click.command("completion", epilog=examples('eval "$(headgate completion bash)"'))
@click.argument("shell", type=click.Choice(list(_INSTALL)))
@click.pass_context
def completion_command(context: click.Context, *, shell: str) -> None:
    """Print the completion script of a shell."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"There is no completion for {shell}.")
    script = kind(context.find_root().command, {}, "headgate", COMPLETION_VARIABLE)
    click.echo(script.source_template % script.source_vars())
    # `eval "$(…)"` in a start-up file must not greet every new shell.
    if not stat.S_ISFIFO(os.fstat(sys.stdout.fileno()).st_mode):
        click.echo(f"To install it: {_INSTALL[shell]}", err=True)
