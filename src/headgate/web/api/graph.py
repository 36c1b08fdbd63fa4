"""The graph of datasets and jobs: where to draw everything, and what it does now."""

import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response
from pydantic import Field, TypeAdapter

from headgate.core.dag.layout.kept import Drawings
from headgate.core.jobs.graph.model import Graph, GraphStatus
from headgate.core.jobs.graph.reading import graph_of, status_of
from headgate.core.services import Services
from headgate.web.api.byte_ranges import matches
from headgate.web.api.fields import NO_NUL, DagName, Who

_MOST_OPENED = 50
_NOT_CHANGED: dict[int | str, dict[str, Any]] = {
    304: {"description": "What the client has is what there is."}
}
_graph = TypeAdapter(Graph)

IfNoneMatch = Annotated[
    str | None, Header(max_length=500, description="The `ETag` of the answer before.")
]
Expand = Annotated[
    list[Annotated[str, Field(max_length=63, pattern=NO_NUL)]],
    Query(
        default_factory=list,
        max_length=_MOST_OPENED,
        description="DAGs to show part by part, if there is room.",
    ),
]


def routes(services: Services) -> APIRouter:
    """Return the routes of the graph."""
    router = APIRouter(tags=["graph"])
    drawings = Drawings()

    @router.get("/graph", operation_id="get_graph", response_model=Graph, responses=_NOT_CHANGED)
    async def get_graph(
        who: Who,
        expand: Expand,
        if_none_match: IfNoneMatch = None,
    ) -> Response:
        """Return the graph of all DAGs; beyond 800 parts each DAG is one node, unless expanded."""
        async with services.database.connection() as conn:
            found = await graph_of(conn, drawings, org_id=who.org_id, opened=expand)
        return _answer(found, if_none_match)

    @router.get(
        "/dags/{name}/graph",
        operation_id="get_dag_graph",
        response_model=Graph,
        responses=_NOT_CHANGED,
    )
    async def get_dag_graph(name: DagName, who: Who, if_none_match: IfNoneMatch = None) -> Response:
        """Return the graph of one DAG, with what it reads of others."""
        async with services.database.connection() as conn:
            found = await graph_of(conn, drawings, org_id=who.org_id, dag=name)
        return _answer(found, if_none_match)

    @router.get("/dags/{name}/graph/status", operation_id="get_dag_graph_status")
    async def get_dag_graph_status(name: DagName, who: Who) -> GraphStatus:
        """Return only what the jobs and datasets of a DAG's graph are now."""
        async with services.database.connection() as conn:
            return await status_of(conn, org_id=who.org_id, dag=name)

    return router


def _answer(found: Graph, if_none_match: str | None) -> Response:
    """Send the graph, or only that it is what the client has."""
    body = _graph.dump_json(found)
    etag = hashlib.sha256(body).hexdigest()[:32]
    headers = {"ETag": f'"{etag}"', "Cache-Control": "private, no-cache"}
    if matches(if_none_match, etag):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")
