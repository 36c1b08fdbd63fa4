"""A fresh bundled Postgres with Headgate's tables, gone after the block."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from headgate.core.migrate import migrate, migrations_of
from headgate.ports.postgres.embedded import EmbeddedPostgres


@dataclass(frozen=True, slots=True)
class Server:
    """`folder` is the run's own, for whatever else it needs on disk."""

    url: str
    folder: Path


@contextmanager
def fresh_server() -> Iterator[Server]:
    """Run the product's own server, with the product's own settings: every commit reaches the disk.

    Not from within an event loop.
    """
    folder = Path(tempfile.mkdtemp(prefix="headgate-bench-"))
    postgres = EmbeddedPostgres(folder / "postgres", log=folder / "postgres.log")
    try:
        url = postgres.start()
        asyncio.run(migrate(url, migrations_of("core", "headgate.core")))
        yield Server(url, folder)
    finally:
        postgres.stop()
        shutil.rmtree(folder)
