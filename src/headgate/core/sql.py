"""Load the named statements of a `queries.sql` file."""

import re
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
