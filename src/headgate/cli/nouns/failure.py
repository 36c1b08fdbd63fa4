"""Errors of tasks as the lists show them."""

from collections.abc import Mapping

from headgate.cli.output import Item


def error_text(item: Item) -> str | None:
    """Return the message of an error as the API gives it: a text, or an object with `message`."""
    error = item.get("error")
    return str(error.get("message") or error) if isinstance(error, Mapping) else error
