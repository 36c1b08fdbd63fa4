"""Which tasks: the options that a list and the acts on many tasks share."""

import functools
from typing import Any

import click

from headgate.cli.nouns.moment import moment
from headgate.cli.options import Command

STATES = (
    "pending",
    "waiting",
    "running",
    "succeeded",
    "dead",
    "cancelled",
    "merged",
    "replayed",
)
_NAMES = (
    "state",
    "job",
    "dag",
    "partition",
    "worker",
    "created_since",
    "created_until",
    "error_code",
)


def _states(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> list[str]:
    """Return the states of all --state, each of which may join several by commas."""
    states = [state for text in given for state in text.split(",")]
    for state in states:
        if state not in STATES:
            raise click.BadParameter(f"{state!r} is none of {', '.join(STATES)}.")
    return list(dict.fromkeys(states))


def _complete_state(
    _context: click.Context, _option: click.Parameter, incomplete: str
) -> list[str]:
    """Complete the last of the states that are joined by commas."""
    known, comma, begun = incomplete.rpartition(",")
    return [f"{known}{comma}{state}" for state in STATES if state.startswith(begun)]


def filters_tasks(command: Command) -> Command:
    """Give a command `chosen`: the API's filter by the options that were given."""

    @click.option(
        "--state",
        metavar="STATE",
        multiple=True,
        callback=_states,
        shell_complete=_complete_state,
        help=f"Tasks in this state, or several joined by commas: {', '.join(STATES)}.",
    )
    @click.option("--job", metavar="NAME", help="Tasks of this job.")
    @click.option("--dag", metavar="NAME", help="Tasks of this DAG's jobs.")
    @click.option("--partition", metavar="TEXT", help="Those whose partition begins so.")
    @click.option("--worker", metavar="NAME", help="Those that it runs or ran last.")
    @click.option(
        "--since",
        "created_since",
        metavar="TIME",
        callback=moment,
        help="Created since a time, or an age: 2h.",
    )
    @click.option(
        "--until",
        "created_until",
        metavar="TIME",
        callback=moment,
        help="Created before a time, or an age: 7d.",
    )
    @click.option("--error-code", metavar="CODE", help="Those whose last attempt failed so.")
    @functools.wraps(command)
    def run(**given: Any) -> None:
        filters = {name: given.pop(name) for name in _NAMES}
        command(chosen={name: value for name, value in filters.items() if value}, **given)

    return run


def in_query(chosen: dict[str, Any]) -> dict[str, Any]:
    """Write a filter as the parameters of the list."""
    return {**chosen, "state": ",".join(chosen["state"])} if "state" in chosen else chosen
