"""HTTP in, HTTP out: submit a brief, predict its cost, look at campaigns."""

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from headgate.apps.creative import rules, store
from headgate.apps.creative.brief import BriefDocument, to_brief
from headgate.apps.creative.catalogue.costs import usd
from headgate.apps.creative.model import BRIEFS
from headgate.apps.creative.operators import KIND
from headgate.apps.creative.prediction import predict_brief
from headgate.core.access import Principal, current_principal
from headgate.core.errors import NotFound
from headgate.core.operations import store as operations
from headgate.core.paging import Cursor, Page, page_of
from headgate.core.services import Services
from headgate.core.sources.objects import announce
from headgate.ports.object_store import ObjectMissing

if TYPE_CHECKING:
    from headgate.apps.creative.resources import CreativeResources

Who = Annotated[Principal, Depends(current_principal)]


class CampaignSummary(BaseModel):
    """One run of a brief."""

    run_id: UUID
    campaign_id: str
    brief_key: str
    message: str
    output: str | None
    state: str
    problems: list[dict[str, Any]]
    error: str
    created_at: datetime
    ended_at: datetime | None
    products: list[dict[str, Any]]


class CostLineView(BaseModel):
    product: str
    kind: str
    micros: int
    saved_micros: int


class Prediction(BaseModel):
    """What a brief would cost now. Money in millionths of the currency."""

    model: str
    lines: list[CostLineView]
    total_micros: int
    total: str
    saved_by_reuse_micros: int
    currency: str
    priced_as_of: str
    warnings: list[str]


def router(services: Services) -> APIRouter:
    """Return the creative app's routes over this process's services."""
    routes = APIRouter(tags=["creative"])
    _brief_routes(routes, services)
    _campaign_routes(routes, services)
    return routes


def _brief_routes(routes: APIRouter, services: Services) -> None:
    resources: CreativeResources = services.resources["creative"]

    @routes.post("/briefs", status_code=202, response_model=None, operation_id="submit_brief")
    async def submit(brief: BriefDocument, who: Who) -> Response:
        """Submit a brief: stored under `input/campaign-briefs/`, where dropped ones lie too."""
        body = brief.model_dump_json(exclude_unset=True, indent=2).encode()
        key = f"{BRIEFS}{brief.campaign_id}-{uuid4().hex[:12]}.json"
        info = await services.objects.put(key, body, content_type="application/json")
        (event_id,) = await announce(services, org_id=who.org_id, info=info)
        run = UUID(rules.run_of(event_id))
        async with services.database.transaction() as conn:
            await operations.start(
                conn,
                id=run,
                org_id=who.org_id,
                kind=KIND,
                actor=who.name,
                subject=brief.campaign_id,
                total=len(brief.products) * 5,
            )
            operation = await operations.find(conn, org_id=who.org_id, id=run)
        body_json = json.loads(json.dumps(operation, default=_plain))
        return JSONResponse(
            body_json, status_code=202, headers={"Location": f"/api/v1/operations/{run}"}
        )

    @routes.post("/briefs/predict", operation_id="predict_brief")
    async def predict(brief: BriefDocument, who: Who) -> Prediction:
        """Price a brief without running it, by today's price list and what reuse would save."""
        today = services.clock().date()
        found = await predict_brief(
            services, resources, to_brief(brief), org_id=who.org_id, on=today
        )
        warnings = resources.catalogue.warnings(on=today, models=[resources.model.model])
        return Prediction(
            model=found.model,
            lines=[CostLineView(**_fields(line)) for line in found.lines],
            total_micros=found.total_micros,
            total=usd(found.total_micros),
            saved_by_reuse_micros=found.saved_by_reuse_micros,
            currency=found.currency,
            priced_as_of=found.priced_as_of.isoformat(),
            warnings=[w.message for w in warnings],
        )


def _campaign_routes(routes: APIRouter, services: Services) -> None:
    @routes.get("/campaigns", operation_id="list_campaigns")
    async def list_campaigns(
        who: Who,
        cursor: str | None = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> Page[CampaignSummary]:
        """List runs, newest first, with their products."""
        rows = await recent_campaigns(services, org_id=who.org_id, cursor=cursor, limit=limit + 1)
        return page_of(
            [CampaignSummary(**row) for row in rows],
            limit=limit,
            cursor=lambda c: Cursor((c.created_at.isoformat(), str(c.run_id))),
        )

    @routes.get("/campaigns/{run_id}", operation_id="get_campaign")
    async def get_campaign(run_id: UUID, who: Who) -> CampaignSummary:
        """Return one run with its products."""
        async with services.database.connection() as conn:
            row = await store.campaign(conn, org_id=who.org_id, run_id=str(run_id))
            if row is None:
                raise NotFound(f"There is no campaign run {run_id}.")
            products = await store.products(conn, run_ids=[str(run_id)])
        return CampaignSummary(**row, products=products)

    @routes.get("/campaigns/{run_id}/manifest", operation_id="get_manifest")
    async def get_manifest(run_id: UUID, who: Who) -> dict[str, Any]:
        """Return a run's newest manifest."""
        async with services.database.connection() as conn:
            row = await store.campaign(conn, org_id=who.org_id, run_id=str(run_id))
        if row is None or row["output"] is None:
            raise NotFound(f"There is no campaign run {run_id} with a manifest.")
        try:
            text = await services.objects.get(f"{row['output']}/manifest.json")
        except ObjectMissing as error:
            raise NotFound(f"The manifest of run {run_id} is not written yet.") from error
        manifest: dict[str, Any] = json.loads(text)
        return manifest


async def recent_campaigns(
    services: Services, *, org_id: int, cursor: str | None, limit: int
) -> list[dict[str, Any]]:
    """Return runs with their products, newest first; for the API and for pages."""
    before = Cursor.parse(cursor, datetime.fromisoformat, str) if cursor else None
    async with services.database.connection() as conn:
        rows = await store.list_campaigns(
            conn, org_id=org_id, before=(before[0], before[1]) if before else None, limit=limit
        )
        products = await store.products(conn, run_ids=[row["run_id"] for row in rows])
    return [
        {**row, "products": [p for p in products if p["run_id"] == row["run_id"]]} for row in rows
    ]


def _fields(line: Any) -> dict[str, Any]:
    return {name: getattr(line, name) for name in CostLineView.model_fields}


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
