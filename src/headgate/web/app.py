"""The web application: the API, the apps' routes and the console over one set of services."""

import asyncio
import platform
import secrets
from collections.abc import Sequence
from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI

from headgate import __version__
from headgate.config import Settings
from headgate.core.app import App
from headgate.core.dispatch.loop import Dispatcher
from headgate.core.observe.metrics import RequestFigures
from headgate.core.retention.loop import Retention
from headgate.core.services import Services
from headgate.core.work.contract.desk import open_desk
from headgate.web import openapi
from headgate.web.api import (
    backfills,
    dags,
    datasets,
    dead_letters,
    events,
    explain,
    flow,
    graph,
    jobs,
    objects,
    operations,
    overview,
    queues,
    signed_objects,
    sources,
    stream,
    system,
    tasks,
)
from headgate.web.console import serve_console
from headgate.web.edge.body_limit import BodyLimit
from headgate.web.edge.errors import handle_errors
from headgate.web.edge.guard import Guard
from headgate.web.edge.idempotency.middleware import Idempotency
from headgate.web.edge.observing import Observing
from headgate.web.edge.unexpected import Unexpected
from headgate.web.work.dispatch import WorkCalls

PREFIX = "/api/v1"
WORK = f"{PREFIX}/work"
_ANYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - what a wide bind looks like, not a bind


def create_app(
    services: Services,
    *,
    apps: Sequence[App],
    settings: Settings,
    url: str,
    dispatcher: Dispatcher | None = None,
    secret: bytes | None = None,
    retention: Retention | None = None,
) -> FastAPI:
    """Return the ASGI application that serves at `url`.

    `dispatcher` and `retention` are those of this process, if it has them, for their figures and
    warnings. `secret` signs the
    tokens of workers: every server of an installation needs the same one, and without one they
    are good for this process only. Whoever stops the server sets `app.state.stopping` first, so
    that open streams and waiting workers end by themselves.
    """
    app = FastAPI(
        title="Headgate",
        version=__version__,
        docs_url=None,  # their pages load scripts from elsewhere
        redoc_url=None,
        # The edge does this, also for what never reaches a route.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.stopping = asyncio.Event()
    figures = RequestFigures()
    own = system.System(services, settings=settings, url=url, retention=retention)
    api = _api(services, settings=settings, apps=apps, own=own, stopping=app.state.stopping)
    app.include_router(api, prefix=PREFIX)
    app.include_router(
        system.probes(
            services, own, figures=figures, dispatched=dispatcher.counts if dispatcher else None
        )
    )
    app.include_router(signed_objects.routes(services))
    serve_console(app, here={"version": __version__, "apps": [a.name for a in apps]})
    handle_errors(app)
    openapi.describe(app, prefix=PREFIX, work=WORK)
    desk = open_desk(
        services,
        secret=secret or secrets.token_bytes(32),
        lease_seconds=settings.worker.lease_seconds,
        stopping=app.state.stopping,
    )
    # The last one added is the first to see a request.
    app.add_middleware(Idempotency, database=services.database, prefix=PREFIX)
    app.add_middleware(WorkCalls, desk=desk, prefix=WORK, handlers=app.exception_handlers)
    app.add_middleware(Unexpected)
    app.add_middleware(BodyLimit)
    app.add_middleware(Observing, figures=figures)
    app.add_middleware(Guard, hosts=_hosts(settings, url))
    return app


def _api(
    services: Services,
    *,
    settings: Settings,
    apps: Sequence[App],
    own: system.System,
    stopping: asyncio.Event,
) -> APIRouter:
    router = APIRouter()
    for noun in (
        tasks,
        jobs,
        graph,
        operations,
        datasets,
        events,
        backfills,
        explain,
        sources,
        objects,
    ):
        router.include_router(noun.routes(services))
    router.include_router(flow.routes(services))
    kept = settings.retention.keep.dead_letters
    router.include_router(dead_letters.routes(services, kept=kept))
    router.include_router(queues.routes(services, lease_seconds=settings.worker.lease_seconds))
    router.include_router(stream.routes(services, stopping=stopping))
    router.include_router(dags.routes(services, apps=apps))
    router.include_router(system.routes(own))
    router.include_router(overview.routes(services, own))
    for app in apps:
        if app.routes is not None:
            router.include_router(app.routes(services), prefix=f"/{app.name}")
    return router


def _hosts(settings: Settings, url: str) -> set[str]:
    """Return the names that this server is known by, besides localhost and addresses."""
    names = {settings.host, urlsplit(url).hostname or ""}
    if names & _ANYWHERE:
        names.add(platform.node())
    return names - _ANYWHERE - {""}
