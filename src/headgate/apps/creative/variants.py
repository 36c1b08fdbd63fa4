"""The five variants of a product: composed once for equal inputs, then copied where they belong."""

import asyncio
import hashlib
from collections.abc import Sequence
from typing import Any

from headgate.apps.creative import rules, store
from headgate.apps.creative.compose import (
    PRESETS,
    RENDERER_VERSION,
    Preset,
    Style,
    Variant,
    compose,
)
from headgate.apps.creative.model import Work
from headgate.apps.creative.resources import CreativeResources
from headgate.core.app import TaskContext
from headgate.core.errors import NotFound
from headgate.ports.object_store import ObjectMissing

Context = TaskContext[CreativeResources]


async def make_variants(
    ctx: Context, work: Work, *, presets: Sequence[Preset] = PRESETS, again: bool = False
) -> list[dict[str, Any]]:
    """Return the entries of the manifest for a product's variants, in the order of the presets.

    With `again` nothing that was composed before is taken.
    """
    source = await _source(ctx, work)
    digest = hashlib.sha256(source).hexdigest()
    hashes = {
        preset.name: rules.variant_hash(
            source=digest, work=work, preset=preset.name, renderer=RENDERER_VERSION
        )
        for preset in presets
    }
    entries = {} if again else await _known(ctx, hashes)
    missing = [preset for preset in presets if preset.name not in entries]
    if missing:
        made = await asyncio.to_thread(
            compose, source, headline=work.message, style=_style(work), presets=tuple(missing)
        )
        for variant in made:
            name = variant.preset.name
            entries[name] = await _keep(ctx, hashes[name], variant)
    return [entries[preset.name] for preset in presets]


async def publish(ctx: Context, work: Work, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Copy the variants to a run's folder under the names of document 002."""
    published = []
    for number, entry in enumerate(entries, 1):
        key = f"{work.output}/variants/product-{work.idx}-{entry['preset']}.jpg"
        info = await ctx.objects.put(key, await ctx.objects.get(entry["object_key"]))
        shown = {name: value for name, value in entry.items() if name != "object_key"}
        made_at = info.modified.isoformat()
        published.append({**shown, "key": key, "version": info.version, "made_at": made_at})
        await ctx.progress(number, len(entries), entry["preset"])
    return published


def in_order(entries: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return entries in the order of the presets."""
    names = [preset.name for preset in PRESETS]
    return sorted(entries, key=lambda entry: names.index(entry["preset"]))


async def _source(ctx: Context, work: Work) -> bytes:
    if work.image_key is None:
        raise NotFound(f"{work.name} has no picture.")
    try:
        return await ctx.objects.get(work.image_key)
    except ObjectMissing as error:
        raise NotFound(
            f"The existing asset {work.image_key} of {work.name!r} is not there.",
            hint=f"Put it there (headgate object put FILE {work.image_key}),"
            " then redrive the dead letter.",
        ) from error


async def _known(ctx: Context, hashes: dict[str, str]) -> dict[str, dict[str, Any]]:
    rows = await ctx.read(store.find_pictures, org_id=ctx.task.org_id, hashes=list(hashes.values()))
    names = {value: name for name, value in hashes.items()}
    found = {}
    for row in rows:
        try:
            await ctx.objects.head(row["object_key"])
        except ObjectMissing:
            continue  # the lifecycle removed it: compose it again
        found[names[row["hash"]]] = {
            **row["facts"],
            "object_key": row["object_key"],
            "reused": True,
        }
    return found


async def _keep(ctx: Context, picture_hash: str, variant: Variant) -> dict[str, Any]:
    preset, report = variant.preset, variant.report
    key = f"cache/variants/{picture_hash}.jpg"
    facts = {
        "preset": preset.name,
        "width": preset.width,
        "height": preset.height,
        "bytes": len(variant.jpeg),
        "layout": report.layout,
        "product_kept": report.product_kept,
        "contrast": report.contrast,
        "safe_zone": report.safe_zone,
        "text_box": report.text_box and list(report.text_box),
        "text_size_px": report.text_size_px,
        "missing_glyphs": list(report.missing_glyphs),
        "warnings": list(report.warnings),
    }
    await ctx.objects.put(key, variant.jpeg)
    ctx.write(
        store.add_picture,
        org_id=ctx.task.org_id,
        hash=picture_hash,
        object_key=key,
        facts=facts,
    )
    return {**facts, "object_key": key, "reused": False}


def _style(work: Work) -> Style:
    brand = work.brand
    chosen = {
        "primary": brand.primary,
        "background": brand.background,
        "text": brand.text,
    }
    return Style(**{name: color for name, color in chosen.items() if color is not None})
