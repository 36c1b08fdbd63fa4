"""DAGs: what is deployed, what a deploy would change, and the deploy itself."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from headgate.core.app import App
from headgate.core.dag.deploy import Deployed, Preview, deploy, preview, rollback
from headgate.core.dag.graph.picture import dag_picture
from headgate.core.dag.plan import Kind, What, plan_json, plan_text
from headgate.core.dag.schema import DagSpec
from headgate.core.dag.store import deployed_source, list_deployments
from headgate.core.errors import NotFound
from headgate.core.observe import store
from headgate.core.paging import Cursor, Page, page_of
from headgate.core.services import Services
from headgate.web.api.fields import (
    CursorText,
    DagName,
    Limit,
    Request,
    Text,
    Who,
    plain_text,
)

VersionNumber = Annotated[int, Path(ge=1, le=2**31 - 1)]
_MAX_SOURCE = 256 * 1024  # characters; parsing YAML holds up everything else


class DagSummary(BaseModel):
    """A deployed DAG and the names of its parts."""

    name: str
    version: int
    jobs: list[str]
    datasets: list[str]
    sources: list[str]
    deployed_at: datetime
    deployed_by: str


class DagJob(BaseModel):
    """A job of a DAG; `spec` is all that the file says of it, with every default."""

    name: str
    operator: str
    inputs: list[str]
    outputs: list[str]
    paused: bool
    spec: dict[str, Any]


class DagPart(BaseModel):
    """A dataset or a source of a DAG, as the file has it, with every default."""

    name: str
    spec: dict[str, Any]


class DagDetail(BaseModel):
    """A deployed DAG: its YAML, and a picture of it as text."""

    name: str
    version: int
    deployed_at: datetime
    deployed_by: str
    source: str
    text: str
    jobs: list[DagJob]
    datasets: list[DagPart]
    sources: list[DagPart]


class FieldChange(BaseModel):
    field: str
    before: Any
    after: Any


class PlannedChange(BaseModel):
    """One line of a plan; `error` says why it cannot be done, `warning` what is lost by it."""

    kind: Kind
    what: What
    name: str
    fields: list[FieldChange]
    warning: str | None
    error: str | None


class PlanView(BaseModel):
    """What a deploy changes, from version `before` on (0: not deployed yet)."""

    dag: str
    before: int
    changes: list[PlannedChange]
    warnings: list[str]
    blocked: bool = Field(description="It cannot be deployed: the changes say why.")
    text: str = Field(description="The plan as people read it.")


class PlanRequest(Request):
    """A DAG file: its YAML, and the name by which faults are told."""

    source: Annotated[Text, Field(max_length=_MAX_SOURCE)]
    file: Annotated[Text, Field(min_length=1, max_length=500)] = "dag.yaml"


class DeployRequest(PlanRequest):
    expect_version: Annotated[
        int | None,
        Field(ge=0, le=2**31 - 1, description="Refuse unless this one runs now; 0: none."),
    ] = None


class DagVersion(BaseModel):
    """A version that was deployed, and by whom."""

    version: int
    current: bool
    deployed_at: datetime
    deployed_by: str


class DagVersionDetail(BaseModel):
    """The text of a version."""

    dag: str
    version: int
    source: str


class RollbackRequest(Request):
    """Which version's text is to run again; as a new version, so that nothing is forgotten."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    expect_version: Annotated[
        int | None, Field(ge=0, le=2**31 - 1, description="Refuse unless this one runs now.")
    ] = None


class DeployResult(BaseModel):
    """The version that runs now; `changed` is false if it had been running already."""

    dag: str
    version: int
    changed: bool
    plan: PlanView


