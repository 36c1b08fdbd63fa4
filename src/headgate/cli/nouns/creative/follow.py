"""Waiting for an operation, through restarts of the server."""

import time
from collections.abc import Callable
from typing import Any

from headgate.cli.client import Client
from headgate.cli.errors import CliError, Exit
from headgate.cli.nouns.progress import Progress

_FIRST, _GROWTH, _LONGEST = 0.1, 1.3, 1.0  # s between two looks: soon at first, then each second
_PATIENCE = 30.0  # s without a server


def follow(
    client: Client,
    operation: dict[str, Any],
    *,
    title: str,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> dict[str, Any]:
    """Return the operation when it has ended, and show how far it is until then."""
    pause, heard = _FIRST, clock()
    try:
        with Progress(title, total=operation["total"]) as progress:
            while operation["state"] == "running":
                progress.show(
                    operation["done"], total=operation["total"], message=operation["message"]
                )
                sleep(pause)
                pause = min(pause * _GROWTH, _LONGEST)
                try:
                    operation = client.get(f"/operations/{operation['id']}")
                    heard = clock()
                except CliError as error:
                    if error.exit_code is not Exit.UNREACHABLE or clock() - heard > _PATIENCE:
                        raise
    except KeyboardInterrupt:
        raise CliError(
            f"Stopped waiting. The work goes on as operation {operation['id']}.",
            exit_code=Exit.INTERRUPTED,
        ) from None
    return operation
