"""The bodies of the creative routes, and what fills them from rows."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from headgate.apps.creative.catalogue.costs import CostPrediction, Kind
from headgate.apps.creative.compose import PRESETS
from headgate.apps.creative.model import CampaignState

Row = Mapping[str, Any]
ProductState = Literal["waiting", "imaged", "done", "failed"]
Step = Literal["picture", "compose"]
_STEPS: dict[str, Step] = {"generate": "picture", "compose": "compose"}


class FaultView(BaseModel):
    """One fault of a brief: where in it, a stable code, and why."""

    pointer: str
    code: str
    message: str


class FormatView(BaseModel):
    """An ad format in pixels. `safe` is what no platform covers: left, top, width, height."""

    preset: str
    width: int
    height: int
    safe: tuple[int, int, int, int]
    source: str
    checked: date


class CampaignSummary(BaseModel):
    """One run of a brief. `names` are its first three products, `images` its finished variants.

    `cost_micros` is what was charged, in millionths of a US dollar.
    """

    run_id: UUID
    campaign_id: str
    brief_key: str
    message: str
    output: str | None
    state: CampaignState
    problems: list[FaultView]
    error: str
    created_at: datetime
    ended_at: datetime | None
    products: int
    names: list[str]
    failed: int
    images: int
    images_total: int
    cost_micros: int


class VariantView(BaseModel):
    """One finished image and what was measured on it.

    `version` is that of the object under `key`. `text_box` is left, top, right, bottom.
    """

    preset: str
    key: str
    version: str | None = None
    made_at: datetime | None = None
    reused: bool
    width: int
    height: int
    bytes: int
    layout: str
    product_kept: float
    contrast: float | None
    safe_zone: bool
    text_box: list[int] | None
    text_size_px: float
    missing_glyphs: list[str]
    warnings: list[str]


class PictureView(BaseModel):
    """The picture that a product's variants are made of; what a model did not say is null."""

    key: str
    version: str | None
    source: Literal["existing", "generated", "draft"] | None
    reused: bool
    model: str | None
    prompt: str | None
    seed: int | None
    take: int
    width: int | None
    height: int | None


class StepView(BaseModel):
    """A task that is at work for a product, or waits to be; it may serve other products too."""

    step: Step
    task_id: int
    attempt: int
    running: bool
    at: datetime


class ProductFailure(BaseModel):
    """Why a product failed. `dead_letter`: what to redrive; null when its task was cancelled."""

    job: str
    code: str
    message: str
    hint: str
    dead_letter: int | None


class ProductView(BaseModel):
    """One product of a run.

    `picture_event` and `compose_event` are what to invalidate to have its picture or its variants
    made again; `picture_task` and `compose_task` made what there is.
    """

    idx: int
    name: str
    description: str
    state: ProductState
    asset_key: str | None
    picture: PictureView | None
    variants: list[VariantView]
    warnings: list[str]
    failure: ProductFailure | None
    steps: list[StepView]
    picture_event: str | None
    picture_task: int | None
    compose_event: str | None
    compose_task: int | None
    cost_micros: int
    saved_micros: int


class ChargeView(BaseModel):
    """A line of the ledger: what a provider was asked for."""

    product: int
    model: str
    unit: str
    micros: int
    currency: str
    state: Literal["intent", "charged", "uncertain", "void"]
    price_as_of: date
    price_source: str
    request_id: str | None
    note: str
    at: datetime


class BrandView(BaseModel):
    name: str = ""
    primary: str | None = None
    background: str | None = None
    text: str | None = None


class CampaignDetail(CampaignSummary):
    """One run with all that is known of its products. `revision`: the manifest's; 0: none yet."""

    audience: str
    region: str
    brand: BrandView
    revision: int
    uncertain_micros: int
    saved_micros: int
    price_of_a_picture_micros: Annotated[
        int, Field(description="What the model of today would charge for another picture.")
    ]
    formats: list[FormatView]
    items: list[ProductView]
    charges: list[ChargeView]


class CostLineView(BaseModel):
    product: str
    kind: Kind
    micros: int
    saved_micros: int


