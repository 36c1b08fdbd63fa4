"""Command lines, and a server with recorded answers for them to talk to."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import CommandLine
from recorded_server import RecordedServer


@pytest.fixture
def server() -> Iterator[RecordedServer]:
    with RecordedServer() as recorded:
        yield recorded


@pytest.fixture
def headgate(tmp_path: Path, server: RecordedServer) -> CommandLine:
    return CommandLine(tmp_path, server.url)


@pytest.fixture
def alone(tmp_path: Path) -> CommandLine:
    """A command line that was told of no server."""
    return CommandLine(tmp_path, None)
