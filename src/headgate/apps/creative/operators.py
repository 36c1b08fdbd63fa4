"""The work of the creative app, in the order of its DAG."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from headgate.apps.creative import rules, store
from headgate.apps.creative.again import asked
from headgate.apps.creative.brief import read_brief
from headgate.apps.creative.generation import make_picture
from headgate.apps.creative.manifest import build_manifest
from headgate.apps.creative.model import MAX_BRIEF_BYTES, Brief, BriefProduct, CampaignState, Work
from headgate.apps.creative.resources import CreativeResources
from headgate.apps.creative.variants import in_order, make_variants, publish
from headgate.core.app import TaskContext, operator
from headgate.core.database import Connection
from headgate.core.errors import Conflict, NotFound, TooLarge
from headgate.core.operations import store as operations
from headgate.ports.object_store import ObjectMissing, PutConflict

Context = TaskContext[CreativeResources]

KIND = "creative.campaign"
_VARIANTS = 5
_MANIFEST_TRIES = 5
_OPERATION_STATES: dict[CampaignState, operations.State] = {
    "processing": "running",
    "complete": "succeeded",
    "partial": "failed",
    "failed": "failed",
}


class ManifestContended(Conflict):
    """Others keep writing this manifest; a later try sees what they wrote."""

    retry = True


@operator
async def parse_brief(ctx: Context) -> None:
    """Read a brief, open its campaign and route each product to generation or reuse."""
    event = ctx.events[0]
    put = event.payload or await _newest_put(ctx, event.key or "")  # an invalidation has none
    brief = read_brief(await _brief_bytes(ctx, put))
    run_id = rules.run_of(event.id)
    output = rules.output_folder(brief.campaign_id, event.at)
    collision = 0
    while await ctx.read(store.output_taken, org_id=ctx.task.org_id, output=output, run_id=run_id):
        collision += 1
        output = rules.output_folder(brief.campaign_id, event.at, collision=collision)
    brand = brief.brand
    ctx.write(
        store.open_campaign,
        run_id=run_id,
        org_id=ctx.task.org_id,
        campaign_id=brief.campaign_id,
        event_id=event.id,
        brief_key=put["key"],
        brief_version=put["version"],
        message=brief.message,
        style={
            "name": brand.name,
            "primary": brand.primary,
            "background": brand.background,
            "text": brand.text,
        },
        audience=brief.audience,
        region=brief.region,
        output=output,
        created_at=event.at,
    )
    works = [
        _work(brief, product, run_id=run_id, idx=idx, output=output)
        for idx, product in enumerate(brief.products)
    ]
    keys = [await _key_of(ctx, work) for work in works]
    ctx.write(
        store.add_products,
        run_id=run_id,
        org_id=ctx.task.org_id,
        names=[p.name for p in brief.products],
        descriptions=[p.description for p in brief.products],
        assets=[p.asset for p in brief.products],
        generate_keys=[
            None if work.image_key else key for work, key in zip(works, keys, strict=True)
        ],
        compose_keys=[
            key if work.image_key else None for work, key in zip(works, keys, strict=True)
        ],
    )
    ctx.write(
        operations.start,
        id=UUID(run_id),
        org_id=ctx.task.org_id,
        kind=KIND,
        actor="local",
        subject=brief.campaign_id,
        total=len(brief.products) * _VARIANTS,
    )
    ctx.emit("creative.campaign", key=run_id)
    for work, key in zip(works, keys, strict=True):
        dataset = "creative.to_reuse" if work.image_key else "creative.to_generate"
        ctx.emit(dataset, key=key, payload=rules.to_payload(work))
    ctx.log("campaign opened", campaign=brief.campaign_id, products=len(brief.products))
    today, model = ctx.now.date(), ctx.resources.model.model
    for warning in ctx.resources.catalogue.warnings(on=today, models=[model]):
        ctx.log(warning.message, level="warning")


@operator
async def generate_image(ctx: Context) -> None:
    """Make the picture of a product; every campaign that asked for the same one gets it."""
    wanted = await asked(ctx)
    picture = await make_picture(ctx, wanted[0].work, again=any(one.again for one in wanted))
    png = await ctx.objects.get(picture.object_key)
    for number, work in enumerate(one.work for one in wanted):
        key = f"{work.output}/generated/product-{work.idx}.png"
        info = await ctx.objects.put(key, png)
        reused = picture.reused or number > 0
        saved = picture.facts["price_micros"] if reused else 0
        ctx.write(
            store.set_image,
            run_id=work.run_id,
            idx=work.idx,
            image_key=key,
            image_source=picture.facts["source"],
            reused=reused,
            facts={**picture.facts, "saved_micros": saved, "version": info.version},
            task=ctx.task.id,
            compose_key=(then := _compose_key(work, picture=picture.hash)),
            again=wanted[number].again,
        )
        ctx.emit("creative.image", key=then, payload=rules.to_payload(work) | {"image_key": key})


@operator
async def compose_variants(ctx: Context) -> None:
    """Lay out the five variants of a product and put them into each run's folder."""
    for one in await asked(ctx):
        work = one.work
        made = await make_variants(ctx, work, presets=one.presets, again=one.again)
        entries = in_order([*one.kept, *await publish(ctx, work, made)])
        warnings = sorted({warning for entry in entries for warning in entry["warnings"]})
        ctx.write(
            store.finish_product,
            run_id=work.run_id,
            idx=work.idx,
            image_key=work.image_key,
            variants=entries,
            warnings=warnings,
            task=ctx.task.id,
        )
        ctx.emit("creative.variants", key=f"{work.run_id}/{work.idx}")


