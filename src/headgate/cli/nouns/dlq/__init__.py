"""`headgate dlq`: work that failed for good, and what can be done about it."""

import click

from headgate.cli.nouns.dlq.look import groups, list_dead_letters, show
from headgate.cli.nouns.dlq.redrive import redrive
from headgate.cli.nouns.dlq.replay import replay
from headgate.cli.nouns.dlq.settle import discard, reopen
from headgate.cli.options import examples


@click.group("dlq", epilog=examples("headgate dlq list --job creative.generate"))
def dlq_command() -> None:
    """List dead letters and redrive them."""


for command in (list_dead_letters, groups, show, redrive, replay, discard, reopen):
    dlq_command.add_command(command)