def routes(services: Services, *, apps: Sequence[App]) -> APIRouter:
    """Return the routes of DAGs."""
    router = APIRouter(prefix="/dags", tags=["dags"])

    @router.get("", operation_id="list_dags")
    async def list_dags(who: Who, cursor: CursorText = None, limit: Limit = 50) -> Page[DagSummary]:
        """List the deployed DAGs by name."""
        after = Cursor.parse(cursor, plain_text)[0] if cursor else ""
        async with services.database.connection() as conn:
            rows = await store.list_dags(conn, org_id=who.org_id, after=after, limit=limit + 1)
        found = [DagSummary(**row) for row in rows]
        return page_of(found, limit=limit, cursor=lambda dag: Cursor((dag.name,)))

    @router.get("/{name}", operation_id="get_dag")
    async def get_dag(name: DagName, who: Who) -> DagDetail:
        """Return one DAG with its source and its picture."""
        async with services.database.connection() as conn:
            row = await store.find_dag(conn, org_id=who.org_id, name=name)
            if row is None:
                raise NotFound(f"There is no DAG {name}.", hint="`headgate dag list` lists them.")
            paused = await store.paused_jobs(conn, org_id=who.org_id, dag=name)
        return _dag_detail(row, paused)

    @router.get("/{name}/versions", operation_id="list_dag_versions")
    async def list_dag_versions(name: DagName, who: Who, limit: Limit = 50) -> list[DagVersion]:
        """List the newest versions of a DAG, newest first."""
        async with services.database.connection() as conn:
            found = await list_deployments(conn, org_id=who.org_id, dag=name, limit=limit)
        if not found:
            raise NotFound(f"There is no DAG {name}.", hint="`headgate dag list` lists them.")
        return [
            DagVersion(
                version=one.version,
                current=one.current,
                deployed_at=one.created_at,
                deployed_by=one.principal,
            )
            for one in found
        ]

    @router.get("/{name}/versions/{version}", operation_id="get_dag_version")
    async def get_dag_version(name: DagName, version: VersionNumber, who: Who) -> DagVersionDetail:
        """Return the text of one version."""
        async with services.database.connection() as conn:
            source = await deployed_source(conn, org_id=who.org_id, dag=name, version=version)
        if source is None:
            raise NotFound(
                f"DAG {name} has no version {version}.",
                hint=f"`headgate dag versions {name}` lists them.",
            )
        return DagVersionDetail(dag=name, version=version, source=source)

    operators = frozenset(f"{app.name}.{op.name}" for app in apps for op in app.operators)
    _add_deploying(router, services, operators)
    return router


def _add_deploying(router: APIRouter, services: Services, operators: frozenset[str]) -> None:
    @router.post("/plan", operation_id="plan_dag")
    async def plan_dag(request: PlanRequest, who: Who) -> PlanView:
        """Say what deploying this file would change; change nothing."""
        async with services.database.connection() as conn:
            seen = await preview(
                conn,
                org_id=who.org_id,
                source=request.source,
                file=request.file,
                known_operators=operators,
            )
        return _plan_view(seen)

    @router.post("", operation_id="deploy_dag")
    async def deploy_dag(request: DeployRequest, who: Who) -> DeployResult:
        """Make this file the running version of its DAG."""
        async with services.database.connection() as conn:
            done = await deploy(
                conn,
                org_id=who.org_id,
                source=request.source,
                file=request.file,
                known_operators=operators,
                principal=who.name,
                expect_version=request.expect_version,
            )
        return _told(services, done)

    @router.post("/{name}/rollback", operation_id="rollback_dag")
    async def rollback_dag(name: DagName, request: RollbackRequest, who: Who) -> DeployResult:
        """Deploy the text of an earlier version; tasks that run keep their version."""
        async with services.database.connection() as conn:
            done = await rollback(
                conn,
                org_id=who.org_id,
                dag=name,
                version=request.version,
                known_operators=operators,
                principal=who.name,
                expect_version=request.expect_version,
            )
        return _told(services, done)


def _told(services: Services, done: Deployed) -> DeployResult:
    if done.changed:
        services.wake.signal("deployed")
        services.wake.signal("changed")
    return DeployResult(
        dag=done.dag, version=done.version, changed=done.changed, plan=_plan_view(done)
    )


def _plan_view(seen: Preview | Deployed) -> PlanView:
    found = plan_json(seen.plan)
    return PlanView(
        **found,
        warnings=[*seen.plan.warnings, *(str(finding) for finding in seen.findings)],
        text=plan_text(seen.plan),
    )


def _dag_detail(row: Mapping[str, Any], paused: frozenset[str]) -> DagDetail:
    spec = row["spec"]
    return DagDetail(
        name=row["name"],
        version=row["version"],
        deployed_at=row["deployed_at"],
        deployed_by=row["deployed_by"],
        source=row["source"],
        text=dag_picture(DagSpec.model_validate(spec)),
        jobs=[
            DagJob(
                name=name,
                operator=job["operator"],
                inputs=[given["dataset"] for given in job["inputs"]],
                outputs=job["outputs"],
                paused=name in paused,
                spec=job,
            )
            for name, job in spec.get("jobs", {}).items()
        ],
        datasets=[DagPart(name=n, spec=d) for n, d in spec.get("datasets", {}).items()],
        sources=[DagPart(name=n, spec=s) for n, s in spec.get("sources", {}).items()],
    )
