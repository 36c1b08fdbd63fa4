"""Which part of a dataset is meant: a text key, or a range."""

from typing import Any
from urllib.parse import quote

import click

from headgate.cli.options import Command


def part_options(command: Command) -> Command:
    """Give a command `key` and `range_`."""
    spanned = click.option(
        "--range", "range_", metavar="A:B", callback=_range, help="Only from A to before B."
    )
    return click.option("--key", metavar="TEXT", help="Only this text key.")(spanned(command))


def part_body(key: str | None, range_: tuple[int, int] | None) -> dict[str, Any]:
    """Return the part as a request body has it."""
    if key is not None and range_ is not None:
        raise click.UsageError("Name a part by --key or by --range, not by both.")
    if key is not None:
        return {"key": key}
    return {} if range_ is None else {"range": list(range_)}


def dataset_path(name: str, tail: str = "") -> str:
    return f"/datasets/{quote(name, safe='')}{tail}"


def _range(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> tuple[int, int] | None:
    """Read `10:20`."""
    if value is None:
        return None
    low, _, high = value.partition(":")
    try:
        ends = int(low), int(high)
    except ValueError:
        ends = 0, 0
    if ends[0] >= ends[1]:
        raise click.BadParameter(
            f"{value!r} is no range: write the first number and one past the last, as 10:20.",
            context,
            parameter,
        )
    return ends
