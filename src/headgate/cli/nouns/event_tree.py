"""A cascade as lines: a tree on a terminal, a line for each node with its depth when piped."""

from collections.abc import Iterator, Mapping, Sequence

from headgate.cli.output import Item
from headgate.cli.output.tree import branches
from headgate.cli.output.values import plain

_STATES = ("done", "running", "pending", "dead", "cancelled")


def tree_lines(cascade: Item, *, on_terminal: bool) -> Iterator[str]:
    """Yield the nodes from the event down; one with several parents is below the first."""
    nodes: Sequence[Item] = cascade["nodes"]
    if not on_terminal:
        for node in nodes:
            cells = (node["depth"], node["job"], _datasets(node), *map(node["tasks"].get, _STATES))
            yield "\t".join(map(plain, cells))
        return
    by_id: Mapping[int, Item] = {node["id"]: node for node in nodes}
    below: dict[int, list[int]] = {}
    for node in nodes:
        if node["parents"]:
            below.setdefault(node["parents"][0], []).append(node["id"])
    yield from branches(0, below=below, text=lambda id_: _text(by_id[id_]))


def _text(node: Item) -> str:
    if node["job"] is None:
        return plain(_datasets(node))
    made = f" → {_datasets(node)}" if node["datasets"] else ""
    return plain(f"{node['job']}{made}: {_counts(node)}")


def _datasets(node: Item) -> str:
    return ", ".join(
        f"{one['dataset']} {one['where']}{' (stale)' if one['stale'] else ''}"
        for one in node["datasets"]
    )


def _counts(node: Item) -> str:
    tasks = node["tasks"]
    found = [f"{tasks[state]:,} {state}" for state in _STATES if tasks[state]]
    if not found and node["expected"] and not node["at_rest"]:
        found.append(f"{node['expected']:,} to come")
    if node["units_left"]:
        found.append(f"{node['units_left']:,} units left of a backfill")
    if node["events_unrouted"]:
        found.append(f"{node['events_unrouted']:,} events not routed yet")
    if node["paused"] and not node["at_rest"]:
        found.append("paused")
    return ", ".join(found) or ("nothing to do" if node["at_rest"] else "nothing yet")
