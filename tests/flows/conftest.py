"""A data folder outside pytest's own, which shuts the server's user out when it runs as root."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="headgate-flow-"))
    yield path
    shutil.rmtree(path)
