"""Brief to ad images: a dropped brief becomes five finished variants of each product."""

from typing import TYPE_CHECKING

from headgate.apps.creative import operators
from headgate.apps.creative.resources import build
from headgate.core.app import App, operators_in
from headgate.core.services import Services

if TYPE_CHECKING:
    from fastapi import APIRouter


def _routes(services: Services) -> "APIRouter":
    # Imported when they are mounted: a child process that runs an operator needs no web framework.
    from headgate.apps.creative.routes import router

    return router(services)


app = App(
    name="creative",
    package="headgate.apps.creative",
    operators=operators_in(operators),
    resources=build,
    routes=_routes,
)
