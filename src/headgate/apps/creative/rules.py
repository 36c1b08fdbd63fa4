"""Decisions of the creative app: what a run is called, what equals what, how a campaign stands."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from headgate.apps.creative.model import BRIEFS, Brand, CampaignState, Work
from headgate.core.errors import InvalidInput

_RUNS = uuid5(NAMESPACE_URL, "headgate:creative:run")


def run_of(event_id: int) -> str:
    """Return the id of the run that a brief's event begins, also its operation's id."""
    return str(uuid5(_RUNS, str(event_id)))


def output_folder(campaign_id: str, at: datetime, *, collision: int = 0) -> str:
    """Return `output/<campaign>-<time>`; `collision` tells apart runs of one instant."""
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%S") + f"{at.microsecond // 1000:03d}Z"
    return f"output/{campaign_id}-{stamp}" + (f"-{collision + 1}" if collision else "")


def rejection_key(brief_key: str, at: datetime) -> str:
    """Return where the faults of a rejected brief are written, beside the outputs."""
    name = brief_key.removeprefix(BRIEFS).removesuffix(".json").replace("/", "-")
    return f"output/rejected/{name}-{at.astimezone(UTC).strftime('%Y%m%dT%H%M%S')}.json"


def content_hash(**inputs: Any) -> str:
    """Return the name of everything that goes into a picture; equal inputs, equal name."""
    text = json.dumps(inputs, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def seed_of(input_hash: str) -> int:
    """Return the seed of a picture: a retry and a second campaign ask for the same one."""
    return int(input_hash[:8], 16) & 0x7FFF_FFFF


def generation_hash(
    *,
    name: str,
    description: str,
    message: str,
    brand: Brand,
    model: str,
    audience: str = "",
    region: str = "",
) -> str:
    market = {"audience": audience, "region": region}
    return content_hash(
        step="generate/1",
        name=name,
        description=description,
        message=message,
        palette=palette_of(brand),
        model=model,
        **{word: said for word, said in market.items() if said},
    )


def take_hash(picture_hash: str, take: int) -> str:
    """Return the name of the picture's `take`-th making; the first one has the picture's own."""
    return picture_hash if take == 1 else content_hash(picture=picture_hash, take=take)


def palette_of(brand: Brand) -> tuple[str, ...]:
    """Return the brand's colors, the main one first."""
    return tuple(c for c in (brand.primary, brand.background, brand.text) if c)


def variant_hash(*, source: str, work: Work, preset: str, renderer: str) -> str:
    """Return the name of one variant; `source` names the bytes of the picture it is made of."""
    return content_hash(
        step="compose",
        renderer=renderer,
        source=source,
        message=work.message,
        brand=[work.brand.primary, work.brand.background, work.brand.text],
        preset=preset,
    )


def to_payload(work: Work) -> dict[str, Any]:
    """Return a product as it travels in an event."""
    brand = work.brand
    return {
        "run_id": work.run_id,
        "idx": work.idx,
        "output": work.output,
        "name": work.name,
        "description": work.description,
        "message": work.message,
        "brand": {
            "name": brand.name,
            "primary": brand.primary,
            "background": brand.background,
            "text": brand.text,
        },
        "image_key": work.image_key,
        "audience": work.audience,
        "region": work.region,
    }


def from_payload(payload: Mapping[str, Any]) -> Work:
    """Return the product in an event's payload."""
    return Work(**{**payload, "brand": Brand(**payload["brand"])})


def work_again(campaign: Mapping[str, Any], product: Mapping[str, Any]) -> Work:
    """Return a product as it was routed, from the rows of its run."""
    style = campaign["style"]
    return Work(
        run_id=campaign["run_id"],
        idx=product["idx"],
        output=campaign["output"],
        name=product["name"],
        description=product["description"],
        message=campaign["message"],
        brand=Brand(style.get("name", ""), style["primary"], style["background"], style["text"]),
        image_key=product["image_key"] or product["asset_key"],
        audience=campaign["audience"],
        region=campaign["region"],
    )


def named_product(key: str | None) -> tuple[str, int]:
    """Return the run and the index that the key `<hash>/<run>/<index>` of an event names."""
    match (key or "").split("/"):
        case [_, run_id, idx] if idx.isdecimal() and _is_uuid(run_id):
            return run_id, int(idx)
        case _:
            raise InvalidInput(f"The key {key!r} names no product: it is <hash>/<run>/<index>.")


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def campaign_state(products: Sequence[Mapping[str, Any]]) -> CampaignState:
    """Return `complete` exactly when all products are done, and what it is until then.

    `partial` and `failed` mean that nothing moves any more: some or all products failed for good.
    """
    states = [product["state"] for product in products]
    if all(state == "done" for state in states):
        return "complete"
    if any(state not in {"done", "failed"} for state in states):
        return "processing"
    return "partial" if "done" in states else "failed"
