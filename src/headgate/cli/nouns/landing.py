"""Where fetched bytes land: in a file, whole or not at all, or on standard output."""

import contextlib
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

import click

from headgate.cli.errors import CliError, Exit
from headgate.cli.nouns.progress import Progress
from headgate.cli.nouns.transfer import Download
from headgate.cli.output.values import size_text


def place(target: Path, key: str) -> Path:
    """Return the file that an object goes to; in a folder it keeps its own name."""
    if target.is_dir():
        return target / key.rpartition("/")[2]
    if not target.parent.is_dir():
        raise click.BadParameter(f"There is no folder {target.parent}.", param_hint="-o")
    return target


def to_file(arriving: Download, path: Path) -> None:
    """Write the file; on any failure the old one, or none, stays."""
    with (
        Progress(f"Fetching {path.name}", total=arriving.size or 0, write=size_text) as progress,
        _replacing(path) as file,
    ):
        done = 0
        for chunk in arriving:
            file.write(chunk)
            done += len(chunk)
            progress.show(done)


def to_stdout(chunks: Iterable[bytes], *, on_terminal: bool) -> None:
    """Write to standard output; a terminal gets text only."""
    out = sys.stdout.buffer
    for number, chunk in enumerate(chunks):
        if number == 0 and on_terminal and _is_binary(chunk):
            raise CliError(
                "The object is binary, which would garble the terminal.",
                exit_code=Exit.USAGE,
                hint="write it to a file with -o FILE, or into a pipe.",
            )
        out.write(chunk)
    out.flush()


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[IO[bytes]]:
    path = path.resolve()
    if path.exists() and not path.is_file():
        # Root would replace /dev/null itself.
        with path.open("wb") as device:
            yield device
        return
    fresh = path.with_name(f".{path.name[:100]}.{os.urandom(4).hex()}.part")
    try:
        with fresh.open("xb") as file:
            yield file
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _is_binary(start: bytes) -> bool:
    if b"\0" in start or b"\x1b" in start:
        return True
    try:
        start.decode()
    except UnicodeDecodeError as error:
        return error.start < len(start) - 3  # the cut may go through a character
    return False