class Prediction(BaseModel):
    """What a brief would make and cost now. Money in millionths of the currency.

    `missing` are the pictures that the brief names and that are not there yet.
    """

    model: str
    lines: list[CostLineView]
    total_micros: int
    total: str
    saved_by_reuse_micros: int
    currency: str
    priced_as_of: str
    warnings: list[str]
    missing: list[FaultView]
    formats: list[FormatView]


class RunAgain(BaseModel):
    """What of a product is to be made again. `presets`: only these variants."""

    model_config = ConfigDict(strict=True, extra="forbid")

    step: Step
    presets: Annotated[
        list[Annotated[str, Field(max_length=40)]] | None, Field(min_length=1, max_length=20)
    ] = None


def formats() -> list[FormatView]:
    """Return the formats that each product is made in."""
    found = []
    for preset in PRESETS:
        box = preset.safe_box()
        found.append(
            FormatView(
                preset=preset.name,
                width=preset.width,
                height=preset.height,
                safe=(box.x, box.y, box.width, box.height),
                source=preset.source,
                checked=preset.checked,
            )
        )
    return found


def summary_of(row: Row) -> CampaignSummary:
    return CampaignSummary(**row, images_total=row["products"] * len(PRESETS))


def detail_of(
    campaign: Row,
    products: Sequence[Row],
    charges: Sequence[Row],
    steps: Sequence[Row],
    *,
    price_micros: int,
) -> CampaignDetail:
    items = [
        _product(
            row,
            [c for c in charges if c["idx"] == row["idx"]],
            [s for s in steps if s["idx"] == row["idx"]],
        )
        for row in products
    ]
    return CampaignDetail(
        **campaign,
        products=len(items),
        names=[item.name for item in items[:3]],
        failed=sum(item.state == "failed" for item in items),
        images=sum(len(item.variants) for item in items),
        images_total=len(items) * len(PRESETS),
        cost_micros=sum(item.cost_micros for item in items),
        brand=BrandView(**campaign["style"]),
        uncertain_micros=sum(c["micros"] for c in charges if c["state"] == "uncertain"),
        saved_micros=sum(item.saved_micros for item in items),
        price_of_a_picture_micros=price_micros,
        formats=formats(),
        items=items,
        charges=[ChargeView(product=line["idx"], **line) for line in charges],
    )


def prediction_of(
    found: CostPrediction, *, total: str, warnings: list[str], missing: list[FaultView]
) -> Prediction:
    return Prediction(
        model=found.model,
        lines=[
            CostLineView(
                product=line.product,
                kind=line.kind,
                micros=line.micros,
                saved_micros=line.saved_micros,
            )
            for line in found.lines
        ],
        total_micros=found.total_micros,
        total=total,
        saved_by_reuse_micros=found.saved_by_reuse_micros,
        currency=found.currency,
        priced_as_of=found.priced_as_of.isoformat(),
        warnings=warnings,
        missing=missing,
        formats=formats(),
    )


def _product(row: Row, charges: Sequence[Row], steps: Sequence[Row]) -> ProductView:
    failure = row["failure"]
    return ProductView(
        idx=row["idx"],
        name=row["name"],
        description=row["description"],
        state=row["state"],
        asset_key=row["asset_key"],
        picture=_picture(row),
        variants=[VariantView(**entry) for entry in row["variants"]],
        warnings=row["warnings"],
        failure=failure
        and ProductFailure(
            job=failure["job"],
            code=failure["code"],
            message=failure["message"],
            hint=failure.get("hint", ""),
            dead_letter=failure["dead_letter"],
        ),
        steps=[StepView(**{**step, "step": _STEPS[step["step"]]}) for step in steps],
        picture_event=row["generate_key"],
        picture_task=row["generate_task"],
        compose_event=row["compose_key"],
        compose_task=row["compose_task"],
        cost_micros=sum(c["micros"] for c in charges if c["state"] == "charged"),
        saved_micros=row["image_facts"].get("saved_micros", 0),
    )


def _picture(row: Row) -> PictureView | None:
    key = row["image_key"] or row["asset_key"]
    if key is None:
        return None
    facts = row["image_facts"]
    return PictureView(
        key=key,
        source=row["image_source"] or ("existing" if row["asset_key"] else None),
        reused=row["image_reused"],
        take=facts.get("take", 1),
        **{
            name: facts.get(name)
            for name in ("version", "model", "prompt", "seed", "width", "height")
        },
    )
