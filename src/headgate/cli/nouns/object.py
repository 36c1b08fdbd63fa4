"""`headgate object`: files in the object store."""

import sys
from pathlib import Path

import click

from headgate.cli.client import Client
from headgate.cli.nouns.landing import place, to_file, to_stdout
from headgate.cli.nouns.transfer import download, upload, upload_file
from headgate.cli.options import examples, limit_option, say_if_more, talks_to_server
from headgate.cli.output import Column, Output
from headgate.cli.output.values import size_text

_ROW = (
    Column("KEY", "key", "key"),
    Column("SIZE", "size", "size"),
    Column("TYPE", "content_type", "name"),
    Column("AGE", "modified", "age"),
)


@click.group("object", epilog=examples("headgate object list output/"))
def object_command() -> None:
    """Store, fetch and list objects."""


@object_command.command("list", epilog=examples("headgate object list output/ --json"))
@click.argument("prefix", default="")
@limit_option(1000)
@talks_to_server
def list_objects(*, client: Client, output: Output, prefix: str, limit: int) -> None:
    """List the objects whose key starts with PREFIX, by key."""
    objects = client.list("/objects", limit=limit, prefix=prefix or None)
    output.items(objects, _ROW, empty="There are no such objects.")
    say_if_more(output, objects)


@object_command.command(
    "put",
    epilog=examples(
        "headgate object put shirt.png existing-assets/acme/shirt.png",
        "pg_dump | headgate object put - backups/today.sql",
    ),
)
@click.argument(
    "file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, allow_dash=True)
)
@click.argument("key", required=False)
@talks_to_server
def put(*, client: Client, output: Output, file: str, key: str | None) -> None:
    """Store FILE (or - for standard input) under KEY, by default its name."""
    if file != "-":
        stored = upload_file(client, Path(file), key or Path(file).name)
    elif key is not None:
        stored = upload(client, key, sys.stdin.buffer, size=None)
    else:
        raise click.UsageError("Standard input has no name: give a KEY.")
    if output.as_json:
        output.json(stored)
    else:
        output.line(stored["key"])


@object_command.command(
    "get",
    epilog=examples(
        "headgate object get output/summer/manifest.json",
        "headgate object get output/summer/variants/0.jpg -o 0.jpg",
    ),
)
@click.argument("key")
@click.option(
    "-o",
    "--output",
    "target",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Where to; a folder keeps the object's name [default: standard output].",
)
@talks_to_server
def get(*, client: Client, output: Output, key: str, target: Path | None) -> None:
    """Fetch the object under KEY."""
    if target is None:
        to_stdout(download(client, key), on_terminal=output.on_terminal)
        return
    path = place(target, key)
    to_file(download(client, key), path)
    output.note(f"{path}: {size_text(path.stat().st_size)}.")
