"""The system itself: status, traces; and outside of the API's prefix health and metrics."""

from collections import Counter
from datetime import datetime
from typing import Annotated, Literal, assert_never

from fastapi import APIRouter, Path, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from headgate import __version__
from headgate.config import LocalStore, S3Store, Settings
from headgate.core.dispatch.store import backlog
from headgate.core.errors import DatabaseUnavailable, NotFound
from headgate.core.observe import metrics, store
from headgate.core.observe.spans import RING, SpanView
from headgate.core.observe.store import Lag, Worker
from headgate.core.retention.loop import Retention
from headgate.core.services import Services
from headgate.web.api.fields import Who

_BEHIND = 15.0  # seconds that an event may wait to be routed while a dispatcher lives
_GRACE = 30.0  # seconds in which a live dispatcher has long taken back a dead worker's leases


class DatabaseStatus(BaseModel):
    kind: Literal["embedded", "external"]
    version: str


class ObjectStoreStatus(BaseModel):
    kind: Literal["local", "s3"]
    location: str


class JobStatus(BaseModel):
    """How much of a job waits and runs. `waiting` tasks are delayed, `pending` ones are not."""

    job: str
    paused: bool
    pending: int
    waiting: int
    running: int
    dead: int
    oldest_pending_at: datetime | None


class Status(BaseModel):
    """What runs here, and how it is."""

    version: str
    started_at: datetime
    now: datetime
    home: str
    url: str
    database: DatabaseStatus
    object_store: ObjectStoreStatus
    workers: list[Worker]
    jobs: list[JobStatus]
    dead_letters: int
    routing_lag_seconds: float


class Health(BaseModel):
    """`unavailable` means that requests fail or that nothing is dispatched; `problems` say why.

    `warnings` are of what will hurt later: days that cannot be dropped, vacuum held back.
    """

    status: Literal["ok", "unavailable"]
    database: Literal["ok", "away"]
    problems: list[str]
    warnings: list[str] = []


class System:
    """What the routes and the page tell of this server."""

    def __init__(
        self,
        services: Services,
        *,
        settings: Settings,
        url: str,
        retention: Retention | None = None,
    ) -> None:
        self._services = services
        self._settings = settings
        self._url = url
        self.retention = retention
        self._started_at = services.clock()

    async def health(self) -> Health:
        """Look whether the database answers and some dispatcher, here or elsewhere, is at work."""
        try:
            async with self._services.database.connection() as conn:
                lag = await store.lag(conn, grace=_GRACE)
        except DatabaseUnavailable as error:
            return Health(status="unavailable", database="away", problems=[error.message])
        problems = health_problems(lag)
        status: Literal["ok", "unavailable"] = "unavailable" if problems else "ok"
        warnings = self.retention.warnings if self.retention else []
        return Health(status=status, database="ok", problems=problems, warnings=warnings)

    async def status(self, *, org_id: int) -> Status:
        """Describe this server and the work of one org."""
        async with self._services.database.connection() as conn:
            jobs = await backlog(conn, org_id=org_id)
            workers = await store.workers(conn)
            lag = await store.lag(conn, grace=_GRACE)
            version = await store.server_version(conn)
        external = self._settings.database_url is not None
        return Status(
            version=__version__,
            started_at=self._started_at,
            now=self._services.clock(),
            home=str(self._settings.home.absolute()),
            url=self._url,
            database=DatabaseStatus(kind="external" if external else "embedded", version=version),
            object_store=_object_store(self._settings),
            workers=workers,
            jobs=[
                JobStatus(
                    job=row["job"],
                    paused=row["paused"],
                    pending=row["pending"] - row["waiting"],
                    waiting=row["waiting"],
                    running=row["leased"],
                    dead=row["dead"],
                    oldest_pending_at=row["oldest"],
                )
                for row in jobs
            ],
            dead_letters=sum(row["dead"] for row in jobs),
            routing_lag_seconds=lag.routing_seconds,
        )


def health_problems(lag: Lag) -> list[str]:
    """Return why nothing is dispatched, judged by what is left lying."""
    problems = []
    if lag.routing_seconds > _BEHIND:
        problems.append(f"An event has waited {lag.routing_seconds:.0f} s to be routed.")
    if lag.orphaned_leases:
        problems.append(f"{lag.orphaned_leases} tasks of dead workers were not taken back.")
    if problems:
        problems.append("Is a dispatcher running? `headgate up` or `headgate dispatcher` is one.")
    return problems


def routes(system: System) -> APIRouter:
    """Return the routes of the system below the API's prefix."""
    router = APIRouter(tags=["system"])

    @router.get("/status", operation_id="get_status")
    async def get_status(who: Who) -> Status:
        """Describe the server: versions, places, workers, jobs."""
        return await system.status(org_id=who.org_id)

    @router.get("/traces/{trace_id}", operation_id="get_trace")
    async def get_trace(
        trace_id: Annotated[str, Path(pattern="^[0-9a-f]{32}$")], who: Who
    ) -> list[SpanView]:
        """Return the spans of a trace that this process still remembers."""
        found = RING.of_trace(trace_id)
        if not found:
            raise NotFound(
                "There are no spans of this trace.",
                hint="Only the newest are kept; set HEADGATE_OTLP_ENDPOINT to keep all elsewhere.",
            )
        return found

    return router


def probes(
    services: Services,
    system: System,
    *,
    figures: metrics.RequestFigures,
    dispatched: Counter[str] | None,
) -> APIRouter:
    """Return the routes for those who watch the process: health and metrics."""
    router = APIRouter(tags=["system"])

    @router.get("/healthz", operation_id="get_health", responses={503: {"model": Health}})
    async def get_health() -> Health:
        """Say whether the server does its work."""
        found = await system.health()
        if found.status == "ok":
            return found
        return JSONResponse(found.model_dump(), 503)  # type: ignore[return-value]  # sent as it is

    @router.get(
        "/metrics",
        operation_id="get_metrics",
        response_class=Response,
        responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
    )
    async def get_metrics() -> Response:
        """Return figures for Prometheus."""
        async with services.database.connection() as conn:
            jobs = await backlog(conn)
            workers = await store.workers(conn)
            lag = await store.lag(conn, grace=_GRACE)
        families = [
            metrics.gauge("headgate_info", "What runs.", [({"version": __version__}, 1)]),
            metrics.counter(
                "headgate_dispatched_total",
                "What the dispatcher of this process has done.",
                [({"what": what}, n) for what, n in sorted((dispatched or Counter()).items())],
            ),
            *metrics.work_families(
                jobs, workers=workers, lag=lag, now=services.clock().timestamp()
            ),
            *(system.retention.families() if system.retention else ()),
            *figures.families(),
        ]
        return Response(metrics.exposition(families), media_type=metrics.CONTENT_TYPE)

    return router


def _object_store(settings: Settings) -> ObjectStoreStatus:
    match settings.object_store:
        case LocalStore(root=root):
            location = (root or settings.home / "objects").absolute()
            return ObjectStoreStatus(kind="local", location=str(location))
        case S3Store(bucket=bucket, prefix=prefix):
            return ObjectStoreStatus(kind="s3", location=f"s3://{bucket}/{prefix}")
        case other:
            assert_never(other)
