"""Which Postgres server holds everything: a bundled one in the data folder, or one you run."""

from collections.abc import Callable
from typing import Protocol


class ServerError(Exception):
    """The server cannot be started or used; the message says why and what to do."""


class PostgresServer(Protocol):
    """The contract that `tests/contracts/test_postgres.py` holds every adapter to."""

    def start(self, step: Callable[[str], None] = ...) -> str:
        """Make the server ready and return its URL; `step` is told what takes time.

        A server that runs already is used as it is. Raises `ServerError`.
        """
        ...

    def stop(self) -> None:
        """Stop what `start` is answerable for; safe to call twice, or without a start."""
        ...
