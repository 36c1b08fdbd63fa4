"""The manifest of a run, from its rows. Pure: equal rows, equal manifest."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from headgate.apps.creative.catalogue.costs import usd
from headgate.apps.creative.rules import campaign_state

Row = Mapping[str, Any]


def build_manifest(
    campaign: Row,
    products: Sequence[Row],
    charges: Sequence[Row],
    *,
    revision: int,
    at: datetime,
) -> dict[str, Any]:
    """Return the manifest as it is written to `<output>/manifest.json`.

    Money is in millionths of the currency; `uncertain_micros` is what a provider may have charged
    for answers that never came.
    """
    state = campaign_state(products)
    return {
        "campaign_id": campaign["campaign_id"],
        "run_id": campaign["run_id"],
        "status": state,
        "campaign_message": campaign["message"],
        "brief": campaign["brief_key"],
        "output": campaign["output"],
        "created_at": campaign["created_at"].isoformat(),
        "updated_at": at.isoformat(),
        "completed_at": at.isoformat() if state == "complete" else None,
        "revision": revision,
        "counts": {
            "products": len(products),
            "done": sum(p["state"] == "done" for p in products),
            "failed": sum(p["state"] == "failed" for p in products),
            "images": sum(len(p["variants"]) for p in products),
        },
        "costs": _costs(charges, products),
        "products": [_product(p, [c for c in charges if c["idx"] == p["idx"]]) for p in products],
    }


def _product(product: Row, charges: Sequence[Row]) -> dict[str, Any]:
    return {
        "index": product["idx"],
        "name": product["name"],
        "status": product["state"],
        "image_source": product["image_source"] or ("existing" if product["asset_key"] else None),
        "image": product["image_key"] or product["asset_key"],
        "image_reused": product["image_reused"],
        "image_facts": product["image_facts"],
        "cost_micros": sum(c["micros"] for c in charges if c["state"] == "charged"),
        "variants": product["variants"],
        "warnings": product["warnings"],
        "failure": product["failure"],
    }


def _costs(charges: Sequence[Row], products: Sequence[Row]) -> dict[str, Any]:
    charged = sum(c["micros"] for c in charges if c["state"] == "charged")
    return {
        "currency": charges[0]["currency"] if charges else "USD",
        "total_micros": charged,
        "total": usd(charged),
        "uncertain_micros": sum(c["micros"] for c in charges if c["state"] == "uncertain"),
        "saved_by_reuse_micros": sum(
            p["image_facts"].get("saved_micros", 0) for p in products if p["state"] == "done"
        ),
        "lines": [
            {
                "product": c["idx"],
                "model": c["model"],
                "unit": c["unit"],
                "micros": c["micros"],
                "state": c["state"],
                "price_as_of": c["price_as_of"].isoformat(),
                "price_source": c["price_source"],
                "request_id": c["request_id"],
                "note": c["note"],
            }
            for c in charges
        ],
    }
