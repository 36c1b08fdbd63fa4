"""HTTP in, HTTP out: submit a brief, predict its cost, look at campaigns, have parts made again."""

import asyncio
import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi.responses import JSONResponse, StreamingResponse

from headgate.apps.creative import sample, store
from headgate.apps.creative.archive import zipped
from headgate.apps.creative.brief import BriefDocument, to_brief
from headgate.apps.creative.catalogue.costs import usd
from headgate.apps.creative.model import BRIEFS, MAX_PRODUCTS, Brief, CampaignState
from headgate.apps.creative.prediction import predict_brief
from headgate.apps.creative.submitting import hand_in, run_again
from headgate.apps.creative.views import (
    CampaignDetail,
    CampaignSummary,
    FaultView,
    Prediction,
    RunAgain,
    detail_of,
    prediction_of,
    summary_of,
)
from headgate.core.access import Principal, current_principal
from headgate.core.errors import NotFound
from headgate.core.paging import Cursor, Page, page_of
from headgate.core.services import Services
from headgate.ports.object_store import ObjectMissing, ObjectStore

if TYPE_CHECKING:
    from headgate.apps.creative.resources import CreativeResources

Who = Annotated[Principal, Depends(current_principal)]
Index = Annotated[int, Path(ge=0, lt=MAX_PRODUCTS, description="The product's place in the brief.")]
_ZIP: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The finished images, a folder a product, and the manifest.",
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
    }
}


def router(services: Services) -> APIRouter:
    """Return the creative app's routes over this process's services."""
    routes = APIRouter(tags=["creative"])
    _brief_routes(routes, services)
    _campaign_routes(routes, services)
    _result_routes(routes, services)
    return routes


def _brief_routes(routes: APIRouter, services: Services) -> None:
    resources: CreativeResources = services.resources["creative"]

    @routes.post("/briefs", status_code=202, response_model=None, operation_id="submit_brief")
    async def submit(brief: BriefDocument, who: Who) -> Response:
        """Submit a brief: stored under `input/campaign-briefs/`, where dropped ones lie too."""
        operation = await hand_in(
            services,
            who,
            key=f"{BRIEFS}{brief.campaign_id}-{uuid4().hex[:12]}.json",
            brief=brief.model_dump_json(exclude_unset=True, indent=2).encode(),
            subject=brief.campaign_id,
            products=len(brief.products),
        )
        return _accepted(operation)

    @routes.post(
        "/briefs/sample", status_code=202, response_model=None, operation_id="submit_sample_brief"
    )
    async def submit_sample(who: Who) -> Response:
        """Run the sample campaign: what `headgate demo creative` does."""
        picture = await asyncio.to_thread(sample.asset)
        await services.objects.put(sample.ASSET_KEY, picture)
        brief = BriefDocument.model_validate_json(sample.brief())
        operation = await hand_in(
            services,
            who,
            key=sample.BRIEF_KEY,
            brief=sample.brief(),
            subject=brief.campaign_id,
            products=len(brief.products),
        )
        return _accepted(operation)

    @routes.post("/briefs/predict", operation_id="predict_brief")
    async def predict(brief: BriefDocument, who: Who) -> Prediction:
        """Say what a brief would make and cost by today's price list, without running it."""
        today, asked = services.clock().date(), to_brief(brief)
        found = await predict_brief(services, resources, asked, org_id=who.org_id, on=today)
        warnings = resources.catalogue.warnings(on=today, models=[resources.model.model])
        return prediction_of(
            found,
            total=usd(found.total_micros),
            warnings=[w.message for w in warnings],
            missing=await _missing_assets(services.objects, asked),
        )


