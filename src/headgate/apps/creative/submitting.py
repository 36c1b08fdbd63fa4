"""Handing a brief in, and asking for a product again: what the routes do besides reading."""

from typing import Any
from uuid import UUID

from headgate.apps.creative import rules, store
from headgate.apps.creative.compose import PRESETS
from headgate.apps.creative.operators import KIND
from headgate.apps.creative.views import RunAgain
from headgate.core.access import Principal
from headgate.core.database import Connection
from headgate.core.errors import Conflict, InvalidInput, NotFound, Problem
from headgate.core.events.model import NewEvent
from headgate.core.events.store import emit
from headgate.core.explain.dataset.reading import find_dataset
from headgate.core.observe.tracing import current_traceparent
from headgate.core.operations import store as operations
from headgate.core.services import Services
from headgate.core.sources.objects import announce

_PRESETS = [preset.name for preset in PRESETS]


async def hand_in(
    services: Services, who: Principal, *, key: str, brief: bytes, subject: str, products: int
) -> dict[str, Any]:
    """Store a brief where dropped ones lie too; return the operation of its run."""
    info = await services.objects.put(key, brief, content_type="application/json")
    (event_id,) = await announce(services, org_id=who.org_id, info=info)
    run = UUID(rules.run_of(event_id))
    async with services.database.transaction() as conn:
        await operations.start(
            conn,
            id=run,
            org_id=who.org_id,
            kind=KIND,
            actor=who.name,
            subject=subject,
            total=products * len(PRESETS),
        )
        return await _operation(conn, org_id=who.org_id, run=run)


async def run_again(
    services: Services, who: Principal, *, run_id: UUID, idx: int, wanted: RunAgain
) -> dict[str, Any]:
    """Have a product's picture, or its variants, made again; return the run's operation.

    What they came from is invalidated, so all that depends on it follows: another picture makes
    other variants, and both make another manifest. What there is stays until it is replaced.
    Raises `NotFound`, `InvalidInput`, and `Conflict` for a product that is being made or that has
    nothing to be made from.
    """
    if wanted.presets is not None and wanted.step == "picture":
        why = "a picture is made for all of them"
        raise InvalidInput("That cannot be.", problems=[Problem("/presets", "unfit", why)])
    if unknown := [name for name in wanted.presets or () if name not in _PRESETS]:
        why = f"{', '.join(unknown)}: there are {', '.join(_PRESETS)}"
        raise InvalidInput(
            "There is no such format.", problems=[Problem("/presets", "unknown", why)]
        )
    async with services.database.transaction() as conn:
        campaign = await store.campaign(conn, org_id=who.org_id, run_id=str(run_id))
        rows = await store.products(conn, run_ids=[str(run_id)])
        product = next((row for row in rows if row["idx"] == idx), None)
        if campaign is None or product is None:
            raise NotFound(f"There is no product {idx} of a campaign run {run_id}.")
        dataset, key = _origin(product, wanted)
        moved = await store.reopen_product(
            conn,
            org_id=who.org_id,
            run_id=str(run_id),
            idx=idx,
            state="waiting" if wanted.step == "picture" else "imaged",
        )
        if not moved:
            raise Conflict(f"{product['name']} is being made.", hint="Wait until it is there.")
        event = NewEvent(
            dataset_id=(await find_dataset(conn, org_id=who.org_id, name=dataset)).id,
            key=key,
            kind="invalidate",
            payload=None if wanted.presets is None else {"presets": wanted.presets},
            trace=current_traceparent(),
        )
        await emit(conn, org_id=who.org_id, events=[event])
        await operations.advance(
            conn,
            id=run_id,
            org_id=who.org_id,
            state="running",
            done=sum(len(row["variants"]) for row in rows if row is not product),
            total=len(rows) * len(PRESETS),
            message=f"making {product['name']} again",
            reopen=True,
        )
        operation = await _operation(conn, org_id=who.org_id, run=run_id)
    # After the commit: a router that wakes earlier would find nothing.
    services.wake.signal("emitted")
    return operation


def _origin(product: dict[str, Any], wanted: RunAgain) -> tuple[str, str]:
    """Return the dataset and key that the wanted part came from."""
    if wanted.step == "picture":
        if product["generate_key"] is None:
            raise Conflict(
                f"{product['name']} has a picture of its own.",
                hint=f"Replace {product['asset_key']}, then compose again.",
            )
        return "creative.to_generate", product["generate_key"]
    if product["compose_key"] is None:
        raise Conflict(
            f"{product['name']} has no picture yet.", hint="Have its picture made again."
        )
    dataset = "creative.to_reuse" if product["generate_key"] is None else "creative.image"
    return dataset, product["compose_key"]


async def _operation(conn: Connection, *, org_id: int, run: UUID) -> dict[str, Any]:
    found = await operations.find(conn, org_id=org_id, id=run)
    if found is None:
        raise NotFound(f"The operation {run} is not kept any more.")
    return found
