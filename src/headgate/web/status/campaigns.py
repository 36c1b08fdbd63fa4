"""Campaigns with the images they made."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from headgate.core.app import App
from headgate.core.services import Services
from headgate.web.status.markup import NOTHING, Markup, badge, join, moment, tag

_SHOWN = 8
_STATES = {
    "processing": ("busy", "in work"),
    "complete": ("good", "complete"),
    "partial": ("warn", "in part"),
    "failed": ("bad", "failed"),
}
_SOURCES = {
    "existing": "its own picture",
    "generated": "a generated picture",
    "draft": "a draft picture, made here",
}
_VARIANTS = 5
Row = Mapping[str, Any]


async def recent(services: Services, apps: Sequence[App], *, org_id: int) -> Sequence[Row]:
    """Return the newest campaigns with their products; none where the app is not installed."""
    if not any(app.name == "creative" for app in apps):
        return ()
    from headgate.apps.creative.routes import recent_campaigns

    return await recent_campaigns(services, org_id=org_id, cursor=None, limit=_SHOWN)


def gallery(campaigns: Sequence[Row]) -> Markup:
    """Return the campaigns, newest first, or what to do to have one."""
    shown = [row for row in campaigns if row["state"] != "rejected"]
    if shown:
        body = join(_campaign(row) for row in shown)
    else:
        body = tag(
            "p",
            "No campaign yet. Run the example with ",
            tag("code", "headgate demo"),
            ", or your own brief with ",
            tag("code", "headgate creative run brief.json"),
            ".",
            class_="empty",
        )
    return tag(
        "section",
        tag("h2", "Campaigns", id="campaigns-title"),
        tag("div", body, data_key="campaign-list"),
        aria_labelledby="campaigns-title",
        data_key="campaigns",
    )


def object_url(key: str) -> str:
    """Return where the object under a key is served."""
    return f"/api/v1/objects/{quote(key)}"


def _campaign(row: Row) -> Markup:
    kind, word = _STATES.get(row["state"], ("idle", row["state"]))
    products = row["products"]
    images = sum(len(product["variants"]) for product in products)
    manifest = tag("a", "manifest", href=f"/api/v1/creative/campaigns/{row['run_id']}/manifest")
    total = len(products) * _VARIANTS
    busy = row["state"] == "processing" and total
    return tag(
        "article",
        tag(
            "header",
            tag("h3", row["message"] or row["campaign_id"]),
            tag(
                "p",
                badge(kind, word),
                f" {row['campaign_id']} · {images} of {total} images · ",
                moment(row["created_at"]),
                " · " if row["output"] else None,
                manifest if row["output"] else None,
                class_="note",
            ),
            tag("progress", max=total, value=images, aria_label="Images made") if busy else NOTHING,
            data_key=f"head-{row['run_id']}",
        ),
        *(_product(row["run_id"], product) for product in products),
        class_="campaign",
        data_key=f"campaign-{row['run_id']}",
    )


def _product(run_id: str, product: Row) -> Markup:
    variants, failure = product["variants"], product["failure"]
    if variants:
        body = tag("ul", *(_image(product["name"], v) for v in variants), class_="variants")
    elif failure:
        body = tag("p", str(failure.get("message", "failed")), class_="problem")
    else:
        body = tag("p", "in work", class_="note")
    source = _SOURCES.get(product["image_source"] or "", "")
    reused = ", from an earlier run" if product["image_reused"] else ""
    return tag(
        "div",
        tag("h4", product["name"], tag("span", f" {source}{reused}", class_="note")),
        body,
        class_="product",
        data_key=f"product-{run_id}-{product['idx']}",
    )


def _image(name: str, variant: Row) -> Markup:
    width, height = int(variant["width"]), int(variant["height"])
    preset = str(variant["preset"]).replace("-", " ")
    url = object_url(variant["key"])
    image = tag(
        "img",
        src=url,
        alt=f"{name}, {preset}",
        width=width,
        height=height,
        loading="lazy",
        decoding="async",
    )
    return tag(
        "li",
        tag("a", image, href=url),
        tag("span", f"{preset} {width}×{height}", class_="note"),  # noqa: RUF001 - a times sign
    )
