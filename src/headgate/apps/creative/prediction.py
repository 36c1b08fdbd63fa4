"""What a brief would cost if it ran now."""

from datetime import date

from headgate.apps.creative import rules, store
from headgate.apps.creative.catalogue.costs import CostPrediction, Kind, PlannedProduct, predict
from headgate.apps.creative.model import Brief
from headgate.apps.creative.resources import CreativeResources
from headgate.core.services import Services


async def predict_brief(
    services: Services, resources: CreativeResources, brief: Brief, *, org_id: int, on: date
) -> CostPrediction:
    """Price each product: generated, reused from the brand's assets, or made before."""
    hashes = [
        rules.generation_hash(
            name=p.name,
            description=p.description,
            message=brief.message,
            brand=brief.brand,
            model=resources.model.model,
            audience=brief.audience,
            region=brief.region,
        )
        for p in brief.products
    ]
    async with services.database.connection() as conn:
        made = await store.find_pictures(conn, org_id=org_id, hashes=hashes)
    known = {row["hash"] for row in made}
    planned = []
    for product, picture in zip(brief.products, hashes, strict=True):
        kind: Kind = "generate"
        if product.asset is not None:
            kind = "reuse"
        elif picture in known:
            kind = "cached"
        known.add(picture)
        planned.append(PlannedProduct(product.name, kind))
    return predict(planned, model=resources.model.model, on=on, catalogue=resources.catalogue)