@operator
async def note_failure(ctx: Context) -> None:
    """Write down that a product failed for good, unless it was redriven since."""
    failure = ctx.events[0].payload
    run_id, idx = rules.named_product(failure["event"]["key"])
    ctx.write(
        store.fail_product,
        run_id=run_id,
        idx=idx,
        dead_letter=failure["dead_letter"],
        failure={"job": failure["job"], "dead_letter": failure["dead_letter"], **failure["error"]},
    )
    ctx.emit("creative.product_failed", key=f"{run_id}/{idx}")


@operator
async def reject_brief(ctx: Context) -> None:
    """Tell the sender of a brief every fault: in the store, in its operation, on the page."""
    failure = ctx.events[0].payload
    brief, error = failure["event"], failure["error"]
    run_id = rules.run_of(brief["id"])
    key = brief["key"]
    said = {
        "brief": key,
        "status": "rejected",
        "dead_letter": failure["dead_letter"],
        "problems": [],
        **error,
    }
    where = rules.rejection_key(key, ctx.events[0].at)
    await ctx.objects.put(where, json.dumps(said, indent=2, ensure_ascii=False).encode())
    ctx.write(
        store.reject_campaign,
        run_id=run_id,
        org_id=ctx.task.org_id,
        event_id=brief["id"],
        brief_key=key,
        brief_version=(brief["payload"] or {}).get("version", ""),
        problems=said["problems"],
        error=error["message"],
        at=ctx.events[0].at,
    )
    ctx.write(_end_rejected, org_id=ctx.task.org_id, run_id=run_id, key=key, said=said)


@operator
async def write_manifest(ctx: Context) -> None:
    """Write a run's manifest from its rows: complete exactly when all its products are."""
    run_id = ctx.task.partition or ""
    for _ in range(_MANIFEST_TRIES):
        try:
            await _write_manifest(ctx, run_id)
        except PutConflict:
            continue
        return
    raise ManifestContended(f"The manifest of run {run_id} is being written by others.")


@operator
async def expire_objects(ctx: Context) -> None:
    """Delete the objects under `params.prefixes` that are older than `params.keep_days`."""
    before = ctx.now - timedelta(days=ctx.task.params["keep_days"])
    deleted = 0
    for prefix in ctx.task.params["prefixes"]:
        old = [info.key async for info in ctx.objects.list(prefix) if info.modified < before]
        for key in old:
            await ctx.objects.delete(key)
        deleted += len(old)
    ctx.log("expired objects", deleted=deleted, before=before.isoformat())


async def _write_manifest(ctx: Context, run_id: str) -> None:
    def at(campaign: dict[str, Any]) -> str:
        return f"{campaign['output']}/manifest.json"

    first = await ctx.read(store.campaign, org_id=ctx.task.org_id, run_id=run_id)
    if first is None or first["output"] is None:
        raise NotFound(f"There is no run {run_id}.")
    # The etag before the rows: whoever wrote in between makes our put fail, so a manifest is never
    # replaced by one that knows less.
    try:
        etag = (await ctx.objects.head(at(first))).etag
    except ObjectMissing:
        etag = None
    campaign, products, charges = await ctx.read(_snapshot, org_id=ctx.task.org_id, run_id=run_id)
    revision = campaign["revision"] + 1
    manifest = build_manifest(campaign, products, charges, revision=revision, at=ctx.now)
    await ctx.objects.put(
        at(first),
        json.dumps(manifest, indent=2, ensure_ascii=False).encode(),
        if_absent=etag is None,
        if_match=etag,
    )
    ctx.write(
        store.set_campaign_state,
        org_id=ctx.task.org_id,
        run_id=run_id,
        state=manifest["status"],
        revision=revision,
        at=ctx.now,
    )
    ctx.write(_advance, org_id=ctx.task.org_id, run_id=run_id, manifest=manifest)


