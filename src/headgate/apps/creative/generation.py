"""Making a picture once: look before asking, write down the money before spending it."""

import json
from dataclasses import dataclass
from typing import Any

from headgate.apps.creative import rules, store
from headgate.apps.creative.model import Work
from headgate.apps.creative.ports.image_model import AnswerLost, GeneratedImage, ImageRequest
from headgate.apps.creative.ports.image_model.prompt import prompt_for
from headgate.apps.creative.resources import CreativeResources
from headgate.core.app import TaskContext
from headgate.core.errors import HeadgateError
from headgate.ports.object_store import ObjectMissing

Context = TaskContext[CreativeResources]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in the store. `reused`: no provider was asked for it by this task."""

    hash: str
    object_key: str
    facts: dict[str, Any]
    reused: bool


async def make_picture(ctx: Context, work: Work, *, again: bool = False) -> Picture:
    """Return the picture of a product, made now or before; equal inputs are paid for once.

    With `again` the one that there is was not right: another take of it is made, from another seed,
    and stands for these inputs from then on.

    A picture goes into the store before the task completes, so an attempt that dies in between is
    found by the next one. What remains unknown is an answer that never came: the ledger keeps it as
    uncertain.
    """
    model = ctx.resources.model
    picture_hash = rules.generation_hash(
        name=work.name,
        description=work.description,
        message=work.message,
        brand=work.brand,
        model=model.model,
        audience=work.audience,
        region=work.region,
    )
    known = await ctx.read(store.find_picture, org_id=ctx.task.org_id, hash=picture_hash)
    take = known["facts"].get("take", 1) if known is not None else 1
    if known is not None and again:
        take += 1
    elif known is not None and await _exists(ctx, known["object_key"]):
        name = rules.take_hash(picture_hash, take)
        return Picture(name, known["object_key"], known["facts"], reused=True)
    name = rules.take_hash(picture_hash, take)
    key = f"cache/generated/{name}.png"
    if (facts := await _left_behind(ctx, key)) is not None:
        ctx.write(store.charge_found, org_id=ctx.task.org_id, input_hash=name)
    else:
        facts = await _ask(ctx, work, name, key)
    facts = {**facts, "take": take}
    ctx.write(
        store.add_picture,
        org_id=ctx.task.org_id,
        hash=picture_hash,
        object_key=key,
        facts=facts,
    )
    return Picture(name, key, facts, reused=False)


async def _ask(ctx: Context, work: Work, picture_hash: str, key: str) -> dict[str, Any]:
    model, today = ctx.resources.model, ctx.now.date()
    prompt = prompt_for(
        product_name=work.name,
        description=work.description,
        message=work.message,
        audience=work.audience,
        region=work.region,
        max_prompt=model.capabilities().max_prompt,
    )
    request = ImageRequest(
        prompt=prompt,
        product_name=work.name,
        description=work.description,
        seed=rules.seed_of(picture_hash),
        palette=rules.palette_of(work.brand),
    )
    price = model.price(request, on=today)
    if price.micros == 0:
        made = await model.generate(request, on=today)
    else:
        charge = await ctx.record(
            store.intend_charge,
            org_id=ctx.task.org_id,
            run_id=work.run_id,
            idx=work.idx,
            task_id=ctx.task.id,
            input_hash=picture_hash,
            model=model.model,
            micros=price.micros,
            currency=price.currency,
            unit=price.unit,
            price_as_of=price.as_of,
            price_source=price.source,
        )
        made = await _pay(ctx, request, charge)
    facts = {
        "model": made.model,
        "source": model.image_source,
        "seed": made.seed,
        "width": made.width,
        "height": made.height,
        "prompt": prompt,
        "price_micros": price.micros,
        "request_id": made.provider_request_id,
    }
    await ctx.objects.put(f"{key}.json", json.dumps(facts).encode())
    await ctx.objects.put(key, made.png)
    return facts


async def _pay(ctx: Context, request: ImageRequest, charge: int) -> GeneratedImage:
    """Ask the provider; the ledger's line ends as charged, uncertain or void."""
    try:
        made = await ctx.resources.model.generate(request, on=ctx.now.date())
    except AnswerLost as error:
        await ctx.record(store.settle_charge, id=charge, state="uncertain", note=error.message)
        raise
    except HeadgateError as error:
        await ctx.record(store.settle_charge, id=charge, state="void", note=error.message)
        raise
    ctx.write(store.settle_charge, id=charge, state="charged", request_id=made.provider_request_id)
    return made


async def _left_behind(ctx: Context, key: str) -> dict[str, Any] | None:
    """Return the facts of a picture that an attempt stored before it died."""
    try:
        await ctx.objects.head(key)
        facts: dict[str, Any] = json.loads(await ctx.objects.get(f"{key}.json"))
    except ObjectMissing:
        return None
    return facts


async def _exists(ctx: Context, key: str) -> bool:
    try:
        await ctx.objects.head(key)
    except ObjectMissing:
        return False
    return True
