"""Brief to ad images: a dropped brief becomes five finished variants of each product."""

from headgate.apps.creative import operators
from headgate.apps.creative.resources import build
from headgate.apps.creative.routes import router
from headgate.core.app import App, operators_in

app = App(
    name="creative",
    package="headgate.apps.creative",
    operators=operators_in(operators),
    resources=build,
    routes=router,
)
