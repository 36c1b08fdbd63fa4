"""The web application: the API, the apps' routes and the status page over one set of services."""

import asyncio
import platform
from collections.abc import Sequence
from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI

from headgate import __version__
from headgate.config import Settings
from headgate.core.app import App
from headgate.core.dispatch.loop import Dispatcher
from headgate.core.observe.metrics import RequestFigures
from headgate.core.services import Services
from headgate.web import openapi, status
from headgate.web.api import (
    dags,
    datasets,
    dead_letters,
    objects,
    operations,
    signed_objects,
    sources,
    stream,
    system,
    tasks,
)
from headgate.web.edge.body_limit import BodyLimit
from headgate.web.edge.errors import handle_errors
from headgate.web.edge.guard import Guard
from headgate.web.edge.idempotency.middleware import Idempotency
from headgate.web.edge.observing import Observing
from headgate.web.edge.unexpected import Unexpected

PREFIX = "/api/v1"
_ANYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - what a wide bind looks like, not a bind


def create_app(
    services: Services,
    *,
    apps: Sequence[App],
    settings: Settings,
    url: str,
    dispatcher: Dispatcher | None = None,
) -> FastAPI:
    """Return the ASGI application that serves at `url`.

    `dispatcher` is the one of this process, if it has one, for its figures. Whoever stops the
    server sets `app.state.stopping` first, so that open streams end by themselves.
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
    own = system.System(services, settings=settings, url=url)
    api = _api(services, apps=apps, own=own, stopping=app.state.stopping)
    app.include_router(api, prefix=PREFIX)
    app.include_router(
        system.probes(
            services, own, figures=figures, dispatched=dispatcher.counts if dispatcher else None
        )
    )
    app.include_router(signed_objects.routes(services))
    app.include_router(status.routes(services, system=own, apps=apps))
    handle_errors(app)
    openapi.describe(app, prefix=PREFIX)
    # The last one added is the first to see a request.
    app.add_middleware(Idempotency, database=services.database, prefix=PREFIX)
    app.add_middleware(Unexpected)
    app.add_middleware(BodyLimit)
    app.add_middleware(Observing, figures=figures)
    app.add_middleware(Guard, hosts=_hosts(settings, url))
    return app


def _api(
    services: Services, *, apps: Sequence[App], own: system.System, stopping: asyncio.Event
) -> APIRouter:
    router = APIRouter()
    for noun in (tasks, dead_letters, operations, datasets, sources, objects):
        router.include_router(noun.routes(services))
    router.include_router(stream.routes(services, stopping=stopping))
    router.include_router(dags.routes(services, apps=apps))
    router.include_router(system.routes(own))
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
