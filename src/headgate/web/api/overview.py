"""The first page: what needs a person, the figures, the DAGs, what ended last."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter

from headgate.core.attention.model import Attention
from headgate.core.attention.overview import store
from headgate.core.attention.overview.model import DagStanding, EndedTask, Kpis
from headgate.core.attention.overview.reading import dag_summaries
from headgate.core.attention.reading import attention
from headgate.core.database import Connection
from headgate.core.observe.store import Lag, lag
from headgate.core.operations.store import list_operations
from headgate.core.services import Services
from headgate.web.api.fields import Who
from headgate.web.api.operations import Operation
from headgate.web.api.system import System

_GRACE = 30.0  # seconds in which a live dispatcher has long taken back a dead worker's leases
_ENDED = 10
_OPERATIONS = 5


@dataclass(frozen=True, slots=True)
class Overview:
    """How all is. `ended` are the last 10 tasks that ended, `operations` the newest 5."""

    attention: Attention
    kpis: Kpis
    dags: Sequence[DagStanding]
    ended: Sequence[EndedTask]
    operations: Sequence[Operation]


def routes(services: Services, system: System) -> APIRouter:
    """Return the routes of the overview; `system` has the warnings of this process."""
    router = APIRouter(tags=["system"])

    async def urgent(conn: Connection, *, org_id: int, behind: Lag) -> Attention:
        return await attention(
            conn,
            org_id=org_id,
            lag=behind,
            warnings=system.retention.warnings if system.retention else (),
            now=services.clock(),
        )

    @router.get("/overview", operation_id="get_overview")
    async def get_overview(who: Who) -> Overview:
        """Tell how all is: what needs a person, the figures, the DAGs, what ended last."""
        async with services.database.connection() as conn:
            behind = await lag(conn, grace=_GRACE)
            operations = await list_operations(
                conn,
                org_id=who.org_id,
                kind=None,
                state=None,
                actor=None,
                before=None,
                limit=_OPERATIONS,
            )
            return Overview(
                attention=await urgent(conn, org_id=who.org_id, behind=behind),
                kpis=await store.kpis(
                    conn, org_id=who.org_id, routing_lag_seconds=behind.routing_seconds
                ),
                dags=await dag_summaries(conn, org_id=who.org_id),
                ended=await store.last_ended(conn, org_id=who.org_id, limit=_ENDED),
                operations=[Operation(**row) for row in operations],
            )

    @router.get("/attention", operation_id="get_attention")
    async def get_attention(who: Who) -> Attention:
        """Tell what needs a person, most urgent first: whose fault it is, and what to do."""
        async with services.database.connection() as conn:
            behind = await lag(conn, grace=_GRACE)
            return await urgent(conn, org_id=who.org_id, behind=behind)

    return router
