"""Decisions of the creative app: what a run is called, what equals what, how a campaign stands."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from headgate.apps.creative.model import BRIEFS, Brand, CampaignState, Work

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


def generation_hash(*, name: str, description: str, message: str, brand: Brand, model: str) -> str:
    return content_hash(
        step="generate/1",
        name=name,
        description=description,
        message=message,
        palette=palette_of(brand),
        model=model,
    )


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
    }


def from_payload(payload: Mapping[str, Any]) -> Work:
    """Return the product in an event's payload."""
    return Work(**{**payload, "brand": Brand(**payload["brand"])})


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
