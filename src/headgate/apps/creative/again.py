"""What a task of a product is to do: new work, or what an invalidation asks for again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from headgate.apps.creative import rules, store
from headgate.apps.creative.compose import PRESETS, Preset
from headgate.apps.creative.model import Work
from headgate.apps.creative.resources import CreativeResources
from headgate.core.app import Event, TaskContext
from headgate.core.errors import NotFound

Context = TaskContext[CreativeResources]


@dataclass(frozen=True, slots=True)
class Asked:
    """One product and which of its variants. `again`: those that there are of it are not right.

    `kept` are the entries of the variants that stay.
    """

    work: Work
    again: bool = False
    presets: Sequence[Preset] = PRESETS
    kept: Sequence[dict[str, Any]] = ()


async def asked(ctx: Context) -> list[Asked]:
    """Return what the task's events ask for, each product once; an invalidation wins."""
    found: dict[tuple[str, int], Asked] = {}
    for event in ctx.events:
        if event.kind == "update":
            one = Asked(rules.from_payload(event.payload))
        else:
            one = await _again(ctx, event)
        name = (one.work.run_id, one.work.idx)
        if name in found:  # several at once: all of it, and by the last word
            one = Asked(one.work, again=one.again or found[name].again)
        found[name] = one
    return list(found.values())


async def _again(ctx: Context, event: Event) -> Asked:
    run_id, idx = rules.named_product(event.key)
    campaign = await ctx.read(store.campaign, org_id=ctx.task.org_id, run_id=run_id)
    rows = await ctx.read(store.products, run_ids=[run_id]) if campaign else []
    row = next((row for row in rows if row["idx"] == idx), None)
    if campaign is None or row is None:
        raise NotFound(f"There is no product {idx} of run {run_id}.")
    work = rules.work_again(campaign, row)
    names = (event.payload or {}).get("presets")
    if names is None or {v["preset"] for v in row["variants"]} != {p.name for p in PRESETS}:
        return Asked(work, again=True)
    return Asked(
        work,
        again=True,
        presets=[preset for preset in PRESETS if preset.name in names],
        kept=[entry for entry in row["variants"] if entry["preset"] not in names],
    )
