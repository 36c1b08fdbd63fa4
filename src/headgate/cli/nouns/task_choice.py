"""Which tasks: the options that a list and the acts on many tasks share."""

import functools
import re
from datetime import datetime, timedelta
from typing import Any

import click

from headgate.cli.options import Command
from headgate.core.clock import utc_now

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
_AGE = re.compile(r"(\d{1,6})([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def _states(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> list[str]:
    """Return the states of all --state, each of which may join several by commas."""
    states = [state for text in given for state in text.split(",")]
    for state in states:
        if state not in STATES:
            raise click.BadParameter(f"{state!r} is none of {', '.join(STATES)}.")
    return list(dict.fromkeys(states))


def _moment(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    """Return a time, local without a zone, or an age such as 90m or 7d, as the API takes it."""
    if value is None:
        return None
    try:
        if age := _AGE.fullmatch(value):
            at = utc_now() - timedelta(seconds=int(age[1]) * _SECONDS[age[2]])
        else:
            at = datetime.fromisoformat(value).astimezone()
    except (ValueError, OverflowError) as error:
        raise click.BadParameter(
            f"{value!r} is no time: write 2026-11-20T10:00, or 2h for two hours ago."
        ) from error
    return at.isoformat()


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
        callback=_moment,
        help="Created since a time, or an age: 2h.",
    )
    @click.option(
        "--until",
        "created_until",
        metavar="TIME",
        callback=_moment,
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
