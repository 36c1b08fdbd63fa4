"""`headgate dataset lineage`: what a dataset is made from, and what is made from it."""

from collections.abc import Iterator

import click

from headgate.cli.client import Client
from headgate.cli.nouns.part import dataset_path
from headgate.cli.options import examples, talks_to_server
from headgate.cli.output import Item, Output
from headgate.cli.output.tree import branches
from headgate.cli.output.values import plain

_MOST_STEPS = 20


@click.command("lineage", epilog=examples("headgate dataset lineage creative.output --up 5"))
@click.argument("name", metavar="NAME")
@click.option(
    "--up",
    type=click.IntRange(0, _MOST_STEPS),
    default=3,
    show_default=True,
    help="How many jobs up.",
)
@click.option(
    "--down",
    type=click.IntRange(0, _MOST_STEPS),
    default=3,
    show_default=True,
    help="How many jobs down.",
)
@talks_to_server
def lineage(*, client: Client, output: Output, name: str, up: int, down: int) -> None:
    """Show what a dataset is made from and what is made from it, as trees."""
    found = client.get(dataset_path(name, "/lineage"), up=up, down=down)
    if output.as_json:
        output.json(found)
        return
    for line in _lines(found, on_terminal=output.on_terminal):
        output.line(line)
    if not found["complete"]:
        output.note("There is more: see it with a higher --up or --down.")


def _lines(lineage: Item, *, on_terminal: bool) -> Iterator[str]:
    if not on_terminal:
        for node in lineage["nodes"]:
            cells = (node["layer"], node["kind"], node["name"], node["state"])
            yield "\t".join(map(plain, cells))
        return
    names = {node["id"]: _text(node) for node in lineage["nodes"]}
    root = next(node["id"] for node in lineage["nodes"] if node["layer"] == 0)
    yield names[root]
    for title, sign in (("made from", -1), ("read by", 1)):
        below = _side(lineage, sign)
        if below.get(root):
            yield title
            yield from list(branches(root, below=below, text=names.__getitem__))[1:]


def _side(lineage: Item, sign: int) -> dict[str, list[str]]:
    """Return, by node, its neighbors further out on one side; each node is below one other."""
    away = {
        node["id"]: node["layer"] * sign for node in lineage["nodes"] if node["layer"] * sign >= 0
    }
    below: dict[str, list[str]] = {}
    placed: set[str] = set()
    for edge in lineage["edges"]:
        near, far = (edge["source"], edge["target"])[::sign]
        if near in away and far in away and away[near] < away[far] and far not in placed:
            placed.add(far)
            below.setdefault(near, []).append(far)
    return below


def _text(node: Item) -> str:
    if node["kind"] == "dataset":
        return plain(f"{node['name']}{' (stale)' if node['state'] == 'stale' else ''}")
    counts = ", ".join(
        f"{node[what]:,} {what}" for what in ("running", "waiting", "dead") if node[what]
    )
    said = "source" if node["kind"] == "source" else node["state"]
    return plain(f"{node['name']} ({said}{f': {counts}' if counts else ''})")