async def _snapshot(
    conn: Connection, *, org_id: int, run_id: str
) -> tuple[dict[str, Any] | None, list[dict[str, Any]], list[dict[str, Any]]]:
    return (
        await store.campaign(conn, org_id=org_id, run_id=run_id),
        await store.products(conn, run_ids=[run_id]),
        await store.charges(conn, run_id=run_id),
    )


async def _advance(conn: Connection, *, org_id: int, run_id: str, manifest: dict[str, Any]) -> None:
    status, counts = manifest["status"], manifest["counts"]
    state = _OPERATION_STATES[status]
    await operations.advance(
        conn,
        id=UUID(run_id),
        org_id=org_id,
        state=state,
        done=counts["images"],
        total=counts["products"] * _VARIANTS,
        message=f"{counts['done']} of {counts['products']} products done"
        + (f", {counts['failed']} failed" if counts["failed"] else ""),
        result=None if state == "running" else manifest,
        problems=[
            {"pointer": f"/products/{p['index']}", "code": f["code"], "message": f["message"]}
            for p in manifest["products"]
            if (f := p["failure"]) is not None
        ],
        reopen=True,
    )


async def _end_rejected(
    conn: Connection, *, org_id: int, run_id: str, key: str, said: dict[str, Any]
) -> None:
    await operations.start(
        conn, id=UUID(run_id), org_id=org_id, kind=KIND, actor="local", subject=key
    )
    await operations.advance(
        conn,
        id=UUID(run_id),
        org_id=org_id,
        state="failed",
        done=0,
        total=0,
        message=said["message"],
        result=said,
        problems=said["problems"],
    )


async def _brief_bytes(ctx: Context, put: dict[str, Any]) -> bytes:
    if put["size"] > MAX_BRIEF_BYTES:
        raise TooLarge(
            f"The brief has {put['size'] // 1024:,} KiB;"
            f" at most {MAX_BRIEF_BYTES // 1024} are read.",
            hint="Split it into several campaigns.",
        )
    try:
        return await ctx.objects.get(put["key"], version=put["version"])
    except ObjectMissing as error:
        raise NotFound(
            f"The brief {put['key']} was gone before it was read.", hint="Drop it again."
        ) from error


async def _newest_put(ctx: Context, key: str) -> dict[str, Any]:
    try:
        info = await ctx.objects.head(key)
    except ObjectMissing as error:
        raise NotFound(f"There is no brief {key}.", hint="Drop it again.") from error
    return {"key": key, "version": info.version, "size": info.size}


def _work(brief: Brief, product: BriefProduct, *, run_id: str, idx: int, output: str) -> Work:
    return Work(
        run_id=run_id,
        idx=idx,
        output=output,
        name=product.name,
        description=product.description,
        message=brief.message,
        brand=brief.brand,
        image_key=product.asset,
        audience=brief.audience,
        region=brief.region,
    )


async def _key_of(ctx: Context, work: Work) -> str:
    """Return the key that a product is routed by: its inputs' hash, so that equal work meets."""
    if work.image_key is None:
        inputs = rules.generation_hash(
            name=work.name,
            description=work.description,
            message=work.message,
            brand=work.brand,
            model=ctx.resources.model.model,
            audience=work.audience,
            region=work.region,
        )
        return f"{inputs}/{work.run_id}/{work.idx}"
    try:
        etag = (await ctx.objects.head(work.image_key)).etag
    except ObjectMissing:
        etag = work.run_id  # its task will say so, and can be redriven once the asset is there
    return _compose_key(work, picture=etag)


def _compose_key(work: Work, *, picture: str) -> str:
    brand = rules.to_payload(work)["brand"]
    inputs = rules.content_hash(picture=picture, message=work.message, brand=brand)
    return f"{inputs}/{work.run_id}/{work.idx}"
