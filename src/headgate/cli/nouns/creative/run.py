"""`headgate creative run`: a brief from here, its images there."""

import sys
from pathlib import Path
from typing import Any

import click

from headgate.cli.client import Client
from headgate.cli.nouns.creative.assets import PREFIX, upload_assets
from headgate.cli.nouns.creative.brief import read_brief
from headgate.cli.nouns.creative.follow import follow
from headgate.cli.nouns.creative.result import (
    failure_of,
    print_manifest,
    print_prediction,
)
from headgate.cli.options import examples, talks_to_server
from headgate.cli.output import Output


@click.command(
    "run",
    epilog=examples(
        "headgate creative run brief.json --assets photos/",
        "headgate creative run brief.json --dry-run",
        "headgate creative run brief.json --wait --json > manifest.json",
    ),
)
@click.argument(
    "brief", metavar="BRIEF", type=click.Path(exists=True, dir_okay=False, allow_dash=True)
)
@click.option(
    "--assets",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Store its images under existing-assets/ first.",
)
@click.option(
    "--wait/--no-wait",
    default=None,
    help="Wait for the images, or print the operation [default: wait on a terminal].",
)
@click.option("--dry-run", is_flag=True, help="Print what it would cost, run nothing.")
@talks_to_server
def run_brief(
    *,
    client: Client,
    output: Output,
    brief: str,
    assets: Path | None,
    wait: bool | None,
    dry_run: bool,
) -> None:
    """Run the campaign of BRIEF, a JSON file or - for standard input."""
    content = read_brief(brief)
    if dry_run:
        print_prediction(output, client.post("/creative/briefs/predict", content))
        return
    if assets is not None:
        count = upload_assets(client, assets)
        output.note(f"{count} image{'' if count == 1 else 's'} of {assets} stored under {PREFIX}.")
    operation = client.post("/creative/briefs", content)
    if wait is None:
        wait = sys.stderr.isatty()
    if not wait:
        _print_operation(output, operation)
        return
    ended = follow(client, operation, title="Images")
    manifest = ended.get("result") or {}
    if "products" in manifest:
        print_manifest(output, manifest)
    if failure := failure_of(ended):
        raise failure


def _print_operation(output: Output, operation: dict[str, Any]) -> None:
    if output.as_json:
        output.json(operation)
    else:
        output.line(operation["id"])
        output.note("The campaign runs; `headgate status` shows how much there is to do.")
