"""Events that come by HTTP."""

from typing import Any

from headgate.core.app import Range
from headgate.core.errors import Conflict, InvalidInput, NotFound
from headgate.core.events.model import NewEvent
from headgate.core.events.rules import problems_of
from headgate.core.events.store import emit, event_of_key
from headgate.core.services import Services
from headgate.core.sources import store


async def accept(
    services: Services,
    *,
    org_id: int,
    dag: str,
    source: str,
    key: str | None,
    range: Range | None,  # noqa: A002 - the field's name in the contract
    payload: Any,
    idempotency_key: str | None = None,
    trace: str | None = None,
) -> tuple[int, bool]:
    """Emit one event to an HTTP source; return its id, and whether it was there already.

    Raises `NotFound` for an unknown source, `Conflict` for a disabled one, and `InvalidInput` with
    every fault of the event.
    """
    async with services.database.transaction() as conn:
        found = await store.http_source(conn, org_id=org_id, dag=dag, source=source)
        if found is None:
            raise NotFound(
                f"There is no HTTP source {dag}/{source}.",
                hint="`headgate dag show` lists the sources of a DAG.",
            )
        if not found["enabled"]:
            raise Conflict(f"The source {dag}/{source} is switched off.")
        if problems := problems_of(
            "",
            partitioning=found["partitioning"],
            key=key,
            range=range,
            payload=payload,
            columns=found["columns"],
        ):
            raise InvalidInput(f"The event does not fit {found['dataset']}.", problems=problems)
        event = NewEvent(
            dataset_id=found["dataset_id"],
            key=key,
            range=range,
            payload=payload,
            idem_key=idempotency_key,
            trace=trace,
        )
        scope = f"source:{found['id']}"
        ids = await emit(conn, org_id=org_id, events=[event], scope=scope)
        known = None
        if not ids and idempotency_key is not None:
            known = await event_of_key(conn, org_id=org_id, scope=scope, key=idempotency_key)
    if ids:
        # After the commit: a router that wakes earlier would find nothing.
        services.wake.signal("emitted")
        return ids[0], False
    if known is None:
        raise Conflict("This idempotency key was used, and its event is gone.")
    return known, True
