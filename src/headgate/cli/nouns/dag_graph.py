"""The graph of a DAG as text: layer by layer, with what each part does now."""

from collections.abc import Iterator

from headgate.cli.output import Item
from headgate.cli.output.values import plain

_SYMBOLS = {"source": "▶", "job": "●", "dataset": "○", "dag": "▣"}
_ELSEWHERE = "◌"


def graph_lines(graph: Item) -> Iterator[str]:
    """Yield the lines: sources ▶, jobs ●, datasets ○, those of other DAGs ◌.

    After ← stands what a part is made from, after a dash what is to be said of it now.
    """
    labels = {node["id"]: node["label"] for node in graph["nodes"]}
    inputs: dict[str, list[str]] = {}
    for edge in graph["edges"]:
        how = f" ({edge['kind']})" if edge["kind"] not in {"input", "output"} else ""
        inputs.setdefault(edge["to_id"], []).append(labels[edge["from_id"]] + how)
    last = None
    for node in sorted(graph["nodes"], key=lambda node: (node["layer"], node["y"])):
        layer = node["layer"] + 1
        number = f"{layer:>3}" if layer != last else "   "
        last = layer
        elsewhere = node["kind"] == "dataset" and node["dag"] != graph["dag"]
        symbol = _ELSEWHERE if elsewhere else _SYMBOLS[node["kind"]]
        made_from = ", ".join(inputs.get(node["id"], ()))
        yield plain(
            f"{number}  {symbol} {node['label']}"
            f"{f'  ← {made_from}' if made_from else ''}{_said(node)}"
        )


def _said(node: Item) -> str:
    job, dataset = node["job"], node["dataset"]
    if job is not None and (job["state"] != "idle" or job["dead_letters"]):
        return f"  - {job['text']}"
    return "  - stale" if dataset is not None and dataset["stale"] else ""
