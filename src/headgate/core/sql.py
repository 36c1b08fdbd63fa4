"""Load the named statements of a `queries.sql` file."""

import re
from collections.abc import Sequence
from importlib.resources import files
from typing import LiteralString, cast

_NAME = re.compile(r"^-- name: ([a-z][a-z0-9_]*)\n", re.MULTILINE)


def load_queries(package: str) -> dict[str, LiteralString]:
    """Return the statements of `package`'s queries.sql by name.

    A statement starts with `-- name: <name>`; comment lines after that say what it is for.
    """
    text = (files(package) / "queries.sql").read_text(encoding="utf-8")
    parts = _NAME.split(text)[1:]
    return {
        name: cast("LiteralString", body.strip().rstrip(";"))
        for name, body in zip(parts[::2], parts[1::2], strict=True)
    }


def int_column(values: Sequence[int | None]) -> str | None:
    """Return a column of whole numbers for `unnest`, to be cast there; None where all are null.

    `unnest` pads a missing column, and a long list of numbers costs the driver four times as much
    as this text.
    """
    if all(value is None for value in values):
        return None
    return "{" + ",".join("NULL" if v is None else str(v) for v in values) + "}"


def text_column(values: Sequence[str | None]) -> Sequence[str | None] | None:
    """Return a column of texts for `unnest`, which pads it: None where all of it is null."""
    return None if all(value is None for value in values) else values