def _campaign_routes(routes: APIRouter, services: Services) -> None:
    resources: CreativeResources = services.resources["creative"]

    def price_now(on: date) -> int:
        return resources.catalogue.price_of(resources.model.model, on=on).micros

    @routes.get("/campaigns", operation_id="list_campaigns")
    async def list_campaigns(
        who: Who,
        state: CampaignState | None = None,
        q: Annotated[
            str | None,
            Query(max_length=200, pattern=r"^[^\x00]*$", description="Words of id or message."),
        ] = None,
        cursor: str | None = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> Page[CampaignSummary]:
        """List runs, newest first."""
        before = Cursor.parse(cursor, datetime.fromisoformat, str) if cursor else None
        async with services.database.connection() as conn:
            rows = await store.list_campaigns(
                conn,
                org_id=who.org_id,
                before=(before[0], before[1]) if before else None,
                state=state,
                words=q,
                limit=limit + 1,
            )
        return page_of(
            [summary_of(row) for row in rows],
            limit=limit,
            cursor=lambda c: Cursor((c.created_at.isoformat(), str(c.run_id))),
        )

    @routes.get("/campaigns/{run_id}", operation_id="get_campaign")
    async def get_campaign(run_id: UUID, who: Who) -> CampaignDetail:
        """Return one run: its products, their variants, what is at work for them, the ledger."""
        run = str(run_id)
        async with services.database.connection() as conn:
            row = await store.campaign(conn, org_id=who.org_id, run_id=run)
            if row is None:
                raise NotFound(f"There is no campaign run {run_id}.")
            products = await store.products(conn, run_ids=[run])
            charges = await store.charges(conn, run_id=run)
            steps = await store.steps_at_work(conn, org_id=who.org_id, run_id=run)
        price = price_now(services.clock().date())
        return detail_of(row, products, charges, steps, price_micros=price)

    @routes.post(
        "/campaigns/{run_id}/products/{idx}/again",
        status_code=202,
        response_model=None,
        operation_id="run_product_again",
    )
    async def again(run_id: UUID, idx: Index, wanted: RunAgain, who: Who) -> Response:
        """Invalidate what a product's picture or variants came from: they are made again."""
        return _accepted(await run_again(services, who, run_id=run_id, idx=idx, wanted=wanted))


def _result_routes(routes: APIRouter, services: Services) -> None:
    @routes.get("/campaigns/{run_id}/manifest", operation_id="get_manifest")
    async def get_manifest(run_id: UUID, who: Who) -> dict[str, Any]:
        """Return a run's newest manifest."""
        row = await finished(run_id, who)
        try:
            text = await services.objects.get(f"{row['output']}/manifest.json")
        except ObjectMissing as error:
            raise NotFound(f"The manifest of run {run_id} is not written yet.") from error
        manifest: dict[str, Any] = json.loads(text)
        return manifest

    @routes.get(
        "/campaigns/{run_id}/images.zip",
        operation_id="get_campaign_images",
        response_class=StreamingResponse,
        responses=_ZIP,
    )
    async def get_images(run_id: UUID, who: Who) -> StreamingResponse:
        """Return a run's finished images and its manifest as one zip file."""
        row = await finished(run_id, who)
        async with services.database.connection() as conn:
            products = await store.products(conn, run_ids=[str(run_id)])
        name = row["output"].rpartition("/")[2]
        return StreamingResponse(
            zipped(services.objects, row, products),
            media_type="application/zip",
            headers={"Content-Disposition": f'attachment; filename="{name}.zip"'},
        )

    async def finished(run_id: UUID, who: Principal) -> dict[str, Any]:
        async with services.database.connection() as conn:
            row = await store.campaign(conn, org_id=who.org_id, run_id=str(run_id))
        if row is None or row["output"] is None:
            raise NotFound(f"There is no campaign run {run_id} with a manifest.")
        return row


async def _missing_assets(objects: ObjectStore, brief: Brief) -> list[FaultView]:
    found = []
    for idx, product in enumerate(brief.products):
        if product.asset is None:
            continue
        try:
            await objects.head(product.asset)
        except ObjectMissing:
            where = f"/products/{idx}/existing_assets"
            why = f"there is no {product.asset} yet"
            found.append(FaultView(pointer=where, code="not_there", message=why))
    return found


def _accepted(operation: dict[str, Any]) -> Response:
    body = json.loads(json.dumps(operation, default=_plain))
    where = {"Location": f"/api/v1/operations/{operation['id']}"}
    return JSONResponse(body, status_code=202, headers=where)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
